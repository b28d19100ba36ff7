"""Who treats what: skills, saved views, claims in hand or given to somebody, alerts, acts on many claims."""

from datetime import timedelta
from typing import Any, ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from escale.domain.accounts.actor import Actor
from escale.domain.accounts.models import Role
from escale.domain.case import Case
from escale.domain.claims.models import AskedPaper, Claim
from escale.domain.desk.lifecycle import LIFECYCLE, GroupedStatus

PRESENT_FOR = timedelta(minutes=10)
"""How long after the last sign of life somebody still has a claim in hand."""


class SkillKind(models.TextChoices):
    """In what somebody may be skilled."""

    TERRITORY = "territory", _("Pays ou territoire")
    ZONE = "zone", _("Zone")
    LANGUAGE = "language", _("Langue des pièces")
    CARE = "care", _("Nature de soins")


class Skill(models.Model):
    """What an agent treats before others: a place, a language, a kind of care."""

    account = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="skills", verbose_name=_("gestionnaire")
    )
    kind = models.CharField(_("domaine"), max_length=16, choices=SkillKind.choices)
    value = models.CharField(_("valeur"), max_length=24)

    class Meta:
        verbose_name = _("compétence")
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(fields=["account", "kind", "value"], name="skill_is_given_once"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} : {self.value}"


class SavedView(models.Model):
    """Filters of the queue that somebody comes back to, under a name of theirs."""

    account = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="saved_views", verbose_name=_("compte")
    )
    name = models.CharField(_("nom"), max_length=60)
    filters = models.JSONField(_("filtres"), default=dict)
    is_default = models.BooleanField(_("vue d’accueil"), default=False)

    class Meta:
        verbose_name = _("vue enregistrée")
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(fields=["account", "name"], name="view_is_named_once"),
            models.UniqueConstraint(fields=["account"], condition=Q(is_default=True), name="view_is_default_once"),
        ]

    def __str__(self) -> str:
        return self.name


class HoldingQuerySet(models.QuerySet["Holding"]):
    def live(self) -> Self:
        """Keep what somebody still has in hand: they gave a sign of late, and the claim is where they took it."""
        since = timezone.now() - PRESENT_FOR
        return self.filter(seen_at__gt=since, returned_at__isnull=True, stage=F("claim__status"))


class Holding(models.Model):
    """Who has a claim open, since when; it ends by itself some minutes after their last sign, or by a decision."""

    claim = models.OneToOneField(Claim, models.CASCADE, related_name="holding", verbose_name=_("demande"))
    account = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="holdings", verbose_name=_("ouverte par")
    )
    stage = models.CharField(_("état de la demande"), max_length=16)
    given = models.BooleanField(_("donnée par la file"), default=False)
    since = models.DateTimeField(_("depuis"))
    seen_at = models.DateTimeField(_("dernier signe"))
    returned_at = models.DateTimeField(_("rendue le"), null=True, blank=True)

    objects = HoldingQuerySet.as_manager()

    class Meta:
        verbose_name = _("demande en main")

    def __str__(self) -> str:
        return f"{self.account} {self.since:%H:%M}"

    def is_live(self) -> bool:
        """Tell whether they still have it in hand; needs its claim as it stands."""
        is_present = self.seen_at > timezone.now() - PRESENT_FOR
        return is_present and self.returned_at is None and self.stage == self.claim.status


class Assignment(models.Model):
    """Who is to treat a claim, because a supervisor said so."""

    claim = models.OneToOneField(Claim, models.CASCADE, related_name="assignment", verbose_name=_("demande"))
    account = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="assignments", verbose_name=_("gestionnaire")
    )
    given_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("attribuée par")
    )
    given_at = models.DateTimeField(_("attribuée le"), auto_now_add=True)

    class Meta:
        verbose_name = _("attribution d’une demande")

    def __str__(self) -> str:
        return str(self.account)


class AlertKind(models.TextChoices):
    """Whom an alert is for."""

    AGENT = "agent", _("à traiter aujourd’hui")
    SUPERVISOR = "supervisor", _("signalée aux superviseurs")
    EXCUSE = "excuse", _("excuses à l’assuré")


class AlertQuerySet(models.QuerySet["Alert"]):
    def current(self) -> Self:
        """Keep those of the clock that runs, not those of the time before a claim was taken up again."""
        return self.filter(Q(clock_from=F("claim__reopened_on")) | Q(clock_from=None, claim__reopened_on=None))


