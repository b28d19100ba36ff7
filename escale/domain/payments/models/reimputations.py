"""What moves an order from one budget to another, without touching it."""

from typing import Any, ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from escale.domain.accounts.actor import Actor
from escale.domain.accounts.models import Account
from escale.domain.case import Case
from escale.domain.payments.lifecycle import REIMPUTATION, ReimputationStatus
from escale.domain.payments.models.orders import PaymentOrder


class ReimputationQuerySet(models.QuerySet["Reimputation"]):
    def visible_to(self, actor: Actor) -> Self:
        """Keep those of the orders that this actor sees."""
        return self.filter(order__in=PaymentOrder.objects.visible_to(actor))

    def waiting(self) -> Self:
        """Keep those that wait for an answer, oldest first."""
        return self.filter(status=ReimputationStatus.PROPOSED).order_by("pk")

    def given(self) -> Self:
        """Keep those that took effect, oldest first."""
        return self.filter(status=ReimputationStatus.GIVEN).order_by("pk")


class Reimputation(Case):
    """An order that another budget bears from now on: proposed by one accountant, given by another."""

    LIFECYCLE = REIMPUTATION

    order = models.ForeignKey(PaymentOrder, models.PROTECT, related_name="reimputations", verbose_name=_("ordre"))
    status = models.CharField(
        _("état"), max_length=16, choices=ReimputationStatus.choices, default=ReimputationStatus.PROPOSED
    )
    from_budget = models.CharField(_("du budget"), max_length=24)
    to_budget = models.CharField(_("au budget"), max_length=24)
    budget_year = models.PositiveSmallIntegerField(_("exercice"))
    amount = models.DecimalField(_("montant"), max_digits=12, decimal_places=2)
    reason = models.CharField(_("motif"), max_length=300)
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("proposée par")
    )
    proposed_at = models.DateTimeField(_("proposée le"), auto_now_add=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("réponse de")
    )
    answered_at = models.DateTimeField(_("réponse le"), null=True, blank=True)

    objects = ReimputationQuerySet.as_manager()

    class Meta:
        verbose_name = _("réimputation")
        constraints: ClassVar[list[Any]] = [
            models.CheckConstraint(condition=~Q(from_budget=F("to_budget")), name="reimputation_moves"),
            models.CheckConstraint(
                condition=~Q(status=ReimputationStatus.GIVEN)
                | Q(answered_by__isnull=False) & ~Q(answered_by=F("proposed_by")),
                name="reimputation_is_of_two_people",
            ),
            models.UniqueConstraint(
                fields=["order"],
                condition=Q(status=ReimputationStatus.PROPOSED),
                name="reimputation_proposed_once_at_a_time",
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(
                fields=["budget_year", "to_budget"],
                name="reimputation_of_budget",
                condition=Q(status=ReimputationStatus.GIVEN),
            ),
        ]

    def belongs_to(self, account: Account) -> bool:
        """Tell whether this account proposed it, or is close to whom the order pays."""
        return account.pk == self.proposed_by_id or self.order.insured.is_close_to(account)

    def __str__(self) -> str:
        return f"{self.order} : {self.from_budget} → {self.to_budget}"
