"""The orders of payment, and the lines that make their sums."""

from datetime import date
from decimal import Decimal
from typing import Any, ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import Count, F, OuterRef, Q, Subquery, Sum
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from escale.domain.accounts.actor import Actor
from escale.domain.accounts.models import Account, Role
from escale.domain.case import Case
from escale.domain.payments.lifecycle import BACK, ORDER, OrderStatus, ReimputationStatus
from escale.domain.payments.models.batches import Batch
from escale.domain.registry.models import BankAccount, InsuredPerson, OfInsuredQuerySet, OnAccount

S = OrderStatus
_STILL_DUE = Q(status__in=sorted(BACK)) | Q(status=S.REJECTED, replaces__isnull=False)


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

    def to_send_by(self, actor: Actor, *, by_hand: bool = False) -> Self:
        """Keep those that this actor may put in a batch, or have made by hand, protected or not, oldest first."""
        if actor.role not in {Role.ACCOUNTANT, Role.SYSTEM}:
            return self.none()
        waiting, made_by_hand = self.within_reach_of(actor).to_send(), Q(account__by_hand=True)
        return waiting.filter(made_by_hand) if by_hand else waiting.exclude(made_by_hand)

    def paid_to(self, actor: Actor) -> Self:
        """Keep those that pay the person whose file is open."""
        return self.filter(insured__account=actor.owner) if actor.role == Role.INSURED else self.none()

    def came_back(self) -> Self:
        """Keep what is still due and that no other replaces: rejected, returned, or issued again without a visa."""
        return self.filter(_STILL_DUE, reissue=None).exclude(replaces__status__in=[S.SENT, S.EXECUTED])

    def saying_budget(self) -> Self:
        """Say as `borne_by` the budget that bears each today."""
        return self.annotate(borne_by=_borne_by())

    def out_of(self, budget: str) -> Self:
        """Keep those that a budget bears today."""
        return self.annotate(borne_by=_borne_by()).filter(borne_by=budget)

    def by_budget(self) -> dict[str, tuple[int, Decimal]]:
        """Return how many there are and how much, by the budget that bears them today (1 query)."""
        counted = self.order_by().values_list(_borne_by())
        return {code: (n, total) for code, n, total in counted.annotate(n=Count("pk"), total=Sum("amount"))}

    def to_approve(self) -> Self:
        """Keep those that wait for the accountant's visa, oldest first."""
        return self.filter(status=S.ORDERED).order_by("ordered_at", "pk")

    def to_refuse(self) -> Self:
        """Keep those that may still be refused: in no batch yet."""
        return self.filter(status__in=[S.ORDERED, S.APPROVED], batch=None).order_by("pk")

    def to_send(self) -> Self:
        """Keep those that have the visa and are in no batch yet, oldest first."""
        return self.filter(status=S.APPROVED, batch=None).order_by("ordered_at", "pk")


def _borne_by() -> Coalesce:
    moves = PaymentOrder.reimputations.rel.related_model._default_manager.filter(order=OuterRef("pk"))
    given = moves.filter(status=ReimputationStatus.GIVEN).order_by("-pk")
    return Coalesce(Subquery(given.values("to_budget")[:1]), F("budget"))


