"""The requests for an account, or for the way back into one."""

from datetime import timedelta
from typing import Any, ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from escale.domain.accounts.actor import Actor
from escale.domain.accounts.models import Account, Role
from escale.domain.case import Case
from escale.domain.enrolment.lifecycle import AT_COUNTER, LIFECYCLE, Status
from escale.domain.registry.models import InsuredPerson, Numbered, OfInsuredQuerySet

CODE_KEPT = timedelta(days=30)


class Purpose(models.TextChoices):
    """What the code will open."""

    CREATE = "create", _("Ouvrir un compte")
    RECOVER = "recover", _("Retrouver l’accès à un compte")


TO_CONFIRM = {Purpose.CREATE: timedelta(days=1), Purpose.RECOVER: timedelta(hours=1)}
"""For how long the link of a message confirms an address."""


class IdentityPaper(models.TextChoices):
    """What an agent looks at to check an identity; neither its number nor its picture is kept."""

    IDENTITY_CARD = "identity_card", _("une carte nationale d’identité")
    PASSPORT = "passport", _("un passeport")
    MILITARY_CARD = "military_card", _("une carte d’identité militaire")
    RESIDENCE_PERMIT = "residence_permit", _("un titre de séjour")


class EnrolmentQuerySet(OfInsuredQuerySet["Enrolment"]):
    def within_reach_of(self, actor: Actor) -> Self:
        """Keep for a counter those whose owner the registry knows, except their own and their family's."""
        match actor.role:
            case Role.COUNTER:
                known = self.filter(status__in=AT_COUNTER)
                return known.exclude(insured__in=InsuredPerson.objects.close_to(actor.account))
            case Role.SYSTEM:
                return self
        return self.none()


class Enrolment(Numbered, Case):
    """What a visitor who has no account, or cannot enter theirs, says of themselves; a code by letter proves it."""

    LIFECYCLE = LIFECYCLE

    number = models.CharField(_("numéro"), max_length=11, unique=True)
    request_key = models.UUIDField(_("clé de l’envoi"), unique=True)
    purpose = models.CharField(_("objet"), max_length=8, choices=Purpose.choices)
    status = models.CharField(_("état"), max_length=16, choices=Status.choices, default=Status.ASKED)
    email = models.EmailField(_("adresse e-mail"), max_length=254, blank=True)
    birth_name = models.CharField(_("nom de naissance"), max_length=100, blank=True)
    first_names = models.CharField(_("prénoms"), max_length=100, blank=True)
    born = models.CharField(
        _("date de naissance"), max_length=10, blank=True, help_text=_("AAAA-MM-JJ ; 00 pour ce qui est inconnu.")
    )
    account = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("compte")
    )
    insured = models.ForeignKey(
        InsuredPerson, models.PROTECT, null=True, related_name="enrolments", verbose_name=_("assuré reconnu")
    )
    asked_at = models.DateTimeField(_("demandée le"), auto_now_add=True)
    code_mark = models.CharField(_("empreinte du début du code"), max_length=64, blank=True)
    code_digest = models.CharField(_("empreinte du code"), max_length=64, blank=True)
    code_at = models.DateTimeField(_("code tiré le"), null=True)
    drawn = models.PositiveSmallIntegerField(_("codes tirés"), default=0)
    handed = models.BooleanField(_("code remis à un guichet"), default=False)
    tries = models.PositiveSmallIntegerField(_("essais manqués"), default=0)
    shut: bool
    """Said by `saying_if_shut_to`."""

    objects = EnrolmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("demande de compte")
        constraints: ClassVar[list[Any]] = [
            models.CheckConstraint(
                condition=Q(insured__isnull=False) | Q(code_digest=""), name="enrolment_code_is_for_somebody_known"
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["email", "asked_at"], name="enrolment_by_email"),
            models.Index(fields=["insured", "code_at"], name="enrolment_by_person"),
            models.Index(fields=["status", "asked_at"], name="enrolment_by_age"),
        ]

    def belongs_to(self, account: Account) -> bool:
        return self.insured is not None and self.insured.is_close_to(account)

    @property
    def has_code(self) -> bool:
        """Tell whether a code may still be used."""
        return bool(self.code_digest and self.code_at and timezone.now() < self.code_at + CODE_KEPT)

    def __str__(self) -> str:
        return self.number
