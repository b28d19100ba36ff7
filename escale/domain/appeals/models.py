"""What is contested, by whom, with what words and papers; and what the commission answered."""

from typing import Any, ClassVar, Self

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from escale.domain.accounts.actor import Actor
from escale.domain.accounts.models import Account, Role
from escale.domain.appeals.lifecycle import ANSWERED, GRANTED, LIFECYCLE, OPEN, OVER, Status
from escale.domain.case import Case
from escale.domain.claims.models import Attachment, Decision, Hold
from escale.domain.registry.models import InsuredPerson, OfInsuredQuerySet
from escale.rules.deadlines import Request

OPEN_NOW = Q(status__in=sorted(OPEN))
TO_CARRY_OUT = Q(status__in=sorted(GRANTED), taken_up_at__isnull=True)


class Point(models.TextChoices):
    """On what one disagrees."""

    RIGHTS = "rights", _("Les droits ouverts à la date des soins")
    SCOPE = "scope", _("La compétence de la Caisse, le pays ou le motif du séjour")
    PAPERS = "papers", _("Une pièce dite absente, illisible ou insuffisante")
    TARIFF = "tariff", _("Le tarif ou l’acte retenu")
    SHARE = "share", _("Le taux, une franchise ou une participation")
    RATE = "rate", _("Le cours de change")
    DELAY = "delay", _("La date de la demande (prescription)")
    OWED = "owed", _("La somme que la Caisse réclame")
    MEDICAL = "medical", _("L’avis du service médical")
    OTHER = "other", _("Autre chose")


class Route(models.TextChoices):
    """Which commission answers: it depends on the points (CSS, art. R. 142-1, R. 142-8 and R. 142-9-1)."""

    AMICABLE = "amicable", _("Commission de recours amiable")
    MEDICAL = "medical", _("Commission médicale de recours amiable")
    MIXED = "mixed", _("Commission de recours amiable, après la commission médicale")

    @property
    def request(self) -> Request:
        """The kind of request that it is, on which the delay of silence depends."""
        return {Route.AMICABLE: Request.APPEAL, Route.MEDICAL: Request.MEDICAL_APPEAL}.get(self, Request.MIXED_APPEAL)


class AppealQuerySet(OfInsuredQuerySet["Appeal"]):
    def visible_to(self, actor: Actor) -> Self:
        """Keep one's own for the insured; for the Fund, what is within reach and not shut; else nothing."""
        within = self.within_reach_of(actor)
        if actor.role in {Role.INSURED, Role.SYSTEM}:
            return within
        return within.exclude(insured__in=InsuredPerson.objects.shut_to(actor.account))

    def within_reach_of(self, actor: Actor) -> Self:
        """Keep those that this hat may prepare, of nobody close: of a protected file, it must first be said why."""
        match actor.role:
            case Role.INSURED:
                return self.filter(insured__account=actor.owner)
            case Role.AGENT | Role.SUPERVISOR:
                return self.exclude(insured__in=InsuredPerson.objects.close_to(actor.account))
            case Role.SYSTEM:
                return self
        return self.none()

    def going_on(self) -> Self:
        """Keep those that wait for an answer, or for what the commission granted to be done."""
        return self.filter(OPEN_NOW | TO_CARRY_OUT)


class Appeal(Case):
    """A decision contested before the commission, which answers within a delay, or whose silence rejects."""

    LIFECYCLE = LIFECYCLE

    reference = models.CharField(_("numéro"), max_length=20, unique=True)
    request_key = models.UUIDField(_("clé de la saisie"), unique=True)
    insured = models.ForeignKey(InsuredPerson, models.PROTECT, related_name="appeals", verbose_name=_("assuré"))
    decision = models.ForeignKey(Decision, models.PROTECT, related_name="appeals", verbose_name=_("décision contestée"))
    overpayment = models.CharField(_("indu contesté"), max_length=20, blank=True)
    route = models.CharField(_("commission"), max_length=8, choices=Route.choices)
    points = ArrayField(models.CharField(max_length=8, choices=Point.choices), verbose_name=_("points contestés"))
    text = models.TextField(_("motifs du recours"), max_length=5000)
    papers = models.ManyToManyField(Attachment, related_name="+", verbose_name=_("pièces citées"))
    status = models.CharField(_("état"), max_length=16, choices=Status.choices, default=Status.FILED)
    filed_at = models.DateTimeField(_("déposé le"), auto_now_add=True)
    late = models.BooleanField(_("hors délai"))
    due_on = models.DateField(_("réponse due le"))
    session_on = models.DateField(_("séance du"), null=True, blank=True)
    reasons = models.TextField(_("motifs de la commission"), max_length=5000, blank=True)
    articles = models.CharField(_("textes appliqués"), max_length=300, blank=True)
    entered_by = models.ForeignKey(
        Account, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("réponse enregistrée par")
    )
    ended_at = models.DateTimeField(_("répondu ou clos le"), null=True, blank=True)
    read_at = models.DateTimeField(_("réponse lue le"), null=True, blank=True)
    taken_up_at = models.DateTimeField(_("demande reprise le"), null=True, blank=True)
    hold = models.ForeignKey(
        Hold, models.SET_NULL, null=True, related_name="appeals", verbose_name=_("pièces conservées")
    )
    shut: bool
    """Said by `saying_if_shut_to`."""

    objects = AppealQuerySet.as_manager()

    class Meta:
        verbose_name = _("recours amiable")
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(
                fields=["decision", "overpayment"], condition=OPEN_NOW, name="appeal_is_open_once_for_a_decision"
            ),
            models.CheckConstraint(condition=~Q(points=[]), name="appeal_says_what_it_contests"),
            models.CheckConstraint(
                condition=~Q(status__in=sorted(ANSWERED))
                | Q(session_on__isnull=False, entered_by__isnull=False) & ~Q(reasons=""),
                name="appeal_answered_says_when_and_why",
            ),
            models.CheckConstraint(
                condition=~Q(status__in=sorted(OVER)) | Q(ended_at__isnull=False), name="appeal_over_has_its_day"
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["due_on", "id"], name="appeal_queue", condition=OPEN_NOW),
            models.Index(fields=["due_on", "id"], name="appeal_to_carry_out", condition=TO_CARRY_OUT),
            models.Index(fields=["due_on", "id"], name="appeal_silent", condition=Q(status=Status.SILENT)),
            models.Index(fields=["ended_at"], name="appeal_to_forget"),
        ]

    def belongs_to(self, account: Account) -> bool:
        """Tell whether this account appeals, is close to who does, or took the decision: it then prepares nothing."""
        return account.pk in {self.decision.by_id, self.decision.seconded_by_id} or self.insured.is_close_to(account)

    def __str__(self) -> str:
        return self.reference

    @property
    def is_open(self) -> bool:
        """Whether an answer is still awaited."""
        return self.status in OPEN

    def named_points(self) -> list[Any]:
        """Return the points in the words of the page."""
        return [Point(point).label for point in Point.values if point in self.points]


class Supplement(models.Model):
    """What came after an appeal: words, or papers by post, from which the delay of the commission may run anew."""

    appeal = models.ForeignKey(Appeal, models.CASCADE, related_name="supplements", verbose_name=_("recours"))
    request_key = models.UUIDField(_("clé de la saisie"), unique=True)
    text = models.TextField(_("complément"), max_length=5000)
    received_on = models.DateField(_("reçu le"))
    by_post = models.BooleanField(_("par courrier"))
    noted_at = models.DateTimeField(_("noté le"), auto_now_add=True)

    class Meta:
        verbose_name = _("complément de recours")

    def __str__(self) -> str:
        return f"{self.received_on}"
