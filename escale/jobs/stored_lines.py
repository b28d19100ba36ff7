"""The lines that the Fund has computed, read again for a jurist's question; nothing is written."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import Any

from escale.domain.claims.models import ClaimLine
from escale.domain.registry.models import Link
from escale.rules import parameters, reimbursement, scope
from escale.rules.acts import act
from escale.rules.currency import cents
from escale.rules.intake import Care
from escale.rules.parameters import Edition
from escale.rules.reimbursement import CareLine, Exemption
from escale.rules.simulation import TOTALS, Line, Program, play, program

_AT_ONCE = 5_000
_FIELDS = (
    "bill__claim__beneficiary_id", "bill__claim__beneficiary__born_on", "bill__claim__beneficiary__link",
    "bill__claim__territory", "bill__claim__stay", "bill__claim__stay_from", "bill__claim__stay_until",
    "given_on", "act", "care", "quantity", "exemption", "expense", "paid_elsewhere", "rate", "reason",
)  # fmt: skip


def played(*, proposed: Edition, told: Callable[[int], None]) -> list[list[int]]:
    """Return the totals of the lines computed so far, before and after (see `simulation.TOTALS`, in cents).

    A line whose tariff or amount an agent stated counts as one to decide. Lines are read some thousands at a time,
    a person's together, so memory stays flat.
    """
    editions, totals = (parameters.edition(), proposed), [[0] * len(TOTALS), [0] * len(TOTALS)]
    done = 0
    for rows in _by_people():
        for edition, found in zip(editions, totals, strict=True):
            with parameters.reading(edition):
                play((_line(row) for row in rows), found)
        done += len(rows)
        told(done)
    return totals


def _by_people() -> Iterator[list[tuple[Any, ...]]]:
    lines = ClaimLine.objects.filter(due__isnull=False).order_by("bill__claim__beneficiary_id", "given_on", "pk")
    rows: list[tuple[Any, ...]] = []
    for row in lines.values_list(*_FIELDS).iterator(chunk_size=_AT_ONCE):
        if len(rows) >= _AT_ONCE and row[0] != rows[-1][0]:
            yield rows
            rows = []
        rows.append(row)
    if rows:
        yield rows


def _line(row: tuple[Any, ...]) -> Line:
    person, born_on, link, place, stay, stay_from, stay_until, given_on, code, care, *rest = row
    quantity, exemption, expense, paid_elsewhere, rate, reason = rest
    rule_set = _rule_set(place, stay, stay_from, stay_until, link != Link.SELF)
    age = reimbursement.age(born_on, on=given_on)
    january_age = max(0, reimbursement.age(born_on, on=given_on.replace(month=1, day=1)))
    kind = None
    if rule_set and code and not reason:  # with a reason, an agent stated the tariff or decided the amount
        kind = _kind(code, care, quantity, exemption, rule_set, given_on)
    how = _program(replace(kind, patient_age=age, january_age=january_age), parameters.edition()) if kind else None
    return person, given_on.toordinal(), how, int(expense * 100), int(cents(paid_elsewhere / rate) * 100)


def _kind(code: str, care: str, quantity: int, exemption: str, rule_set: scope.RuleSet, given_on: date) -> CareLine:
    try:
        kind = act(code, on=given_on).care
    except LookupError:
        kind = Care(care)
    stays = kind is Care.HOSPITAL
    return CareLine(
        given_on=given_on,
        act_code=code,
        care=kind,
        expense_eur=Decimal(0),
        patient_age=0,
        rule_set=rule_set,
        quantity=1 if stays else quantity,
        hospital_days=quantity if stays else 0,
        exemption=Exemption(exemption) if exemption else None,
    )


@lru_cache(maxsize=65_536)
def _program(kind: CareLine, _edition: Edition) -> Program | None:
    return program(kind)


@lru_cache(maxsize=4_096)
def _rule_set(place: str, stay: str, stay_from: date, stay_until: date | None, dependant: bool) -> scope.RuleSet | None:
    return scope.scope(
        territory=scope.territory(place, on=stay_from),
        stay=scope.Stay(stay),
        stay_from=stay_from,
        stay_until=stay_until,
        dependant=dependant,
    ).rule_set