class Alert(models.Model):
    """A claim that lasts: told to its agent, then to the supervisors, then to the insured person with a new date."""

    claim = models.ForeignKey(Claim, models.CASCADE, related_name="alerts", verbose_name=_("demande"))
    kind = models.CharField(_("pour"), max_length=16, choices=AlertKind.choices)
    clock_from = models.DateField(_("demande reprise le"), null=True, blank=True)
    raised_at = models.DateTimeField(_("donnée le"), auto_now_add=True)
    promised_on = models.DateField(_("nouvelle date annoncée"), null=True, blank=True)

    objects = AlertQuerySet.as_manager()

    class Meta:
        verbose_name = _("alerte de délai")
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(
                fields=["claim", "kind", "clock_from"], name="alert_is_raised_once_a_clock", nulls_distinct=False
            ),
            models.CheckConstraint(
                condition=~Q(kind=AlertKind.EXCUSE) | Q(promised_on__isnull=False), name="alert_excuse_has_a_new_date"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.raised_at:%F}"


class GroupedKind(models.TextChoices):
    """What may be done on many claims at once."""

    ASSIGN = "assign", _("Attribuer à un gestionnaire")
    GIVE_BACK = "give_back", _("Remettre dans la file")
    ASK_PAPER = "ask_paper", _("Demander la même pièce")
    FORGO_PAPER = "forgo_paper", _("Renoncer à une pièce demandée")

    @property
    def can_be_undone(self) -> bool:
        """Whether what was done may be put back: what the insured person was freed from is not asked of them again."""
        return self != GroupedKind.FORGO_PAPER


class GroupedActQuerySet(models.QuerySet["GroupedAct"]):
    def visible_to(self, actor: Actor) -> Self:
        """Keep one's own, under the hat that prepared them."""
        return self.filter(by=actor.account, hat=actor.role)


class GroupedAct(Case):
    """The same act on many claims, prepared by somebody who saw what it would do before it was done."""

    LIFECYCLE = LIFECYCLE

    request_key = models.UUIDField(_("clé de la saisie"), unique=True)
    kind = models.CharField(_("acte"), max_length=16, choices=GroupedKind.choices)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("préparé par"))
    hat = models.CharField(_("casquette"), max_length=16, choices=Role.choices)
    to = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("gestionnaire choisi")
    )
    paper = models.CharField(_("pièce"), max_length=32, blank=True)
    words = models.CharField(_("phrase pour l’assuré"), max_length=500, blank=True)
    status = models.CharField(_("état"), max_length=16, choices=GroupedStatus.choices, default=GroupedStatus.READY)
    prepared_at = models.DateTimeField(_("préparé le"), auto_now_add=True)

    objects = GroupedActQuerySet.as_manager()

    class Meta:
        verbose_name = _("acte groupé")

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.prepared_at:%F %H:%M}"


class GroupedResult(models.TextChoices):
    """What became of a claim in an act on many."""

    WAITING = "waiting", _("à faire")
    DONE = "done", _("fait")
    REFUSED = "refused", _("refusé")
    UNDONE = "undone", _("annulé")


class GroupedLine(models.Model):
    """One claim of an act on many, and what became of it."""

    act = models.ForeignKey(GroupedAct, models.CASCADE, related_name="lines", verbose_name=_("acte groupé"))
    claim = models.ForeignKey(Claim, models.CASCADE, related_name="+", verbose_name=_("demande"))
    result = models.CharField(
        _("résultat"), max_length=16, choices=GroupedResult.choices, default=GroupedResult.WAITING
    )
    why = models.CharField(_("motif"), max_length=300, blank=True)
    former = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("gestionnaire d’avant")
    )
    asked = models.ManyToManyField(AskedPaper, related_name="+", verbose_name=_("pièces demandées"))

    class Meta:
        verbose_name = _("demande d’un acte groupé")
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(fields=["act", "claim"], name="grouped_line_is_there_once"),
        ]
        indexes: ClassVar[list[models.Index]] = [models.Index(fields=["act", "result", "id"], name="grouped_line_next")]

    def __str__(self) -> str:
        return f"{self.claim} {self.get_result_display()}"
