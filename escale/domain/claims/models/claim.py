"""A claim, its bills and their lines."""

from datetime import date
from decimal import Decimal
from typing import Any, ClassVar, Self

from django.apps import apps
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.functions import RandomUUID
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from escale.domain.accounts.actor import Actor
from escale.domain.accounts.models import Account, Role
from escale.domain.case import Case
from escale.domain.claims.lifecycle import CLOSED, LIFECYCLE, WORKED_ON, Status
from escale.domain.registry.models import Beneficiary, InsuredPerson, OfInsuredQuerySet
from escale.rules.intake import Care
from escale.rules.reimbursement import Choice, Exemption
from escale.rules.scope import Stay


class ClaimQuerySet(OfInsuredQuerySet["Claim"]):
    def visible_to(self, actor: Actor) -> Self:
        """Keep one's own for the insured; for the Fund, what is within reach and not shut; else nothing."""
        within = self.within_reach_of(actor)
        if actor.role in {Role.INSURED, Role.SYSTEM}:
            return within
        return within.exclude(insured__in=InsuredPerson.objects.shut_to(actor.account))

    def within_reach_of(self, actor: Actor) -> Self:
        """Keep those that this hat may treat, of nobody close: of a protected file, it must first be said why."""
        match actor.role:
            case Role.INSURED:
                return self.filter(insured__account=actor.owner)
            case Role.AGENT | Role.SUPERVISOR:
                return self._received_of_others(actor)
            case Role.PHYSICIAN:
                asked = Claim.objects.filter(pk=models.OuterRef("pk"), opinions__isnull=False)
                sealed = Claim.objects.filter(pk=models.OuterRef("pk"), attachments__medical=True)
                return self._received_of_others(actor).filter(models.Exists(asked) | models.Exists(sealed))
            case Role.SYSTEM:
                return self
        return self.none()

    def _received_of_others(self, actor: Actor) -> Self:
        received = self.exclude(status__in=[Status.DRAFT, Status.SENT])
        return received.exclude(insured__in=InsuredPerson.objects.close_to(actor.account))

    def concerning(self, actor: Actor) -> Self:
        """Keep what was sent for this person's care by another who answers for them: they read it, and no more."""
        if actor.role != Role.INSURED or actor.authority or actor.account is None:
            return self.none()
        sent = self.filter(sent_at__isnull=False, beneficiary__person__account=actor.account)
        return sent.exclude(insured__account=actor.account)

    def with_people(self) -> Self:
        """Bring the insured person and the beneficiary in the same query."""
        return self.select_related("insured", "beneficiary__person")

    def with_decisions(self) -> Self:
        """Bring the decisions, oldest first, with who took them and what became of their money (1 query more)."""
        decisions = apps.get_model("claims", "Decision")._default_manager.with_money()
        return self.prefetch_related(models.Prefetch("decisions", decisions))

    def newest_first(self) -> Self:
        """Sort from the newest to the oldest."""
        return self.order_by("-opened_at", "-pk")