class PaymentOrder(Case, OnAccount):
    """A sum that the Fund owes, and to whom; who orders and who pays are two people (décret n° 2012-1246, art. 9)."""

    LIFECYCLE = ORDER

    insured = models.ForeignKey(
        InsuredPerson, models.PROTECT, related_name="payment_orders", verbose_name=_("assuré payé")
    )
    status = models.CharField(_("état"), max_length=16, choices=S.choices, default=S.ORDERED)
    reference = models.CharField(_("référence de bout en bout"), max_length=35, unique=True)
    holder = models.CharField(_("titulaire du compte"), max_length=140)
    account = models.ForeignKey(
        BankAccount, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("compte payé")
    )
    """The account as the registry knew it; what was ordered stays as it was, whatever becomes of it."""
    amount = models.DecimalField(_("montant"), max_digits=12, decimal_places=2)
    budget = models.CharField(_("budget d’origine"), max_length=24)
    budget_year = models.PositiveSmallIntegerField(_("exercice"))
    ordered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("ordonné par")
    )
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("proposé par")
    )
    ordered_at = models.DateTimeField(_("ordonné le"), auto_now_add=True)
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("visé par")
    )
    rejection = models.CharField(_("motif du refus de visa"), max_length=300, blank=True)
    batch = models.ForeignKey(
        Batch, models.PROTECT, null=True, blank=True, related_name="orders", verbose_name=_("lot")
    )
    replaces = models.OneToOneField(
        "self", models.PROTECT, null=True, blank=True, related_name="reissue", verbose_name=_("réémission de")
    )
    reissued_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("réémis par")
    )
    reissue_reason = models.CharField(_("motif de la réémission"), max_length=300, blank=True)
    accepted_at = models.DateTimeField(_("accepté par la banque le"), null=True, blank=True)
    paid_on = models.DateField(_("payé le"), null=True, blank=True)
    """The day when the bank executed it."""
    borne_by: str
    """The budget that bears it today, said by `saying_budget`."""
    executed_on: date
    """The day when the bank executed it, even if it took it back since; said by `executions.executed`."""
    shut: bool
    """Said by `saying_if_shut_to`."""

    objects = PaymentOrderQuerySet.as_manager()

    class Meta:
        verbose_name = _("ordre de paiement")
        constraints: ClassVar[list[Any]] = [
            models.CheckConstraint(condition=Q(amount__gt=0), name="payment_is_positive"),
            models.CheckConstraint(
                condition=Q(batch=None) | ~Q(status__in=[S.ORDERED, S.REJECTED]), name="payment_leaves_with_a_visa"
            ),
            models.CheckConstraint(
                condition=Q(batch__isnull=False) | Q(status__in=[S.ORDERED, S.APPROVED, S.REJECTED]),
                name="payment_leaves_in_a_batch",
            ),
            models.CheckConstraint(
                condition=Q(paid_on=None) & ~Q(status=S.EXECUTED)
                | Q(paid_on__isnull=False, status__in=[S.SENT, S.EXECUTED, S.UNPAID, S.RETURNED]),
                name="payment_made_has_its_day",
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["status", "ordered_at", "id"], name="payment_queue", condition=Q(batch=None)),
            models.Index(fields=["budget", "budget_year"], include=["amount"], name="payment_of_budget",
                         condition=Q(replaces=None) & ~Q(status=S.REJECTED)),
            models.Index(fields=["batch", "id"], name="payment_of_batch", condition=Q(batch__isnull=False)),
            models.Index(fields=["id"], name="payment_came_back", condition=_STILL_DUE),
            models.Index(fields=["batch", "id"], name="payment_unanswered", condition=Q(status=S.SENT)),
            models.Index(fields=["paid_on"], name="payment_by_day", condition=Q(paid_on__isnull=False)),
        ]  # fmt: skip

    def belongs_to(self, account: Account) -> bool:
        """Tell whether this account is paid by this order, or had a hand in it: it may then decide nothing of it."""
        return account.pk in self.hands or self.insured.is_close_to(account)

    @property
    def hands(self) -> set[int | None]:
        """Who gave it in any way, and who noted or accepted the account where it is paid, as `in_hands_of` says."""
        gave = {self.ordered_by_id, self.proposed_by_id, self.reissued_by_id}
        return gave | ({self.account.recorded_by_id, self.account.accepted_by_id} if self.account else set())

    @property
    def is_back(self) -> bool:
        """Whether it is still due and may be ordered again."""
        return self.status in BACK or (self.status == S.REJECTED and self.replaces_id is not None)

    @property
    def has_left(self) -> bool:
        """Whether it left for the bank, or what it replaces did: no visa refused gives it back to the agents."""
        return self.replaces_id is not None or self.status not in {S.ORDERED, S.APPROVED, S.REJECTED}

    def __str__(self) -> str:
        return self.reference


class PaymentLine(models.Model):
    """One part of an order: the benefit that it pays, on which ground; the lines of an order make its sum."""

    order = models.ForeignKey(PaymentOrder, models.PROTECT, related_name="lines", verbose_name=_("ordre de paiement"))
    benefit = models.CharField(_("prestation"), max_length=24)
    legal_basis = models.CharField(_("fondement"), max_length=120)
    label = models.CharField(_("libellé"), max_length=140)
    amount = models.DecimalField(_("montant"), max_digits=12, decimal_places=2)

    class Meta:
        verbose_name = _("ligne de paiement")
        constraints: ClassVar[list[Any]] = [
            models.CheckConstraint(condition=Q(amount__gt=0), name="payment_line_is_positive"),
        ]

    def __str__(self) -> str:
        return f"{self.label} – {self.amount}"
