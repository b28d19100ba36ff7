"""What is asked of the rates."""

from collections.abc import Collection, Iterable
from datetime import date, timedelta

from escale.domain.accounts.actor import Actor
from escale.domain.rates.lifecycle import Status
from escale.domain.rates.models import Rate, RateQuerySet
from escale.gateways import rates as ecb
from escale.rules import currency as currencies
from escale.rules.currency import Origin, Quote
from escale.rules.plausibility import Doubt

LATEST = 30
LOOKED_BACK = 366


def published(codes: Collection[str], *, days: Collection[date]) -> list[Quote]:
    """Return every rate that may serve for these currencies on these days: the Fund's own, then the ECB's (1 query)."""
    if not days:
        return []
    period = min(days) - timedelta(days=LOOKED_BACK), max(days)
    kept = Rate.objects.in_force().filter(currency__in=codes, on__range=period).order_by("-on", "pk")
    return [*map(_quote, kept), *_bundled(codes, days)]


def known(currency: str, *, on: date) -> Quote | None:
    """Return the rate nearest before a day, from wherever it comes, else the nearest after, else that of a parity."""
    if fixed := currencies.fixed_parity(currency, on=on):
        return fixed
    rates = Rate.objects.in_force().filter(currency=currency)
    last = rates.filter(on__lte=on).order_by("-on").first()
    before = [*([_quote(last)] if last else []), *_bundled([currency], [on])]
    if before:
        return max(before, key=lambda quote: quote.on)
    after = rates.filter(on__gt=on).order_by("on").first()
    anchors = currencies.anchors(currency, on=on)
    return _quote(after) if after else currencies.choose(currency, on=on, published=published(anchors, days={on}))


def awaiting(currency: str, *, on: date) -> Quote | None:
    """Return the published rate nearest before a day, else after, of those that wait for a second person."""
    rates = Rate.objects.filter(status=Status.PROPOSED, currency=currency).exclude(origin=Origin.ENTERED)
    found = rates.filter(on__lte=on).order_by("-on", "-pk").first() or rates.filter(on__gt=on).order_by("on").first()
    return _quote(found) if found else None


def to_confirm(*, actor: Actor) -> RateQuerySet:
    """Return the rates that wait for a second person, with who proposed them."""
    return Rate.objects.visible_to(actor).to_confirm().select_related("proposed_by")


def firsts(offered: Iterable[Rate]) -> list[Rate]:
    """Keep the first published rates of their currency, unless another that waits contradicts them."""
    found = [one for one in offered if one.origin != Origin.ENTERED]
    contradicted = {one.currency for one in found if one.doubt != Doubt.FIRST}
    return [one for one in found if one.currency not in contradicted]


def latest(*, actor: Actor, currency: str = "") -> RateQuerySet:
    """Return the rates that were settled last, of one currency or of all but those published every month."""
    settled = Rate.objects.visible_to(actor).exclude(decided_at=None)
    if currency:
        settled = Rate.objects.visible_to(actor).filter(currency=currency)
    return settled.select_related("proposed_by", "decided_by").order_by("-on", "-pk")[:LATEST]


def _quote(rate: Rate) -> Quote:
    return Quote(rate.currency, rate.units_per_eur, rate.source, rate.on, Origin(rate.origin))


def _bundled(codes: Collection[str], days: Collection[date]) -> list[Quote]:
    return [
        Quote(one.currency, one.units_per_eur, one.source, one.on)
        for code in codes
        for day in days
        for one in ecb.published(code, on=day)
    ]
