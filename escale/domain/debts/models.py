"""What is claimed back: the sums line by line, the plan, and what came back; who proposed it, and who signed."""

from datetime import date
from decimal import Decimal
from typing import Any, ClassVar, Self

from django.db import models
from django.db.models import Exists, F, OuterRef, Q, Subquery, Sum
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from escale.domain.accounts.actor import Actor
from escale.domain.accounts.models import Account, Role
from escale.domain.case import Case
from escale.domain.claims.models import ClaimLine, Decision
from escale.domain.debts.lifecycle import GIVEN_UP, LIFECYCLE, OVER, TOLD, Status
from escale.domain.payments.lifecycle import OrderStatus
from escale.domain.registry.models import InsuredPerson, OfInsuredQuerySet
from escale.rules.overpayment import Cause

UNTOLD = sorted({Status.PROPOSED, Status.DROPPED})


class DebtQuerySet(OfInsuredQuerySet["Debt"]):
    def visible_to(self, actor: Actor) -> Self:
        """Keep one's own once told, for the insured; for the Fund, what is within reach and not shut; else nothing."""
        within = self.within_reach_of(actor)
        if actor.role in {Role.INSURED, Role.SYSTEM}:
            return within
        return within.exclude(insured__in=InsuredPerson.objects.shut_to(actor.account))

    def within_reach_of(self, actor: Actor) -> Self:
        """Keep those that this hat may treat, of nobody close: of a protected file, it must first be said why."""
        match actor.role:
            case Role.INSURED:
                return self.filter(insured__account=actor.owner).exclude(status__in=UNTOLD)
            case Role.AGENT | Role.SUPERVISOR:
                return self.exclude(insured__in=InsuredPerson.objects.close_to(actor.account))
            case Role.SYSTEM:
                return self
        return self.none()

    def going_on(self) -> Self:
        """Keep those that are not over."""
        return self.exclude(status__in=sorted(OVER))

    def of_what_came_back(self) -> Self:
        """Keep those that are not over, and whose payment the bank gave back since."""
        return self.going_on().exclude(decision__order__status=OrderStatus.EXECUTED)

    def broken(self, *, today: date) -> Self:
        """Keep those whose plan is not kept: more is left than its instalments to come."""
        parts = Instalment.objects.filter(debt=OuterRef("pk"))
        coming = parts.filter(due_on__gte=today).order_by().values("debt").annotate(sum=Sum("amount")).values("sum")
        left = F("amount") + F("supplement") - F("recovered")
        return self.going_on().filter(Exists(parts)).alias(missing=left - Coalesce(
            Subquery(coming), Decimal(0)
        )).filter(missing__gt=0)  # fmt: skip


