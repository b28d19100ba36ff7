"""At which rate the lines of claims are counted, and which lines wait for one."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from escale.domain.accounts.actor import Actor
from escale.domain.claims.lifecycle import Status
from escale.domain.claims.models import Claim, ClaimLine
from escale.domain.rates import queries as rates
from escale.domain.rates.models import Rate
from escale.rules import currency as currencies
from escale.rules.currency import Choice

MOST_WAITING = 2_000


@dataclass(frozen=True)
class Waiting:
    """Lines that no rate serves: their currency, their day, the claims that they are of, and what waits there."""

    currency: str
    on: date
    claims: tuple[str, ...]
    proposed: Rate | None


def day(line: ClaimLine) -> date:
    """Return the day whose rate applies to a line."""
    return currencies.rate_day(paid_on=line.bill.paid_on, given_on=line.given_on)


def choices(lines: Iterable[ClaimLine]) -> dict[int, Choice]:
    """Return the rate of each line by its key, with what each source answered (1 query, none for fixed parities)."""
    every = [(line.pk, line.bill.currency, day(line)) for line in lines]
    codes = {code for _pk, currency, on in every for code in currencies.codes_for(currency, on=on)}
    published = rates.published(codes, days={on for _pk, _currency, on in every}) if codes else []
    return {pk: currencies.chosen(currency, on=on, published=published) for pk, currency, on in every}


def proposed(lines: Iterable[ClaimLine], *, actor: Actor) -> list[Rate]:
    """Return the rates that wait for a second person and that these lines wait for (1 query)."""
    codes = {line.bill.currency for line in lines}
    return list(rates.to_confirm(actor=actor).filter(currency__in=codes)) if codes - {"EUR"} else []


def waiting(*, actor: Actor) -> list[Waiting]:
    """Return what lines still to compute wait for, currency by currency and day by day (3 queries)."""
    claims = Claim.objects.visible_to(actor).filter(status__in=[Status.IN_PROGRESS, Status.MEDICAL_OPINION])
    lines = ClaimLine.objects.filter(bill__claim__in=claims, due=None).exclude(bill__currency="EUR")
    every = list(lines.select_related("bill__claim").order_by("bill__currency", "pk")[:MOST_WAITING])
    found, offered = choices(every), list(rates.to_confirm(actor=actor))
    groups: dict[tuple[str, date], dict[str, None]] = {}
    for line in every:
        if found[line.pk].quote is None:
            groups.setdefault((line.bill.currency, day(line)), {})[line.bill.claim.number] = None
    return [
        Waiting(currency, on, tuple(numbers), answering(offered, currency, on))
        for (currency, on), numbers in sorted(groups.items())
    ]


def answering(offered: Iterable[Rate], currency: str, on: date) -> Rate | None:
    """Return the rate that waits for a confirmation and would serve a currency on a day, the latest first."""
    useful = [one for one in offered if one.currency == currency and one.on <= on]
    return max(useful, key=lambda one: (one.on, one.pk), default=None)
