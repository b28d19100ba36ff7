"""The batches of transfers."""

from datetime import datetime
from secrets import token_hex
from typing import Any, ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from escale.domain.accounts.actor import Actor
from escale.domain.accounts.models import Account, Role
from escale.domain.case import Case
from escale.domain.payments.lifecycle import BATCH, BatchStatus
from escale.domain.registry.models import InsuredPerson


class BatchQuerySet(models.QuerySet["Batch"]):
    def visible_to(self, actor: Actor) -> Self:
        """Keep all for those who handle the money but what pays somebody close to them, else nothing."""
        match actor.role:
            case Role.ACCOUNTANT | Role.SECOND_ACCOUNTANT:
                close = InsuredPerson.objects.close_to(actor.account)
                orders = Batch.orders.rel.related_model._default_manager
                theirs = orders.filter(insured__in=close, batch__isnull=False)
                return self.exclude(pk__in=theirs.values("batch"))
            case Role.SYSTEM:
                return self
        return self.none()

    def to_leave(self) -> Self:
        """Keep those that leave by themselves, that nobody has to sign and that have not left, oldest first."""
        unsigned = Q(status=BatchStatus.PREPARED, wants_signature=False)
        return self.filter(unsigned | Q(status=BatchStatus.SIGNED), by_hand=False).order_by("pk")

    def to_make(self) -> Self:
        """Keep those that are signed, and that a person has yet to make by hand, oldest first."""
        return self.filter(by_hand=True, status=BatchStatus.SIGNED).order_by("pk")

    def late(self, *, since: datetime) -> Self:
        """Keep those that something has held since this moment, whatever it is."""
        return self.to_leave().annotate(ready_at=Coalesce("signed_at", "prepared_at")).filter(ready_at__lte=since)

    def to_sign_by(self, actor: Actor) -> Self:
        """Keep those that this actor may sign: neither prepared by them, nor of an order in which they had a hand."""
        waiting = self.visible_to(actor).filter(wants_signature=True, status=BatchStatus.PREPARED)
        orders = Batch.orders.rel.related_model._default_manager
        theirs = orders.filter(_handled_by(actor.signatory), batch__in=waiting)
        return waiting.exclude(prepared_by=actor.signatory).exclude(pk__in=theirs.values("batch"))


def in_hands_of(account: Account) -> Q:
    """Say of an order that this account proposed, gave or issued it again, or noted or accepted where it is paid."""
    gave = Q(proposed_by=account) | Q(ordered_by=account) | Q(reissued_by=account)
    return gave | Q(account__recorded_by=account) | Q(account__accepted_by=account)


def _handled_by(account: Account) -> Q:
    """Say of an order that it went through the hands of this account, or that this account approved it."""
    return in_hands_of(account) | Q(approved_by=account)


class Batch(Case):
    """Transfers out of one budget that leave for the bank in one file, written once and kept byte for byte.

    Or one transfer that no file of SEPA can ask for: its file is the sheet from which a person types it at the bank.
    """

    LIFECYCLE = BATCH
    PREFIX = "LOT-"

    reference = models.CharField(_("référence"), max_length=35, unique=True)
    budget = models.CharField(_("budget"), max_length=24)
    status = models.CharField(_("état"), max_length=16, choices=BatchStatus.choices, default=BatchStatus.PREPARED)
    execution_on = models.DateField(_("date d’exécution demandée"))
    count = models.PositiveIntegerField(_("nombre de virements"))
    total = models.DecimalField(_("total"), max_digits=14, decimal_places=2)
    key = models.CharField(_("clé du coffre"), max_length=64, unique=True)
    size = models.PositiveBigIntegerField(_("taille du fichier"))
    sha256 = models.CharField(_("SHA-256"), max_length=64)
    prepared_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("préparé par")
    )
    prepared_at = models.DateTimeField(_("préparé le"))
    wants_signature = models.BooleanField(_("à signer par une seconde personne"), default=False)
    signed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("signé par")
    )
    signed_at = models.DateTimeField(_("signé le"), null=True, blank=True)
    by_hand = models.BooleanField(_("fait à la main"), default=False, db_default=False)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("fait par")
    )
    """Who took its sheet, and alone makes it by hand."""
    bank_reference = models.CharField(_("référence de la banque"), max_length=35, blank=True, db_default="")
    sent_at = models.DateTimeField(_("transmis le"), null=True, blank=True)

    objects = BatchQuerySet.as_manager()

    class Meta:
        verbose_name = _("lot de virements")
        constraints: ClassVar[list[Any]] = [
            models.CheckConstraint(
                condition=Q(wants_signature=False)
                | Q(signed_by__isnull=False)
                | Q(status__in=[BatchStatus.PREPARED, BatchStatus.WITHDRAWN]),
                name="batch_leaves_signed",
            ),
            models.CheckConstraint(
                condition=Q(by_hand=False) | Q(wants_signature=True, count=1), name="batch_by_hand_is_one_and_signed"
            ),
            models.CheckConstraint(
                condition=Q(by_hand=False) | Q(sent_at=None) | Q(made_by__isnull=False),
                name="batch_by_hand_is_made_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(signed_by=None) | ~Q(signed_by=models.F("prepared_by")), name="batch_is_of_two_people"
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [models.Index(fields=["-prepared_at", "-id"], name="batch_latest")]

    @classmethod
    def new_reference(cls, at: datetime) -> str:
        """Return a reference that no batch has: the bank and the ledger know it by this one for ever."""
        return f"{cls.PREFIX}{at:%Y%m%d%H%M%S}-{token_hex(3).upper()}"

    def belongs_to(self, account: Account) -> bool:
        """Tell whether this account prepared it, had a hand in one of its orders, or is close to whom it pays."""
        close = InsuredPerson.objects.close_to(account)
        theirs = self.orders.filter(_handled_by(account) | Q(insured__in=close))
        return account.pk == self.prepared_by_id or theirs.exists()

    def file_open_to(self, actor: Actor) -> bool:
        """Tell whether its file may be read: once the bank has it, and if it names nobody whose file is protected.

        The sheet of one that is made by hand is for whoever makes it.
        """
        shut = InsuredPerson.objects.shut_to(actor.account)
        theirs = not self.by_hand or self.made_by_id == actor.signatory.pk
        return self.sent_at is not None and theirs and not self.orders.filter(insured__in=shut).exists()

    @property
    def is_to_make(self) -> bool:
        """Whether a person has yet to take its sheet, and make it by hand."""
        return self.by_hand and self.status == BatchStatus.SIGNED

    @property
    def waits(self) -> bool:
        """Whether somebody has yet to sign it."""
        return self.wants_signature and self.status == BatchStatus.PREPARED

    @property
    def may_leave(self) -> bool:
        """Whether nobody has to sign it any more."""
        return not self.wants_signature or self.status == BatchStatus.SIGNED

    @property
    def is_leaving(self) -> bool:
        """Whether nothing has to be done for it to leave, unless it is held back."""
        return self.status in {BatchStatus.PREPARED, BatchStatus.SIGNED} and self.may_leave and not self.by_hand

    def __str__(self) -> str:
        return self.reference