class Debt(Case):
    """What the Fund paid by mistake on one decision, and claims back (CSS, art. L. 133-4-1 and R. 133-9-2)."""

    LIFECYCLE = LIFECYCLE

    reference = models.CharField(_("numéro"), max_length=20, unique=True)
    request_key = models.UUIDField(_("clé de la saisie"), unique=True)
    insured = models.ForeignKey(InsuredPerson, models.PROTECT, related_name="debts", verbose_name=_("assuré"))
    decision = models.ForeignKey(Decision, models.PROTECT, related_name="debts", verbose_name=_("décision payée"))
    paid_on = models.DateField(_("payé le"))
    cause = models.CharField(_("motif"), max_length=16, choices=[(cause.value, cause.label) for cause in Cause])
    words = models.TextField(_("explication"), max_length=2000)
    fraud = models.BooleanField(_("fraude"), default=False)
    amount = models.DecimalField(_("montant de l’indu"), max_digits=12, decimal_places=2)
    supplement = models.DecimalField(_("indemnité pour fraude"), max_digits=12, decimal_places=2, default=Decimal(0))
    recovered = models.DecimalField(_("déjà recouvré"), max_digits=12, decimal_places=2, default=Decimal(0))
    surplus = models.DecimalField(_("à rendre"), max_digits=12, decimal_places=2, default=Decimal(0))
    status = models.CharField(_("état"), max_length=16, choices=Status.choices, default=Status.PROPOSED)
    opened_by = models.ForeignKey(Account, models.PROTECT, related_name="+", verbose_name=_("proposé par"))
    opened_at = models.DateTimeField(_("proposé le"), auto_now_add=True)
    signed_by = models.ForeignKey(Account, models.PROTECT, null=True, related_name="+", verbose_name=_("signé par"))
    notified_at = models.DateTimeField(_("notifié le"), null=True)
    read_at = models.DateTimeField(_("lu le"), null=True)
    received_on = models.DateField(_("reçu le"), null=True)
    contested_on = models.DateField(_("rectification demandée le"), null=True)
    contested_words = models.TextField(_("rectification demandée"), max_length=5000, blank=True)
    answered_on = models.DateField(_("réponse à la rectification le"), null=True)
    answered_words = models.TextField(_("réponse à la rectification"), max_length=5000, blank=True)
    answer_read_at = models.DateTimeField(_("réponse à la rectification lue le"), null=True)
    answer_received_on = models.DateField(_("réponse à la rectification reçue le"), null=True)
    plan_asked_on = models.DateField(_("échéancier demandé le"), null=True)
    plan_months = models.PositiveSmallIntegerField(_("mois demandés"), null=True)
    withholding_agreed_on = models.DateField(_("retenue sur les prestations acceptée le"), null=True)
    called_on = models.DateField(_("mise en demeure le"), null=True)
    ended_at = models.DateTimeField(_("clos le"), null=True)
    postings = models.PositiveSmallIntegerField(_("écritures au grand livre"), default=0, db_default=0)
    end_words = models.CharField(_("pourquoi il est clos"), max_length=500, blank=True)
    shut: bool
    """Said by `saying_if_shut_to`."""

    objects = DebtQuerySet.as_manager()

    class Meta:
        verbose_name = _("indu")
        constraints: ClassVar[list[Any]] = [
            models.CheckConstraint(condition=Q(amount__gt=0), name="debt_is_positive"),
            models.CheckConstraint(
                condition=Q(recovered__gte=0, recovered__lte=F("amount") + F("supplement")),
                name="debt_recovered_is_within_it",
            ),
            models.CheckConstraint(condition=Q(surplus__gte=0), name="debt_gives_back_what_came"),
            models.CheckConstraint(
                condition=Q(supplement=0) | Q(fraud=True, supplement__gt=0), name="debt_supplement_is_for_fraud"
            ),
            models.CheckConstraint(
                condition=~Q(status__in=sorted(TOLD)) | Q(signed_by__isnull=False, notified_at__isnull=False),
                name="debt_told_is_signed",
            ),
            models.CheckConstraint(
                condition=Q(signed_by__isnull=True) | ~Q(signed_by=F("opened_by")), name="debt_is_of_two_people"
            ),
            models.CheckConstraint(
                condition=~Q(status__in=sorted(OVER)) | Q(ended_at__isnull=False), name="debt_over_has_its_day"
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["id"], name="debt_going_on", condition=~Q(status__in=sorted(OVER))),
            models.Index(fields=["contested_on"], name="debt_to_answer", condition=Q(status=Status.CONTESTED)),
            models.Index(fields=["id"], name="debt_to_give_back", condition=Q(surplus__gt=0)),
            models.Index(fields=["ended_at"], name="debt_to_forget"),
        ]

    def belongs_to(self, account: Account) -> bool:
        return self.insured.is_close_to(account)

    def __str__(self) -> str:
        return self.reference

    @property
    def total(self) -> Decimal:
        """What is claimed back in all, in euros."""
        return self.amount + self.supplement

    @property
    def left(self) -> Decimal:
        """What is still to come back, in euros; nothing once it is no longer claimed."""
        return Decimal(0) if self.status in GIVEN_UP else self.total - self.recovered

    @property
    def awaits_receipt(self) -> bool:
        """Whether nobody knows yet that the last letter, the notification or the answer, was received."""
        answered = self.answered_on is not None and self.answer_received_on is None
        return self.received_on is None or answered


