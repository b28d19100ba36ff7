"""The lines that the Fund has computed, read again for a jurist's question; nothing is written."""

from bisect import bisect_right
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import Any

from escale.domain.claims.models import ClaimLine
from escale.domain.claims.queries import cared_for
from escale.domain.tariffs import queries as tariffs
from escale.rules import parameters, reimbursement, scope, stays, territories
from escale.rules.acts import Act
from escale.rules.care_line import gives_choice
from escale.rules.currency import cents
from escale.rules.intake import Care
from escale.rules.parameters import Edition
from escale.rules.reimbursement import CareLine, Choice, Exemption
from escale.rules.simulation import TOTALS, Line, Program, play, program

_AT_ONCE = 5_000
_FIELDS = (
    "bill__claim__beneficiary_id", "bill__claim__beneficiary__born_on", "bill__claim__beneficiary__link",
    "bill__claim__insured__category",
    "bill__claim__territory", "bill__claim__stay", "bill__claim__stay_from", "bill__claim__stay_until",
    "bill__claim__opex", "bill__claim__choice",
    "given_on", "act", "care", "expense", "paid_elsewhere", "rate", "reason",
    "quantity", "days", "exemption", "unforeseen", "authorised", "in_hospital", "emergency", "heavy",
)  # fmt: skip
_ACT, _DAY = _FIELDS.index("act"), _FIELDS.index("given_on")


def played(*, proposed: Edition, told: Callable[[int], None]) -> list[list[int]]:
    """Return the totals of the lines computed so far, before and after (see `simulation.TOTALS`, in cents).

    A line whose tariff or amount an agent stated, or that the State of stay answered, counts as one to decide. Lines
    are read some thousands at a time, a person's together, so memory stays flat.
    """
    editions, totals = (parameters.edition(), proposed), [[0] * len(TOTALS), [0] * len(TOTALS)]
    done = 0
    for rows in _by_people():
        for edition, found in zip(editions, totals, strict=True):
            with parameters.reading(edition):
                acts = tariffs.known_together({(row[_ACT], row[_DAY]) for row in rows if row[_ACT]})
                play((_line(row, acts) for row in rows), found)
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


def _line(row: tuple[Any, ...], acts: Mapping[tuple[str, date], Act]) -> Line:
    person, born_on, link, category, place, stay, stay_from, stay_until, opex, *told = row
    choice, given_on, code, care, *rest = told
    expense, paid_elsewhere, rate, reason, *retained = rest
    who, day = cared_for(link=link, category=category), _law_day(given_on)
    rules = _rules(place, stay, stay_from, stay_until, who, opex, day)
    rule_set, european, authorisation = rules
    age = reimbursement.age(born_on, on=given_on)
    january_age = max(0, reimbursement.age(born_on, on=given_on.replace(month=1, day=1)))
    kind = None
    answered = choice == Choice.STATE_OF_STAY and gives_choice(rule_set, european=european)
    if rule_set and code and not (reason or answered):  # with a reason, an agent stated the tariff or the amount
        kind = _kind(code, acts.get((code, given_on)), care, rule_set, european, authorisation, given_on, *retained)
    how = _program(replace(kind, patient_age=age, january_age=january_age), parameters.edition()) if kind else None
    return person, given_on.toordinal(), how, int(expense * 100), int(cents(paid_elsewhere / rate) * 100)


def _kind(
    code: str, act: Act | None, care: str, rule_set: scope.RuleSet, european: bool,
    authorisation: scope.Authorisation | None, given_on: date, quantity: int, days: int | None, exemption: str,
    unforeseen: bool | None, authorised: bool | None, in_hospital: bool, emergency: bool, heavy: bool,
) -> CareLine:  # fmt: skip
    kind = act.care if act else Care(care)
    stays = kind is Care.HOSPITAL and not emergency
    return CareLine(
        given_on=given_on,
        act_code=code,
        act=act,
        care=kind,
        expense_eur=Decimal(0),
        patient_age=0,
        rule_set=rule_set,
        european=european,
        authorisation=authorisation,
        quantity=1 if stays else quantity,
        hospital_days=quantity if stays else 0,
        days=None if stays else days,
        exemption=Exemption(exemption) if exemption else None,
        unforeseen=unforeseen,
        authorised=authorised,
        in_hospital=in_hospital,
        emergency=emergency,
        heavy=heavy,
    )


@lru_cache(maxsize=65_536)
def _program(kind: CareLine, _edition: Edition) -> Program | None:
    return program(kind)


def _law_day(given_on: date) -> date:
    """Return the first day of the period of the matrix and of the map that holds a day of care."""
    switches = _switches()
    place = bisect_right(switches, given_on)
    return switches[place - 1] if place else given_on


@parameters.per_edition(maxsize=64)
def _switches() -> tuple[date, ...]:
    return tuple(sorted({*stays.switches(), *territories.switches()}))


@parameters.per_edition(maxsize=4_096)
def _rules(
    place: str,
    stay: str,
    stay_from: date,
    stay_until: date | None,
    category: scope.Category,
    opex: bool,
    given_on: date,
) -> tuple[scope.RuleSet | None, bool, scope.Authorisation | None]:
    """Return the rules of a stay on a day of care, whether it was in Europe, and what authorisation its care needs."""
    try:
        where = scope.territory(place, on=given_on)
    except LookupError:
        return None, False, None  # to decide
    competent = scope.scope(
        territory=where,
        stay=scope.Stay(stay),
        stay_from=stay_from,
        stay_until=stay_until,
        category=category,
        opex=opex,
        given_on=given_on,
    )
    return competent.rule_set, where.zone.european, competent.authorisation
