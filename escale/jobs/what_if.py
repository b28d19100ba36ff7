"""A jurist's question put to many lines of care at once: what would be due if a figure of the law were another."""

from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from datetime import date
from decimal import Decimal
from functools import partial
from multiprocessing import get_context
from random import Random
from typing import Any

from escale.rules import parameters
from escale.rules.intake import Care
from escale.rules.parameters import Edition
from escale.rules.reimbursement import CareLine, Exemption
from escale.rules.scope import RuleSet
from escale.rules.simulation import TOTALS, Program, changes, play, program

FIRST, LAST = date(2025, 1, 1), date(2026, 12, 31)
LINES_PER_PERSON = 10
PEOPLE_AT_ONCE = 1_000
# What people are given abroad: how often in a hundred, and about what it costs, in euros.
_STATED: dict[str, Any] = {"stated_reason": "tarif relevé"}
_CARE: tuple[tuple[int, str, Care, int, dict[str, Any]], ...] = (
    (24, "G", Care.GENERALIST, 60, {}),
    (12, "CS", Care.SPECIALIST, 95, {}),
    (4, "CS_GYN", Care.SPECIALIST, 95, {}),
    (14, "PH7", Care.PHARMACY, 30, _STATED | {"stated_tariff": Decimal("18.40"), "quantity": 2}),
    (12, "B 80", Care.BIOLOGY, 55, {}),
    (12, "AMK 9.5", Care.PHYSIOTHERAPY, 35, {}),
    (6, "AMI 2", Care.NURSE, 20, {}),
    (8, "C_DENT", Care.DENTAL, 70, {}),
    (2, "", Care.SPECIALIST, 900, _STATED | {"stated_tariff": Decimal("310.00")}),
    (3, "HOSP_MED", Care.HOSPITAL, 4000, _STATED | {"stated_tariff": Decimal("1500.00"), "hospital_days": 4}),
    (2, "TRANSPORT", Care.TRANSPORT, 120, _STATED | {"stated_tariff": Decimal("75.00")}),
    (1, "LPP", Care.DEVICE, 200, {}),
)
_PEOPLE = ((70, 40, None), (20, 10, None), (4, 3, None), (6, 55, Exemption.LONG_ILLNESS))

Programs = list[list[Program | None]]
"""By kind of care and of person, then by day of the two years."""


def generated(
    count: int, *, seed: int, proposed: Edition, processes: int, told: Callable[[int], None]
) -> list[list[int]]:
    """Return the totals of lines that never were, before and after (see `simulation.TOTALS`, in cents).

    The same seed gives the same lines; they are drawn, played and forgotten some thousands at a time. `told` hears
    how many are done.
    """
    both = [_programs(edition) for edition in (parameters.edition(), proposed)]
    people = -(-count // LINES_PER_PERSON)
    parts = [range(first, min(first + PEOPLE_AT_ONCE, people)) for first in range(0, people, PEOPLE_AT_ONCE)]
    totals, done = [[0] * len(TOTALS), [0] * len(TOTALS)], 0
    for part, found in zip(parts, _each(partial(_played, both, seed), parts, processes), strict=True):
        totals = [[a + b for a, b in zip(*pair, strict=True)] for pair in zip(totals, found, strict=True)]
        done += len(part) * LINES_PER_PERSON
        told(done)
    return totals


def _each(work: Callable[[range], list[list[int]]], parts: list[range], processes: int) -> Iterator[list[list[int]]]:
    if processes == 1:
        yield from map(work, parts)
        return
    # Forked, so that the programs are there without being sent; a few parts wait at a time, so memory stays flat.
    with ProcessPoolExecutor(processes, get_context("fork"), _receive, (work,)) as pool:
        yield from pool.map(_work, parts)


def _receive(work: Callable[[range], list[list[int]]]) -> None:
    _WORK.append(work)


def _work(part: range) -> list[list[int]]:
    return _WORK[-1](part)


_WORK: list[Callable[[range], list[list[int]]]] = []


def _programs(edition: Edition) -> Programs:
    """Work out every kind of line under an edition, once for each period in which the law does not change."""
    with parameters.reading(edition):
        starts = [day.toordinal() for day in changes(FIRST, LAST)]
        periods = [bisect_right(starts, day) - 1 for day in range(FIRST.toordinal(), LAST.toordinal() + 1)]
        found = []
        for _share, age, exemption in _PEOPLE:
            for _weight, code, care, _cost, more in _CARE:
                line = partial(CareLine, act_code=code, care=care, expense_eur=Decimal(0), patient_age=age, **more)
                kept = [
                    program(line(given_on=date.fromordinal(day), exemption=exemption, rule_set=RuleSet.SERVICE))
                    for day in starts
                ]
                found.append([kept[period] for period in periods])
        return found


def _played(both: list[Programs], seed: int, people: range) -> list[list[int]]:
    lines = list(_drawn(people, seed=seed))
    first, totals = FIRST.toordinal(), []
    for programs in both:
        found = [0] * len(TOTALS)
        play(((who, first + day, programs[kind][day], spent, paid) for who, day, kind, spent, paid in lines), found)
        totals.append(found)
    return totals


def _drawn(people: range, *, seed: int) -> Iterable[tuple[int, int, int, int, int]]:
    """Yield lines: person, day, kind of person and care, cents spent, cents that another body paid."""
    cares = [place for place, (weight, *_) in enumerate(_CARE) for _ in range(weight)]
    persons = [place for place, (weight, *_) in enumerate(_PEOPLE) for _ in range(weight)]
    costs, days = [cost * 100 for _weight, _code, _care, cost, _more in _CARE], (LAST - FIRST).days + 1
    random = Random(seed * len(people) + people.start).random  # noqa: S311  # the same seed, the same lines
    for person in people:
        kind = persons[int(random() * len(persons))] * len(_CARE)
        for day in sorted([int(random() * days) for _ in range(LINES_PER_PERSON)]):
            care = cares[int(random() * len(cares))]
            dear = random()
            spent = int(costs[care] * (dear + dear + 1) / 2)
            yield person, day, kind + care, spent, spent // 2 if dear > 0.95 else 0
