"""The control of a paid claim within the 48 months, chosen with a reason or drawn by lot."""

from typing import Any, ClassVar, Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from escale.domain.accounts.actor import Actor
from escale.domain.accounts.models import Account, Role
from escale.domain.case import Case
from escale.domain.claims.models import Attachment, Claim, Hold
from escale.domain.controls.lifecycle import CONTROL, DRAW, ControlStatus, DrawStatus


class Stratum(models.TextChoices):
    """By what a list is cut into groups before a draw."""

    ZONE = "zone", _("La zone des soins")
    AMOUNT = "amount", _("Le montant remboursé")
    PROVIDER = "provider", _("Le praticien, selon qu’il soigne beaucoup d’assurés ou non")


class DrawQuerySet(models.QuerySet["Draw"]):
    def visible_to(self, actor: Actor) -> Self:
        """Keep all for the supervisor, else nothing."""
        return self if actor.role in {Role.SUPERVISOR, Role.SYSTEM} else self.none()


class Draw(Case):
    """A draw by lot among what was paid between two days: announced first, so that nobody chooses the lot."""

    LIFECYCLE = DRAW

    status = models.CharField(_("état"), max_length=16, choices=DrawStatus.choices, default=DrawStatus.ANNOUNCED)
    request_key = models.UUIDField(_("clé de la saisie"), unique=True)
    paid_from = models.DateField(_("payées depuis le"))
    paid_until = models.DateField(_("jusqu’au (exclu)"))
    strata = models.JSONField(_("groupes"), default=list)
    number = models.PositiveSmallIntegerField(_("nombre par groupe"), default=0)
    percent = models.PositiveSmallIntegerField(_("part de chaque groupe, en pour cent"), default=0)
    announced_by = models.ForeignKey(Account, models.PROTECT, related_name="+", verbose_name=_("annoncé par"))
    announced_at = models.DateTimeField(_("annoncé le"), auto_now_add=True)
    seed = models.CharField(_("graine"), max_length=64, blank=True)
    digest = models.CharField(_("SHA-256 de la liste"), max_length=64, blank=True)
    sizes = models.JSONField(_("taille des groupes"), default=dict)
    drawn_by = models.ForeignKey(
        Account, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("tiré par")
    )
    drawn_at = models.DateTimeField(_("tiré le"), null=True, blank=True)

    objects = DrawQuerySet.as_manager()

    class Meta:
        verbose_name = _("tirage au sort")
        constraints: ClassVar[list[Any]] = [
            models.CheckConstraint(condition=Q(paid_until__gt=F("paid_from")), name="draw_period_is_ordered"),
            models.CheckConstraint(
                condition=Q(number__gt=0, percent=0) | Q(number=0, percent__gt=0, percent__lte=100),
                name="draw_takes_a_number_or_a_share",
            ),
            models.CheckConstraint(
                condition=Q(status=DrawStatus.ANNOUNCED) | ~Q(seed="") & ~Q(digest="") & Q(drawn_at__isnull=False),
                name="draw_drawn_tells_its_seed",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.paid_from} – {self.paid_until}"


class Lot(models.TextChoices):
    """What the lot made of a claim of the list; of most, nothing."""

    DRAWN = "drawn", _("Contrôle à ouvrir")
    OPENED = "opened", _("Contrôle ouvert")
    PASSED = "passed", _("Déjà contrôlée, ou plus à contrôler")


class DrawnFrom(models.Model):
    """One claim of the list of a draw, as it stood before the lot: anybody can draw again from it."""

    draw = models.ForeignKey(Draw, models.CASCADE, related_name="listed", verbose_name=_("tirage"))
    claim = models.ForeignKey(Claim, models.CASCADE, related_name="+", verbose_name=_("demande"))
    stratum = models.CharField(_("groupe"), max_length=80)
    lot = models.CharField(_("sort"), max_length=8, choices=Lot.choices, blank=True)

    class Meta:
        verbose_name = _("demande de la liste d’un tirage")
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(fields=["draw", "claim"], name="draw_lists_a_claim_once"),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["draw", "lot"], condition=~Q(lot=""), name="drawn_by_lot"),
        ]

    def __str__(self) -> str:
        return self.stratum


class ControlReason(models.TextChoices):
    """Why a claim is controlled."""

    DRAWN = "drawn", _("Tirée au sort")
    SIGNAL = "signal", _("Signalement à vérifier")
    AMOUNT = "amount", _("Montant inhabituel")
    REPORTED = "reported", _("Information reçue")
    QUALITY = "quality", _("Vérification du travail de la Caisse")


class Outcome(models.TextChoices):
    """What a control ends with."""

    CONFORM = "conform", _("Conforme")
    NONCONFORM = "nonconform", _("Non conforme")
    NOT_RECEIVED = "not_received", _("Originaux non reçus")
    WITHDRAWN = "withdrawn", _("Abandonné")


