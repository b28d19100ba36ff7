"""Who of the Fund may not open a file, who must say why first, and who opened it."""

from typing import Any, ClassVar, Self, TypeVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from escale.domain.accounts.actor import Actor
from escale.domain.accounts.models import Role
from escale.domain.registry.models.people import InsuredPerson

File = TypeVar("File", bound=models.Model)


class OfFileQuerySet(models.QuerySet[File]):
    def visible_to(self, actor: Actor) -> Self:
        """Keep all for the supervisor but what is about somebody close to them, else nothing."""
        if actor.role != Role.SUPERVISOR:
            return self.none()
        return self.exclude(insured__in=InsuredPerson.objects.close_to(actor.account))


class Recusal(models.Model):
    """An insured person whose case an agent must not treat: it is them, or somebody whose tie the registry ignores."""

    account = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="recusals", verbose_name=_("agent")
    )
    insured = models.ForeignKey(InsuredPerson, models.CASCADE, related_name="recusals", verbose_name=_("assuré"))
    oneself = models.BooleanField(
        _("lui-même"),
        default=False,
        db_default=False,
        help_text=_("L’agent et l’assuré sont une seule personne, qui a un compte pour chaque vie."),
    )
    declared_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("déclaré par")
    )
    declared_at = models.DateTimeField(_("déclaré le"), auto_now_add=True)

    objects = OfFileQuerySet["Recusal"].as_manager()

    class Meta:
        verbose_name = _("déport")
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(fields=["account", "insured"], name="recusal_is_declared_once"),
        ]

    def __str__(self) -> str:
        return f"{self.account} / {self.insured}"


class ProtectionReason(models.TextChoices):
    """Why nobody opens a file without saying what for."""

    COLLEAGUE = "colleague", _("Agent de la Caisse ou proche d’un agent")
    EXPOSED = "exposed", _("Personne exposée par ses fonctions")
    THREATENED = "threatened", _("Personne menacée")


class Protection(models.Model):
    """A file that nobody of the Fund opens without saying why."""

    insured = models.OneToOneField(InsuredPerson, models.CASCADE, related_name="protection", verbose_name=_("assuré"))
    reason = models.CharField(_("raison"), max_length=16, choices=ProtectionReason.choices)
    set_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("décidée par")
    )
    set_at = models.DateTimeField(_("décidée le"), auto_now_add=True)

    objects = OfFileQuerySet["Protection"].as_manager()

    class Meta:
        verbose_name = _("dossier protégé")

    def __str__(self) -> str:
        return str(self.insured)


class OpeningReason(models.TextChoices):
    """Why somebody of the Fund opens a protected file; the insured person reads it."""

    TREATMENT = "treatment", _("Traiter la demande, à son tour")
    URGENCY = "urgency", _("Urgence médicale ou rapatriement")
    ASKED = "asked", _("L’assuré le demande")
    ORDERED = "ordered", _("Réquisition ou contrôle")


class Opening(models.Model):
    """A protected file that somebody opened for a while, saying why; a supervisor looks at it afterwards."""

    insured = models.ForeignKey(InsuredPerson, models.CASCADE, related_name="openings", verbose_name=_("assuré"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("ouvert par"))
    role = models.CharField(_("casquette"), max_length=16, choices=Role.choices)
    subject = models.CharField(_("objet"), max_length=64)
    reason = models.CharField(_("raison"), max_length=16, choices=OpeningReason.choices)
    words = models.CharField(_("explication"), max_length=500)
    opened_at = models.DateTimeField(_("ouvert le"), auto_now_add=True)
    until = models.DateTimeField(_("ouvert jusqu’à"))
    reviewed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("revu par")
    )
    reviewed_at = models.DateTimeField(_("revu le"), null=True)

    objects = OfFileQuerySet["Opening"].as_manager()

    class Meta:
        verbose_name = _("ouverture exceptionnelle")
        constraints: ClassVar[list[Any]] = [
            models.CheckConstraint(
                condition=Q(reviewed_by__isnull=True) | ~Q(reviewed_by=F("by")), name="opening_is_reviewed_by_another"
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["opened_at"], name="opening_to_review", condition=Q(reviewed_by__isnull=True)),
        ]

    def __str__(self) -> str:
        return f"{self.opened_at:%F} {self.get_reason_display()}"


class Purpose(models.TextChoices):
    """For what the Fund looks into a file."""

    TREATMENT = "treatment", _("instruction de la demande")
    OPINION = "opinion", _("avis médical")
    VISA = "visa", _("visa du paiement")
    CONTROL = "control", _("contrôle")
    COUNTER = "counter", _("accueil")


class Reading(models.Model):
    """Somebody of the Fund looked into the file of an insured person, who sees it under the name of the service."""

    insured = models.ForeignKey(InsuredPerson, models.CASCADE, related_name="readings", verbose_name=_("assuré"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("lu par"))
    role = models.CharField(_("casquette"), max_length=16, choices=Role.choices)
    purpose = models.CharField(_("pour"), max_length=16, choices=Purpose.choices)
    subject = models.CharField(_("objet"), max_length=64)
    number = models.CharField(_("numéro de la demande"), max_length=35, blank=True)
    paper = models.CharField(_("nature de la pièce"), max_length=32, blank=True)
    medical = models.BooleanField(_("sous pli confidentiel médical"), default=False)
    opening = models.ForeignKey(
        Opening, models.PROTECT, null=True, related_name="readings", verbose_name=_("ouverture exceptionnelle")
    )
    at = models.DateTimeField(_("date"), auto_now_add=True)
    hour = models.DateTimeField(_("heure"))

    class Meta:
        verbose_name = _("consultation")
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(
                fields=["by", "subject", "role", "purpose", "hour", "opening"],
                name="reading_is_noted_once_an_hour",
                nulls_distinct=False,
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["insured", "-at", "-id"], name="reading_latest"),
        ]

    def __str__(self) -> str:
        return f"{self.at:%F %T} {self.subject}"
