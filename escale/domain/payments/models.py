"""The orders of payment, and the batches of transfers."""

from datetime import date
from typing import Any, ClassVar, Self

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from escale.domain.accounts.actor import Actor
from escale.domain.accounts.models import Account, Role
from escale.domain.case import Case
from escale.domain.payments.lifecycle import BATCH, ORDER, BatchStatus, OrderStatus
from escale.domain.registry.models import InsuredPerson, OfInsuredQuerySet


class BatchQuerySet(models.QuerySet["Batch"]):
    def visible_to(self, actor: Actor) -> Self:
        """Keep all for those who handle the money but what pays somebody close to them, else nothing."""
        match actor.role:
            case Role.ACCOUNTANT | Role.SECOND_ACCOUNTANT:
                theirs = PaymentOrder.objects.filter(insured__in=InsuredPerson.objects.close_to(actor.account))
                return self.exclude(pk__in=theirs.filter(batch__isnull=False).values("batch"))
            case Role.SYSTEM:
                return self
        return self.none()


class Batch(Case):
    """Transfers that leave for the bank in one file, written once and kept byte for byte."""

    LIFECYCLE = BATCH

    reference = models.CharField(_("référence"), max_length=35, unique=True)
    status = models.CharField(_("état"), max_length=16, choices=BatchStatus.choices, default=BatchStatus.PREPARED)
    execution_on = models.DateField(_("date d’exécution demandée"))
    count = models.PositiveIntegerField(_("nombre de virements"))
    total = models.DecimalField(_("total"), max_digits=14, decimal_places=2)
    content = models.BinaryField(_("fichier"))
    sha256 = models.CharField(_("SHA-256"), max_length=64)
    prepared_at = models.DateTimeField(_("préparé le"))
    sent_at = models.DateTimeField(_("transmis le"), null=True, blank=True)

    objects = BatchQuerySet.as_manager()

    class Meta:
        verbose_name = _("lot de virements")

    def __str__(self) -> str:
        return self.reference


class PaymentOrderQuerySet(OfInsuredQuerySet["PaymentOrder"]):
    def visible_to(self, actor: Actor) -> Self:
        """Keep all for the accountants but what pays somebody close to them, and what is shut; else nothing."""
        within = self.within_reach_of(actor)
        if actor.role == Role.SYSTEM:
            return within
        return within.exclude(insured__in=InsuredPerson.objects.shut_to(actor.account))

    def within_reach_of(self, actor: Actor) -> Self:
        """Keep those that this hat may treat, of nobody close: of a protected file, it must first be said why."""
        match actor.role:
            case Role.ACCOUNTANT | Role.SECOND_ACCOUNTANT:
                return self.exclude(insured__in=InsuredPerson.objects.close_to(actor.account))
            case Role.SYSTEM:
                return self
        return self.none()

    def to_send_by(self, actor: Actor) -> Self:
        """Keep those that this actor may put in a batch, protected or not, oldest first."""
        return self.within_reach_of(actor).to_send() if actor.role in {Role.ACCOUNTANT, Role.SYSTEM} else self.none()

    def to_approve(self) -> Self:
        """Keep those that wait for the accountant's visa, oldest first."""
        return self.filter(status=OrderStatus.ORDERED).order_by("ordered_at", "pk")

    def to_send(self) -> Self:
        """Keep those that have the visa and are in no batch yet, oldest first."""
        return self.filter(status=OrderStatus.APPROVED, batch=None).order_by("ordered_at", "pk")


class PaymentOrder(Case):
    """A sum that the Fund owes, and to whom; who orders and who pays are two people (décret n° 2012-1246, art. 9)."""

    LIFECYCLE = ORDER

    insured = models.ForeignKey(
        InsuredPerson, models.PROTECT, related_name="payment_orders", verbose_name=_("assuré payé")
    )
    status = models.CharField(_("état"), max_length=16, choices=OrderStatus.choices, default=OrderStatus.ORDERED)
    reference = models.CharField(_("référence de bout en bout"), max_length=35, unique=True)
    holder = models.CharField(_("titulaire du compte"), max_length=140)
    iban = models.CharField(_("IBAN"), max_length=34)
    amount = models.DecimalField(_("montant"), max_digits=12, decimal_places=2)
    ordered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("ordonné par")
    )
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("proposé par")
    )
    ordered_at = models.DateTimeField(_("ordonné le"), auto_now_add=True)
    rejection = models.CharField(_("motif du refus de visa"), max_length=300, blank=True)
    batch = models.ForeignKey(
        Batch, models.PROTECT, null=True, blank=True, related_name="orders", verbose_name=_("lot")
    )
    shut: bool
    """Said by `saying_if_shut_to`."""

    objects = PaymentOrderQuerySet.as_manager()

    class Meta:
        verbose_name = _("ordre de paiement")
        constraints: ClassVar[list[Any]] = [
            models.CheckConstraint(condition=models.Q(amount__gt=0), name="payment_is_positive"),
            models.CheckConstraint(
                condition=models.Q(batch=None) | models.Q(status=OrderStatus.APPROVED),
                name="payment_leaves_with_a_visa",
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["status", "ordered_at", "id"], name="payment_queue", condition=models.Q(batch=None)),
        ]

    def belongs_to(self, account: Account) -> bool:
        """Tell whether this account is paid by this order, proposed it or gave it: it may then not approve it."""
        return account.pk in {self.ordered_by_id, self.proposed_by_id} or self.insured.is_close_to(account)

    @property
    def paid_on(self) -> date | None:
        """The day of payment: the one asked of the bank, once the batch has left."""
        return self.batch.execution_on if self.batch and self.batch.status == BatchStatus.SENT else None

    def __str__(self) -> str:
        return self.reference
