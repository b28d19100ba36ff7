"""When the bank executed an order, even if it took it back since: by what its files told, or what people found."""

from typing import Any

from django.db.models import Case, Exists, OuterRef, Q, QuerySet, Subquery, When
from django.db.models.functions import Coalesce

from escale.domain.payments.lifecycle import BACK, DiscrepancyStatus, OrderStatus
from escale.domain.payments.models import BankEvent, Discrepancy, Fact, Outcome
from escale.rules.reconciling import Verdict

_APPLIED = BankEvent.objects.filter(outcome=Outcome.APPLIED)
_CONFIRMED = Discrepancy.objects.filter(status=DiscrepancyStatus.RECONCILED)
_TOLD, _FOUND = _APPLIED.filter(what=Fact.BOOKED), _CONFIRMED.filter(verdict=Verdict.EXECUTED)
_WITH_BATCH = Q(order=None, batch=OuterRef("batch"))
_FOUND_WITH_BATCH = Q(order=None, event__batch=OuterRef("batch"))
_ITS_OWN = Q(order=OuterRef("pk"))


def executed(orders: QuerySet[Any]) -> QuerySet[Any]:
    """Keep those of these orders that the bank executed, even if it took them back; say as `executed_on` when."""
    orders = orders.annotate(
        undone_at=_first(_CONFIRMED.filter(_ITS_OWN, verdict=Verdict.UNPAID), "reconciled_at"),
    ).annotate(
        executed_on=Coalesce(
            "paid_on",
            _first(_TOLD.filter(_ITS_OWN), "booked_on"),
            _first(_FOUND.filter(_ITS_OWN), "found_on"),
            Case(When(status=OrderStatus.RETURNED, then=_with_its_batch()), When(_never_paid(), then=_before_undone())),
        )
    )
    return orders.filter(status__in=[OrderStatus.EXECUTED, *BACK], executed_on__isnull=False)


def _with_its_batch() -> Coalesce:
    """Return the day on which the whole batch was told, or found, to be executed."""
    return Coalesce(
        _first(_TOLD.filter(_WITH_BATCH), "booked_on"), _first(_FOUND.filter(_FOUND_WITH_BATCH), "found_on")
    )


def _never_paid() -> Q:
    """Keep what people found never paid; what the bank rejected by itself was no part of what it booked."""
    return Q(~Exists(_APPLIED.filter(_ITS_OWN, what=Fact.REJECTED)), status=OrderStatus.UNPAID)


def _before_undone() -> Coalesce:
    """Return the same day if that was before; a sum that waited for a person counts those found never paid no more."""
    told = _TOLD.filter(_WITH_BATCH, discrepancy=None, heard_at__lt=OuterRef("undone_at"))
    found = _FOUND.filter(_FOUND_WITH_BATCH, reconciled_at__lt=OuterRef("undone_at"))
    return Coalesce(_first(told, "booked_on"), _first(found, "found_on"))


def _first(rows: QuerySet[Any], name: str) -> Subquery:
    """Return what the first of these rows says."""
    return Subquery(rows.order_by("pk").values(name)[:1])