class Claim(Case):
    """A request that the Fund pay back care received outside metropolitan France."""

    LIFECYCLE = LIFECYCLE

    number = models.CharField(_("numéro"), max_length=11, unique=True)
    request_key = models.UUIDField(_("clé de la saisie"), unique=True)
    insured = models.ForeignKey(InsuredPerson, models.PROTECT, related_name="claims", verbose_name=_("assuré"))
    beneficiary = models.ForeignKey(
        Beneficiary, models.PROTECT, related_name="claims", verbose_name=_("bénéficiaire des soins")
    )
    territory = models.CharField(_("pays ou territoire des soins"), max_length=8)
    stay = models.CharField(_("motif du séjour"), max_length=16, choices=[(stay.value, stay.label) for stay in Stay])
    stay_from = models.DateField(_("début du séjour"))
    stay_until = models.DateField(_("fin du séjour"), null=True, blank=True)
    opex = models.BooleanField(_("mission en opération extérieure"), default=False, db_default=False)
    accident = models.BooleanField(_("accident causé par un tiers"), default=False, db_default=False)
    choice = models.CharField(
        _("tarif choisi par l’assuré"),
        max_length=16,
        choices=[(one.value, one.label) for one in Choice],
        default=Choice.FRENCH.value,
    )
    status = models.CharField(_("état"), max_length=16, choices=Status.choices, default=Status.DRAFT)
    opened_at = models.DateTimeField(_("ouverte le"), auto_now_add=True)
    sent_at = models.DateTimeField(_("envoyée le"), null=True, blank=True)
    due_on = models.DateField(_("réponse due le"), null=True, blank=True)
    reopened_on = models.DateField(_("reprise le"), null=True, blank=True)
    unread_since = models.DateTimeField(_("pièce attendue, venue et pas encore lue depuis le"), null=True, blank=True)
    papers_destroyed_at = models.DateTimeField(_("pièces détruites le"), null=True, blank=True)
    kept_from_family = models.BooleanField(_("gardée de la famille"), default=False, db_default=False)
    cares = ArrayField(
        models.CharField(max_length=24), verbose_name=_("natures des soins"), default=list, db_default=[]
    )
    euros = models.DecimalField(_("dépense en euros à l’envoi"), max_digits=14, decimal_places=2, null=True, blank=True)
    copied_from = models.ForeignKey(
        "self", models.SET_NULL, null=True, blank=True, related_name="copies", verbose_name=_("reprise de")
    )
    shut: bool
    """Said by `saying_if_shut_to`."""
    read_only = ""
    """Said at the door of a claim that somebody else has open: who, and since when."""
    holding_now: Any = None
    """Who has the claim open, said at the door."""
    reached_by: Account | None = None
    """Who of the Fund found it within reach, said at the door: nobody close, until it is held to be changed."""

    objects = ClaimQuerySet.as_manager()

    class Meta:
        verbose_name = _("demande de remboursement")
        constraints: ClassVar[list[Any]] = [
            models.CheckConstraint(
                condition=Q(status=Status.DRAFT) | Q(sent_at__isnull=False, due_on__isnull=False),
                name="claim_sent_has_its_dates",
            ),
            models.CheckConstraint(
                condition=Q(opex=False) | Q(stay=Stay.MISSION.value), name="claim_operation_is_a_mission"
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(
                fields=["status", "due_on", "id"], name="claim_worked_on", condition=Q(status__in=sorted(WORKED_ON))
            ),
            models.Index(
                fields=["territory", "cares"],
                name="claim_counted",
                condition=Q(status__in=sorted(WORKED_ON)),
                include=["id", "status", "insured", "euros", "sent_at", "reopened_on", "unread_since"],
            ),
            models.Index(fields=["id"], name="claim_drafts", condition=Q(status=Status.DRAFT)),
            models.Index(fields=["insured", "-opened_at", "-id"], name="claim_latest"),
            models.Index(
                fields=["sent_at", "id"],
                name="claim_papers_kept",
                condition=Q(status__in=sorted(CLOSED), papers_destroyed_at__isnull=True),
            ),
        ]

    @property
    def runs_since(self) -> date | None:
        """The day from which its clocks run: that of its sending, or the last on which it was given back to agents."""
        return self.reopened_on or (timezone.localdate(self.sent_at) if self.sent_at else None)

    @property
    def paid_on(self) -> date | None:
        """The day when the last of what was ordered is paid; None while an order is on its way, or before any."""
        days = [one.order.paid_on for one in self.decisions.all() if one.order and one.stands]
        return max((day for day in days if day), default=None) if all(days) else None

    def lock(self) -> None:
        super().lock()
        self.reached_by = None

    def belongs_to(self, account: Account) -> bool:
        return account != self.reached_by and self.insured.is_close_to(account)

    def steps_open_to(self, actor: Actor) -> frozenset[str]:
        return frozenset() if self.read_only else super().steps_open_to(actor)

    def __str__(self) -> str:
        return self.number


class Bill(models.Model):
    """One bill of one provider, in one currency."""

    claim = models.ForeignKey(Claim, models.CASCADE, related_name="bills", verbose_name=_("demande"))
    request_key = models.UUIDField(_("clé de la saisie"), unique=True, db_default=RandomUUID())
    provider = models.CharField(_("praticien ou établissement"), max_length=150)
    folded_provider = models.CharField(
        _("nom de recherche"), max_length=200, blank=True, db_default="", db_collation="C"
    )
    currency = models.CharField(_("devise"), max_length=3)
    paid_on = models.DateField(_("payée le"), null=True, blank=True)

    class Meta:
        verbose_name = _("facture")
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["folded_provider", "claim"], name="bill_of_provider")
        ]

    def __str__(self) -> str:
        return self.provider


