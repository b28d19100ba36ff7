"""What the words of a bill tell: its total, its currency, its dates, who billed it. Pure: no picture, no clock."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from escale.rules import currency
from escale.rules.findings import amounts, dates, money, providers, vocabulary
from escale.rules.findings.layout import Box, Page, Row, Word, rows

__all__ = ["Box", "Finding", "Findings", "Page", "Row", "Word", "find", "rows"]

_MOST_AMOUNTS = 60


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that is written on a paper: its value, where it is, and how sure it is, of 1.

    `value` is a figure (« 123.45 »), a code, an ISO date or words, empty where the paper leaves a choice: then
    `candidates` holds what it may be, and it is for somebody to choose. `kind` is that of a date: care, bill, payment,
    birth, other, unknown.
    """

    field: str
    value: str
    candidates: tuple[str, ...]
    text: str
    page: int
    box: Box
    confidence: float
    kind: str = ""
    currency: str = ""

    @property
    def ambiguous(self) -> bool:
        """Whether it is for somebody to choose."""
        return not self.value


@dataclass(frozen=True, slots=True)
class Findings:
    """What is found on a paper; `amounts` and `dates` hold all of them, the likeliest first."""

    total: Finding | None
    currency: Finding | None
    given_on: Finding | None
    paid_on: Finding | None
    provider: Finding | None
    number: Finding | None
    amounts: tuple[Finding, ...]
    dates: tuple[Finding, ...]
    language: str

    def proposed(self) -> tuple[Finding, ...]:
        """Return one finding for each field that has one."""
        fields = (self.total, self.currency, self.given_on, self.paid_on, self.provider, self.number)
        return tuple(one for one in fields if one)


def find(pages: Sequence[Page], *, today: date, country: str = "") -> Findings:
    """Return what a paper tells; `country` (ISO 3166-1) is where the care was given, if it is known.

    A date of birth is never proposed as that of care; an ambiguous date or sign of money has no value, but candidates.
    """
    lines = [row for number, page in enumerate(pages, start=1) for row in rows(page, number)]
    language = vocabulary.language(lines)
    place = money.place(lines, language, country)
    seen = amounts.find(lines)
    codes, sure = _currency(seen, lines, place)
    places = currency.decimals(codes[0]) if codes else 2
    best = amounts.total(seen, places=places)
    if best and best[0].sign:  # what stands beside the total says more than all the rest
        own = money.settled(best[0].sign, place, money.anywhere(lines))
        if set(own) - set(codes):
            codes, sure = own, 0.9 if len(own) == 1 else 0.4
            best = amounts.total(seen, places=currency.decimals(own[0])) or best
    days = [_dated(day) for day in dates.find(lines, today=today, month_first=_month_first(place, codes))]
    given = next((day for day in days if day.kind in ("care", "bill", "payment", "unknown")), None)
    paid = next((day for day in days if day.kind == "payment"), None)
    return Findings(
        total=best and _total(best, codes),
        currency=_coded(codes, sure, best[0] if best else None),
        given_on=given and _field(given, "given_on"),
        paid_on=paid and _field(paid, "paid_on"),
        provider=_words("provider", providers.provider(lines)),
        number=_words("number", providers.number(lines)),
        amounts=tuple(_amounts(seen, codes)),
        dates=tuple(days),
        language=language,
    )


def _currency(
    seen: Sequence[amounts.Amount], lines: Sequence[Row], place: money.Place
) -> tuple[tuple[str, ...], float]:
    """Return the currency of a paper, or those it may be, and how sure that is."""
    elsewhere = money.anywhere(lines)
    votes: dict[tuple[str, ...], float] = {}
    for one in seen:
        if one.sign:
            codes = money.settled(one.sign, place, elsewhere)
            votes[codes] = votes.get(codes, 0) + (4 if one.label in ("total", "paid") else 1) / len(codes)
    for code, count in elsewhere.items():
        votes[(code,)] = votes.get((code,), 0) + 0.8 * min(count, 4)
    if votes:
        codes = max(votes, key=lambda one: votes[one])
        return codes, 0.95 if len(codes) == 1 else 0.4
    return (place.currencies[:1] if seen else (), 0.5)  # without an amount, the country tells nothing


def _month_first(place: money.Place, codes: tuple[str, ...]) -> bool | None:
    """Return whether the month comes first in dates, where the paper tells: most currencies are of one order only."""
    if place.month_first is None and len(codes) == 1 and codes[0] not in money.OF_BOTH_ORDERS:
        return False
    return place.month_first


def _total(best: tuple[amounts.Amount, float], codes: tuple[str, ...]) -> Finding:
    amount, sure = best
    code = codes[0] if len(codes) == 1 else ""
    figure = _figure(amount.value, code)
    return Finding("total", figure, (figure,), *_written(amount.row, amount.start, amount.end), sure, currency=code)


def _amounts(seen: Sequence[amounts.Amount], codes: tuple[str, ...]) -> list[Finding]:
    places = currency.decimals(codes[0]) if codes else 2
    code = codes[0] if len(codes) == 1 else ""
    found = []
    for one in sorted(seen, key=lambda one: one.worth, reverse=True)[:_MOST_AMOUNTS]:
        amount = amounts.value(one.text, places)
        if amount:
            figure = _figure(amount, code)
            where = _written(one.row, one.start, one.end)
            found.append(Finding("amount", figure, (figure,), *where, 0.5, kind=one.label, currency=code))
    return found


def _figure(amount: Decimal, code: str) -> str:
    places = currency.decimals(code) if code else 2
    return f"{amount:.{max(places, -int(amount.as_tuple().exponent))}f}"


def _coded(codes: tuple[str, ...], sure: float, beside: amounts.Amount | None) -> Finding | None:
    if not codes:
        return None
    where = _written(beside.row, beside.start, beside.end) if beside else ("", 1, (0.0, 0.0, 0.0, 0.0))
    return Finding("currency", codes[0] if len(codes) == 1 else "", codes, *where, sure)


def _dated(day: dates.Day) -> Finding:
    sure = round(day.row.confidence(day.start, day.end) * {"care": 0.95, "birth": 0.9}.get(day.kind, 0.8), 2)
    candidates = tuple(one.isoformat() for one in day.candidates)
    value = candidates[0] if len(candidates) == 1 else ""
    return Finding("date", value, candidates, *_written(day.row, day.start, day.end), sure, kind=day.kind)


def _field(day: Finding, field: str) -> Finding:
    where = day.text, day.page, day.box
    return Finding(field, day.value, day.candidates, *where, day.confidence, kind=day.kind)


def _words(field: str, found: tuple[Row, int, int] | None) -> Finding | None:
    if not found:
        return None
    row, start, end = found
    text, page, box = _written(row, start, end)
    return Finding(field, text, (text,), text, page, box, round(row.confidence(start, end), 2))


def _written(row: Row, start: int, end: int) -> tuple[str, int, Box]:
    return row.raw(start, end), row.page, row.box(start, end)
