"""To which complementary insurer somebody has their statements sent, between which days, and what left."""

from datetime import date, timedelta
from typing import Any, ClassVar, Self

from django.core.validators import RegexValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from escale.domain.accounts.actor import Actor
from escale.domain.accounts.models import Role
from escale.domain.case import Case
from escale.domain.payments.models import PaymentOrder
from escale.domain.registry.models import InsuredPerson
from escale.domain.statements.lifecycle import CONSENT, TRANSMISSION, ConsentStatus, TransmissionStatus
from escale.gateways.complementary import Kind


class ComplementaryInsurer(models.Model):
    """An insurer with which the Fund exchanges statements: its code names the folder from which it takes them."""

    code = models.CharField(
        _("code"), max_length=20, unique=True, validators=[RegexValidator(r"\A[a-z0-9][a-z0-9-]*\Z")]
    )
    name = models.CharField(_("nom"), max_length=100)
    open = models.BooleanField(_("reçoit des décomptes"), default=True)

    class Meta:
        verbose_name = _("organisme complémentaire")

    def __str__(self) -> str:
        return self.name


class SharingConsentQuerySet(models.QuerySet["SharingConsent"]):
    def visible_to(self, actor: Actor) -> Self:
        """Keep those that one gave; none for whoever acts in another's name, nor for the Fund."""
        if actor.role == Role.SYSTEM:
            return self
        if actor.role != Role.INSURED or actor.authority or actor.account is None:
            return self.none()
        return self.filter(insured__account=actor.account)

    def letting_tell(self, *, paid_on: date) -> Self:
        """Keep those by which what was paid on this day may be told, even later: not taken back, to an open insurer."""
        agreed = self.exclude(status=ConsentStatus.WITHDRAWN).filter(insurer__open=True)
        return agreed.filter(valid_from__lte=paid_on, valid_until__gt=paid_on)


class SharingConsent(Case):
    """The consent of somebody to have what is paid for their own care told to their complementary insurer."""

    LIFECYCLE = CONSENT

    insured = models.ForeignKey(
        InsuredPerson, models.PROTECT, related_name="sharing_consents", verbose_name=_("assuré")
    )
    insurer = models.ForeignKey(
        ComplementaryInsurer, models.PROTECT, related_name="consents", verbose_name=_("organisme complémentaire")
    )
    request_key = models.UUIDField(_("clé de la saisie"), unique=True)
    contract = models.CharField(_("numéro d’adhérent ou de contrat"), max_length=30)
    with_children = models.BooleanField(_("aussi pour les enfants mineurs"), default=False)
    valid_from = models.DateField(_("depuis le"))
    valid_until = models.DateField(_("jusqu’au (exclu)"))
    status = models.CharField(_("état"), max_length=16, choices=ConsentStatus.choices, default=ConsentStatus.GIVEN)
    given_at = models.DateTimeField(_("donné le"), auto_now_add=True)
    ended_at = models.DateTimeField(_("retiré ou terminé le"), null=True, blank=True)

    objects = SharingConsentQuerySet.as_manager()

    class Meta:
        verbose_name = _("consentement de partage")
        constraints: ClassVar[list[Any]] = [
            models.CheckConstraint(condition=Q(valid_until__gt=F("valid_from")), name="sharing_period_is_ordered"),
            models.CheckConstraint(
                condition=Q(status=ConsentStatus.GIVEN) | Q(ended_at__isnull=False), name="sharing_over_has_its_moment"
            ),
            models.UniqueConstraint(
                fields=["insured", "insurer"],
                condition=Q(status=ConsentStatus.GIVEN),
                name="sharing_is_given_once_to_an_insurer",
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["valid_until"], name="sharing_by_end", condition=Q(status=ConsentStatus.GIVEN)),
        ]

    @property
    def last_day(self) -> date:
        """The last day on which it holds: we keep the day after it."""
        return self.valid_until - timedelta(days=1)

    @property
    def lets_correct(self) -> bool:
        """Whether what left by it may be corrected, even after its last day."""
        return self.status != ConsentStatus.WITHDRAWN and self.insurer.open

    def __str__(self) -> str:
        return f"{self.insurer}, {self.contract}"


class TransmissionQuerySet(models.QuerySet["Transmission"]):
    def visible_to(self, actor: Actor) -> Self:
        """Keep what left, or is about to, by a consent that one gave."""
        return self.filter(consent__in=SharingConsent.objects.visible_to(actor))


class Transmission(Case):
    """
    One message to a complementary insurer: that a payment was made, or that the one it told of came back.

    The file lies in the vault as it left; one that did not leave is kept by nobody.
    """

    LIFECYCLE = TRANSMISSION

    consent = models.ForeignKey(
        SharingConsent, models.PROTECT, related_name="transmissions", verbose_name=_("consentement")
    )
    order = models.ForeignKey(
        PaymentOrder, models.PROTECT, related_name="transmissions", verbose_name=_("ordre de paiement")
    )
    rank = models.PositiveSmallIntegerField(_("rang"))
    kind = models.CharField(
        _("message"),
        max_length=16,
        choices=[(Kind.STATEMENT.value, _("Versement")), (Kind.CANCELLATION.value, _("Annulation du versement"))],
    )
    cancels = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="cancelled_by", verbose_name=_("annule")
    )
    status = models.CharField(
        _("état"), max_length=16, choices=TransmissionStatus.choices, default=TransmissionStatus.PREPARED
    )
    key = models.CharField(_("clé dans le coffre"), max_length=64, blank=True)
    sha256 = models.CharField(_("empreinte SHA-256"), max_length=64)
    prepared_at = models.DateTimeField(_("préparé le"), auto_now_add=True)
    sent_at = models.DateTimeField(_("transmis le"), null=True, blank=True)

    objects = TransmissionQuerySet.as_manager()

    class Meta:
        verbose_name = _("transmission")
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(fields=["order", "rank"], name="transmission_has_a_rank_of_its_own"),
            models.UniqueConstraint(
                fields=["cancels"],
                condition=~Q(status=TransmissionStatus.WITHHELD),
                name="transmission_is_cancelled_once",
            ),
            models.CheckConstraint(
                condition=Q(kind=Kind.STATEMENT.value, cancels=None)
                | Q(kind=Kind.CANCELLATION.value, cancels__isnull=False),
                name="transmission_that_cancels_says_which",
            ),
            models.CheckConstraint(
                condition=~Q(status=TransmissionStatus.SENT) | Q(sent_at__isnull=False) & ~Q(key=""),
                name="transmission_sent_has_its_moment_and_its_file",
            ),
            models.CheckConstraint(
                condition=~Q(status=TransmissionStatus.WITHHELD) | Q(key=""), name="transmission_withheld_keeps_no_file"
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["key"], name="transmission_by_key", condition=~Q(key="")),
        ]

    @property
    def reference(self) -> str:
        """Under which the insurer knows it: unlike any other of the same folder."""
        return f"{self.order.reference}-T{self.rank}"

    def __str__(self) -> str:
        return self.reference