ERRORS = (Outcome.NONCONFORM, Outcome.NOT_RECEIVED)


class ControlQuerySet(models.QuerySet["Control"]):
    def visible_to(self, actor: Actor) -> Self:
        """Keep one's own once the originals were asked for; for the Fund, those of the claims that one may see."""
        match actor.role:
            case Role.INSURED:
                own = self.filter(claim__in=Claim.objects.visible_to(actor))
                return own.filter(asked_at__isnull=False)
            case Role.AGENT | Role.SUPERVISOR:
                return self.filter(claim__in=Claim.objects.visible_to(actor))
            case Role.SYSTEM:
                return self
        return self.none()

    def standing(self) -> Self:
        """Keep those that are not closed."""
        return self.exclude(status=ControlStatus.CLOSED)


class Control(Case):
    """The originals of a paid claim, asked for by name, received and compared with what was sent."""

    LIFECYCLE = CONTROL

    claim = models.ForeignKey(Claim, models.PROTECT, related_name="controls", verbose_name=_("demande"))
    status = models.CharField(_("état"), max_length=16, choices=ControlStatus.choices, default=ControlStatus.OPENED)
    reason = models.CharField(_("raison"), max_length=16, choices=ControlReason.choices)
    words = models.CharField(_("précisions"), max_length=300, blank=True)
    draw = models.ForeignKey(
        Draw, models.PROTECT, null=True, blank=True, related_name="controls", verbose_name=_("tirage au sort")
    )
    stratum = models.CharField(_("groupe"), max_length=80, blank=True)
    opened_by = models.ForeignKey(Account, models.PROTECT, related_name="+", verbose_name=_("ouvert par"))
    opened_at = models.DateTimeField(_("ouvert le"), auto_now_add=True)
    asked_at = models.DateTimeField(_("originaux demandés le"), null=True, blank=True)
    answer_by = models.DateField(_("à envoyer avant le"), null=True, blank=True)
    proof = models.CharField(_("numéro de suivi de l’envoi"), max_length=40, blank=True)
    posted_on = models.DateField(_("envoi annoncé le"), null=True, blank=True)
    overdue_at = models.DateTimeField(_("retard signalé le"), null=True, blank=True)
    received_on = models.DateField(_("reçus le"), null=True, blank=True)
    outcome = models.CharField(_("conclusion"), max_length=16, choices=Outcome.choices, blank=True)
    result = models.CharField(_("conclusion dite à l’assuré"), max_length=500, blank=True)
    closed_at = models.DateTimeField(_("clos le"), null=True, blank=True)
    hold = models.OneToOneField(
        Hold, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("conservation qu’il a posée")
    )

    objects = ControlQuerySet.as_manager()

    class Meta:
        verbose_name = _("contrôle des originaux")
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(
                fields=["claim"], condition=~Q(status=ControlStatus.CLOSED), name="control_one_at_a_time"
            ),
            models.CheckConstraint(
                condition=Q(reason=ControlReason.DRAWN, draw__isnull=False)
                | ~Q(reason=ControlReason.DRAWN) & Q(draw__isnull=True) & ~Q(words=""),
                name="control_is_drawn_or_says_why",
            ),
            models.CheckConstraint(
                condition=~Q(status__in=[ControlStatus.COMPARED, ControlStatus.CLOSED]) | ~Q(outcome=""),
                name="control_ends_with_an_outcome",
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [models.Index(fields=["status", "-id"], name="control_by_status")]

    def belongs_to(self, account: Account) -> bool:
        return self.claim.belongs_to(account)

    def __str__(self) -> str:
        return self.claim.number


class Finding(models.TextChoices):
    """What an original is beside the copy that was sent."""

    CONFORM = "conform", _("Conforme à la copie")
    DIFFERENT = "different", _("Différent de la copie")
    MISSING = "missing", _("Manquant")


class ControlPaper(models.Model):
    """An original that is asked for by its name, and what it was found to be."""

    control = models.ForeignKey(Control, models.CASCADE, related_name="papers", verbose_name=_("contrôle"))
    attachment = models.ForeignKey(
        Attachment, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("copie reçue")
    )
    label = models.CharField(_("nature de la pièce"), max_length=150)
    name = models.CharField(_("nom du fichier"), max_length=120)
    size = models.PositiveIntegerField(_("taille en octets"))
    sha256 = models.CharField(_("SHA-256"), max_length=64)
    came_on = models.DateField(_("reçu le"))
    finding = models.CharField(_("constat"), max_length=16, choices=Finding.choices, blank=True)
    words = models.CharField(_("ce qui diffère"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("original demandé")
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(fields=["control", "attachment"], name="original_is_asked_for_once"),
        ]

    def __str__(self) -> str:
        return self.name
