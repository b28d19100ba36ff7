"""What is asked of the statements: there is one for each payment that the bank executed, even if it came back."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Sum
from django.db.models.functions import ExtractYear

from escale.domain.accounts.actor import Actor
from escale.domain.claims import queries as claims
from escale.domain.claims import secrecy
from escale.domain.claims.lifecycle import Status
from escale.domain.claims.models import Award, Claim
from escale.domain.payments.executions import executed
from escale.domain.payments.lifecycle import BACK, OrderStatus
from escale.domain.payments.models import PaymentLine, PaymentOrder
from escale.rules.identity import folded
from escale.rules.imputation import CARE

_REACHED = Q(status=OrderStatus.EXECUTED)
_CARE = ~Exists(PaymentLine.objects.filter(order=OuterRef("pk")).exclude(benefit__in=sorted(CARE)))


class Year(NamedTuple):
    """How many payments of a year have a statement, how much reached its account, and of that for care, in euros."""

    year: int
    payments: int
    total: Decimal
    certified: Decimal


def issued(*, actor: Actor) -> QuerySet[Any]:
    """Return the payments to the person whose file is open that have a statement."""
    return executed(PaymentOrder.objects.paid_to(actor))


def years(*, actor: Actor) -> list[Year]:
    """Return the years of these payments, latest first (1 query)."""
    counted = issued(actor=actor).order_by().values_list(ExtractYear("executed_on"))
    totals = counted.annotate(
        payments=Count("pk"),
        total=Sum("amount", filter=_REACHED, default=Decimal(0)),
        certified=Sum("amount", filter=_REACHED & Q(_CARE), default=Decimal(0)),
    )
    return [Year(*row) for row in sorted(totals, reverse=True)]


def in_year(found: QuerySet[Any], year: int) -> QuerySet[Any]:
    """Keep those that the bank executed in a year."""
    return found.filter(executed_on__year=year)


def paid_in(year: int, *, actor: Actor) -> QuerySet[Any]:
    """Return the payments of a year that pay care back and reached their account, oldest first."""
    reached = in_year(issued(actor=actor), year).filter(_REACHED, _CARE)
    return reached.select_related("insured").order_by("executed_on", "pk")


def page(found: QuerySet[Any], *, after: tuple[date, int] | None, size: int) -> list[PaymentOrder]:
    """Return the latest of these payments, those after the one of this day and key."""
    if after:
        on, pk = after
        found = found.filter(Q(executed_on__lt=on) | Q(executed_on=on, pk__lt=pk))
    return list(found.order_by("-executed_on", "-pk")[:size])


def search(text: str, *, actor: Actor) -> QuerySet[Any]:
    """Return those whose number, country, practitioner or person cared for holds this text; all of them for no text."""
    found = issued(actor=actor)
    if not text.strip():
        return found
    named = set(claims.search(text, actor=actor).order_by().values_list("pk", flat=True))
    given_by = Claim.objects.visible_to(actor).with_people().exclude(status=Status.DRAFT)
    given_by = given_by.filter(bills__folded_provider__contains=folded(text))
    named |= {claim.pk for claim in given_by if not secrecy.hides_nature(claim, reader=actor)}
    return found.filter(Q(reference__istartswith=text.strip()) | Q(pk__in=_paying(named)))


def kept_by(orders: Iterable[PaymentOrder]) -> set[int]:
    """Return the keys of those of these orders that came back and keep their statement (1 query if any came back)."""
    back = PaymentOrder.objects.filter(pk__in=[order.pk for order in orders if order.status in BACK])
    return set(executed(back).values_list("pk", flat=True))


def _paying(claims: set[int]) -> set[int]:
    """Return the keys of the orders that pay these claims, those made again too."""
    orders = PaymentOrder.objects.filter(lines__award__line__bill__claim__in=claims)
    last = every = set(orders.values_list("pk", flat=True))
    while last:
        last = set(PaymentOrder.objects.filter(replaces__in=last).values_list("pk", flat=True))
        every = every | last
    return every


def about(orders: Iterable[PaymentOrder]) -> dict[int, Claim]:
    """Return the claim that each of these orders pays, if it pays one, by the key of the order."""
    first = _first(orders)
    awards = Award.objects.filter(payment_line__order__in=first.values()).order_by("payment_line__order")
    people = "line__bill__claim__insured", "line__bill__claim__beneficiary__person"
    paying = awards.distinct("payment_line__order").select_related("payment_line", *people)
    claim = {award.payment_line.order_id: award.line.bill.claim for award in paying if award.payment_line}
    return {pk: claim[one] for pk, one in first.items() if one in claim}


def awards(order: PaymentOrder) -> list[Award]:
    """Return what was decided with what an order pays, line by line, refused ones too; nothing if it pays no claim."""
    paid = Award.objects.filter(payment_line__order=_first([order])[order.pk]).values("decision")
    people = "line__bill__claim__insured", "line__bill__claim__beneficiary__person"
    every = Award.objects.filter(decision__in=paid).select_related("decision__claim__insured", *people)
    return list(every.order_by("line__bill", "line"))


def reached(orders: set[int]) -> set[int]:
    """Return those of these keys of orders of which the payment reached its account, be it once made again."""
    found: set[int] = set()
    standing_for = {pk: pk for pk in orders}
    while standing_for:
        rows = PaymentOrder.objects.filter(pk__in=standing_for).values_list("pk", "status", "reissue")
        made_again: dict[int, int] = {}
        for pk, status, again in rows:
            found |= {standing_for[pk]} if status == OrderStatus.EXECUTED else set()
            made_again |= {again: standing_for[pk]} if again else {}
        standing_for = made_again
    return found


def _first(orders: Iterable[PaymentOrder]) -> dict[int, int]:
    """Return the key of the order that each of these makes again in the end, its own if none (by its key)."""
    first: dict[int, int] = {order.pk: order.replaces_id or order.pk for order in orders}
    made_again = PaymentOrder.objects.filter(replaces__isnull=False).values_list("pk", "replaces__pk")
    while above := dict(made_again.filter(pk__in=first.values())):
        first = {pk: above.get(one, one) for pk, one in first.items()}
    return first