class ClaimLine(models.Model):
    """One act or good on a bill: what the insured person says of it, then what the Fund gives back, and why."""

    bill = models.ForeignKey(Bill, models.CASCADE, related_name="lines", verbose_name=_("facture"))
    request_key = models.UUIDField(_("clé de la saisie"), unique=True, db_default=RandomUUID())
    given_on = models.DateField(_("date des soins"))
    care = models.CharField(_("nature des soins"), max_length=24, choices=[(care.value, care.label) for care in Care])
    amount = models.DecimalField(_("montant payé"), max_digits=14, decimal_places=3)
    paid_elsewhere = models.DecimalField(
        _("part prise en charge par un autre organisme"), max_digits=14, decimal_places=3, default=Decimal(0)
    )
    act = models.CharField(_("acte retenu"), max_length=24, blank=True)
    quantity = models.PositiveSmallIntegerField(_("nombre d’actes, de boîtes ou de jours"), default=1)
    days = models.PositiveSmallIntegerField(_("nombre de jours de ces actes"), null=True, blank=True)
    exemption = models.CharField(
        _("exonération"), max_length=16, blank=True, choices=[(one.value, one.label) for one in Exemption]
    )
    stated_tariff = models.DecimalField(
        _("tarif français retenu par le gestionnaire"), max_digits=11, decimal_places=2, null=True, blank=True
    )
    decided = models.DecimalField(
        _("montant décidé par le gestionnaire"), max_digits=11, decimal_places=2, null=True, blank=True
    )
    unforeseen = models.BooleanField(_("soins inopinés"), null=True, blank=True)
    authorised = models.BooleanField(_("soins autorisés avant d’être donnés"), null=True, blank=True)
    in_hospital = models.BooleanField(_("acte donné pendant une hospitalisation"), default=False)
    emergency = models.BooleanField(_("passage aux urgences sans hospitalisation"), default=False)
    heavy = models.BooleanField(_("acte lourd"), default=False)
    state_of_stay = models.DecimalField(
        _("montant répondu par l’État de séjour"), max_digits=11, decimal_places=2, null=True, blank=True
    )
    pregnancy_found_on = models.DateField(_("grossesse constatée le"), null=True, blank=True)
    edition = models.PositiveIntegerField(_("édition de la loi et des tarifs"), default=0)
    rate = models.DecimalField(_("taux de change"), max_digits=20, decimal_places=8, null=True, blank=True)
    rate_source = models.CharField(_("source du taux"), max_length=300, blank=True)
    rate_on = models.DateField(_("date du taux"), null=True, blank=True)
    expense = models.DecimalField(_("dépense en euros"), max_digits=12, decimal_places=2, null=True, blank=True)
    due = models.DecimalField(_("montant remboursé"), max_digits=12, decimal_places=2, null=True, blank=True)
    participation = models.DecimalField(
        _("participation forfaitaire"), max_digits=6, decimal_places=2, default=Decimal(0)
    )
    franchise = models.DecimalField(_("franchise médicale"), max_digits=6, decimal_places=2, default=Decimal(0))
    counted_on = models.DateField(_("jour de remboursement supposé, pour les plafonds annuels"), null=True, blank=True)
    explanation = models.JSONField(_("explication du calcul"), default=list, blank=True)
    to_judge = models.JSONField(_("à apprécier par le gestionnaire"), default=list, blank=True)
    estimate = models.JSONField(_("estimation donnée à l’envoi"), default=dict, blank=True)
    refused = models.BooleanField(_("refusée"), default=False, db_default=False)
    reason_code = models.CharField(_("code du motif"), max_length=8, blank=True, db_default="")
    reason = models.TextField(_("motif de la décision du gestionnaire"), max_length=2000, blank=True)
    decision = models.ForeignKey(
        "Decision", models.PROTECT, null=True, blank=True, related_name="lines", verbose_name=_("décision")
    )
    ordered: Decimal
    """What the decisions that stand ordered for it, in euros; said by `queries.lines`."""

    class Meta:
        verbose_name = _("ligne de soins")
        constraints: ClassVar[list[Any]] = [
            models.CheckConstraint(condition=Q(amount__gt=0), name="line_amount_is_positive"),
            models.CheckConstraint(
                condition=Q(paid_elsewhere__gte=0, paid_elsewhere__lte=models.F("amount")),
                name="line_paid_elsewhere_is_a_part",
            ),
            models.CheckConstraint(
                condition=Q(due__isnull=True)
                | Q(refused=True)
                | Q(due__gte=0, due__lte=models.F("expense"), rate__isnull=False),
                name="line_due_is_within_expense_at_a_frozen_rate",
            ),
            models.CheckConstraint(
                condition=Q(days__isnull=True) | Q(days__gte=1, days__lte=models.F("quantity")),
                name="line_days_hold_its_acts",
            ),
            models.CheckConstraint(
                condition=Q(refused=False) | Q(due=0) & ~Q(reason_code=""), name="line_refused_has_a_reason"
            ),
            models.CheckConstraint(
                condition=Q(due__isnull=True) | Q(counted_on__isnull=False), name="line_due_is_counted_in_a_year"
            ),
            models.CheckConstraint(
                condition=~Q(in_hospital=True, emergency=True), name="line_emergency_is_without_a_stay"
            ),
            models.CheckConstraint(
                condition=Q(state_of_stay__isnull=True) | Q(state_of_stay__gte=0),
                name="line_answer_of_the_state_of_stay_is_an_amount",
            ),
            models.CheckConstraint(
                condition=Q(pregnancy_found_on__isnull=True) | Q(pregnancy_found_on__lte=models.F("given_on")),
                name="line_pregnancy_was_found_before_care",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.given_on} {self.get_care_display()}"