class DebtLine(models.Model):
    """What is claimed back of one line of care, out of what was paid for it."""

    debt = models.ForeignKey(Debt, models.CASCADE, related_name="lines", verbose_name=_("indu"))
    line = models.ForeignKey(ClaimLine, models.PROTECT, related_name="debts", verbose_name=_("ligne de soins"))
    paid = models.DecimalField(_("montant payé"), max_digits=12, decimal_places=2)
    amount = models.DecimalField(_("montant réclamé"), max_digits=12, decimal_places=2)

    class Meta:
        verbose_name = _("ligne d’indu")
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(fields=["debt", "line"], name="debt_holds_a_line_once"),
            models.CheckConstraint(
                condition=Q(amount__gte=0, amount__lte=F("paid")), name="debt_line_is_within_what_was_paid"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.line_id} {self.amount}"


class Instalment(models.Model):
    """One payment of a plan: on which day, and how much."""

    debt = models.ForeignKey(Debt, models.CASCADE, related_name="instalments", verbose_name=_("indu"))
    rank = models.PositiveSmallIntegerField(_("rang"))
    due_on = models.DateField(_("à payer le"))
    amount = models.DecimalField(_("montant"), max_digits=12, decimal_places=2)

    class Meta:
        verbose_name = _("échéance")
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(fields=["debt", "rank"], name="instalment_has_its_rank"),
            models.CheckConstraint(condition=Q(amount__gt=0), name="instalment_is_positive"),
        ]

    def __str__(self) -> str:
        return f"{self.due_on} {self.amount}"


class Way(models.TextChoices):
    """How a sum came back."""

    TRANSFER = "transfer", _("Virement reçu")
    CHEQUE = "cheque", _("Chèque reçu")
    WITHHELD = "withheld", _("Retenue sur une prestation")


class Kind(models.TextChoices):
    """What a sum written under a debt is: one that came, or one that undoes another."""

    CAME = "came", _("Somme revenue")
    GIVEN_BACK = "given", _("Somme rendue à l’assuré")
    CORRECTED = "corrected", _("Écriture corrigée")


class Recovery(models.Model):
    """A sum that came back, one given back, or what corrects one written by mistake: never changed."""

    debt = models.ForeignKey(Debt, models.CASCADE, related_name="recoveries", verbose_name=_("indu"))
    request_key = models.UUIDField(_("clé de la saisie"), unique=True)
    kind = models.CharField(_("nature"), max_length=9, choices=Kind.choices, default=Kind.CAME, db_default=Kind.CAME)
    corrects = models.OneToOneField(
        "self", models.RESTRICT, null=True, related_name="correction", verbose_name=_("écriture corrigée")
    )
    way = models.CharField(_("moyen"), max_length=8, choices=Way.choices)
    amount = models.DecimalField(_("montant"), max_digits=12, decimal_places=2)
    on = models.DateField(_("reçu le"))
    proof = models.CharField(_("référence"), max_length=80)
    by = models.ForeignKey(Account, models.PROTECT, related_name="+", verbose_name=_("noté par"))
    at = models.DateTimeField(_("noté le"), auto_now_add=True)

    class Meta:
        verbose_name = _("recouvrement")
        constraints: ClassVar[list[Any]] = [
            models.CheckConstraint(condition=Q(amount__gt=0), name="recovery_is_positive"),
            models.CheckConstraint(
                condition=Q(kind=Kind.CORRECTED, corrects__isnull=False)
                | ~Q(kind=Kind.CORRECTED) & Q(corrects__isnull=True),
                name="recovery_corrects_one",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.on} {self.amount}"

    @property
    def signed(self) -> Decimal:
        """What it adds to what came back, in euros."""
        if self.corrects:
            return -self.corrects.signed
        return self.amount if self.kind == Kind.CAME else -self.amount
