"""What a change of the law would change: many lines recomputed at once, in whole cents, exactly as `refund` does."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from escale.rules import parameters
from escale.rules.care_line import CareLine, Choice
from escale.rules.contributions import PARTICIPATION, terms
from escale.rules.currency import CENT
from escale.rules.explanation import Cause
from escale.rules.intake import Care
from escale.rules.limits import Unverified, tariff, unit_tariff
from escale.rules.possible import Impossible
from escale.rules.reimbursement import daily_charge, free, waived, work
from escale.rules.scope import RuleSet
from escale.rules.shares import borne

_ANY_EXPENSE = Decimal(10) ** 9
_NO_LIMIT = 10**15
# The order of the totals: what is due, then why the rest is not.
TOTALS = ("due", Cause.ELSEWHERE, Cause.TARIFF, Cause.SHARE, Cause.DAILY_CHARGE, Cause.CAP, Cause.PARTICIPATION,
          Cause.FRANCHISE, "to_decide")  # fmt: skip


class Program(NamedTuple):
    """A line of care worked out once for any expense, in cents: the steps of `refund` as whole numbers.

    Paid: the tariff, `kept` parts of it in `parts`, no more borne than `lump`, `charge` of a stay (added to the share
    where `adds`), the French `cap`; then a contribution, `flat`, within its ceilings and evenly on its `days`;
    `ledger` tells which counts it.
    """

    tariff: int
    kept: int
    parts: int
    lump: int
    charge: int
    adds: bool
    cap: int
    flat: int
    per_day: int
    per_year: int
    ledger: str
    days: int


Line = tuple[int, int, Program | None, int, int]
"""A person, a day (as `date.toordinal`), a program, and in cents what was spent and what another body paid."""


def program(line: CareLine) -> Program | None:
    """Return the program of a line, whatever its expense; None where a person decides, or for an impossible line."""
    if line.choice is not Choice.FRENCH or line.decided_eur is not None:
        return None
    try:
        worked = work(replace(line, expense_eur=_ANY_EXPENSE, paid_elsewhere_eur=Decimal(0)))
    except (Unverified, Impossible):
        return None
    if worked.closed:
        return None
    limit, _told = tariff(line, worked.act)
    unit, abroad = unit_tariff(line, worked.act), line.rule_set is RuleSet.SERVICE
    share = borne(line, worked.act, base=limit, unit=unit, abroad=abroad)
    stays = worked.act.care is Care.HOSPITAL and not line.emergency
    charge = daily_charge(line, worked.act)[1] if stays else None
    if share.fixed is not None:  # a lump sum whatever the base: all of it is borne, no more than that
        share = share._replace(percent=Decimal(100), lump=share.fixed)
    asked = None
    if not (free(line, worked.act) or waived(worked)):
        asked = terms(
            worked.act.care, on=line.given_on, quantity=line.quantity, days=line.days, repaid_on=line.repaid_on
        )
    return Program(
        tariff=_cents(limit),
        kept=share.kept.numerator,
        parts=share.kept.denominator,
        lump=_NO_LIMIT if share.lump is None else _cents(share.lump),
        charge=_cents(charge or Decimal(0)),
        adds=share.heavy and bool(parameters.value("hospital_daily_charge_adds", on=line.given_on)),
        cap=_cents(worked.french) if abroad else _NO_LIMIT,
        flat=_cents(asked.amount) if asked else 0,
        per_day=_cents(asked.per_day) if asked and asked.per_day is not None else _NO_LIMIT,
        per_year=_cents(asked.per_year) if asked else _NO_LIMIT,
        ledger=asked.parameter if asked else "",
        days=line.days or 1,
    )


def play(lines: Iterable[Line], totals: list[int]) -> None:
    """Add to the totals (see TOTALS, in cents) what is due for lines, and why the rest is not.

    Lines come person by person, days in order: the ceilings of contributions are counted for each.
    """
    due, elsewhere, beyond, shares, days, capped, participations, franchises, undecided = totals
    who, today, year = -1, -1, -1
    by_day: dict[str, int] = {}
    by_year = {True: 0, False: 0}
    for person, day, how, spent, paid in lines:
        if how is None:
            undecided += 1
            continue
        ceiling, kept, parts, lump, charge, adds, cap, flat, per_day, per_year, ledger, across = how
        left = spent - paid if paid < spent else 0
        elsewhere += spent - left
        base = ceiling if left > ceiling else left
        beyond += left - base
        amount = (2 * base * kept + parts) // (2 * parts)
        share = base - amount
        if share > lump:
            share, amount = lump, base - lump
        shares += share
        if charge:
            after = base - (share + charge if adds else max(share, charge))
            after = after if after > 0 else 0
            days += amount - after
            amount = after
        if amount > cap:
            capped += amount - cap
            amount = cap
        if flat:
            if person != who or day != today:
                if person != who or date.fromordinal(day).year != year:
                    who, year = person, date.fromordinal(day).year
                    by_year = {True: 0, False: 0}
                today, by_day = day, {}
            is_participation = ledger == PARTICIPATION
            taken = max(0, min(flat, per_day - by_day.get(ledger, 0), per_year - by_year[is_participation], amount))
            by_day[ledger] = by_day.get(ledger, 0) + (2 * taken + across) // (2 * across)
            by_year[is_participation] += taken
            if is_participation:
                participations += taken
            else:
                franchises += taken
            amount -= taken
        due += amount
    totals[:] = [due, elsewhere, beyond, shares, days, capped, participations, franchises, undecided]


def told(totals: Sequence[int]) -> dict[str, Decimal | int]:
    """Return the totals by name, in euros (the last one is a count of lines)."""
    names = [str(name) for name in TOTALS]
    return {name: one if name == "to_decide" else one * CENT for name, one in zip(names, totals, strict=True)}


def _cents(amount: Decimal) -> int:
    whole = amount / CENT
    assert whole == int(whole), "what the law gives in euros is in whole cents"
    return int(whole)


def changes(first: date, last: date) -> tuple[date, ...]:
    """Return the first day of each period in which the law does not change, in the edition being read."""
    rows = [row for name in parameters.names() for row in parameters.laid_over("figure", name, _values(name))]
    rows += [row for act in parameters.table("acts")["acts"] for row in act.get("rows", ())]
    rows += [row for keys in parameters.edition().rows.values() for row in keys]
    days = {row[end] for row in rows for end in ("from", "until") if end in row}
    return (first, *sorted(day for day in days if first < day <= last))


def _values(name: str) -> list[parameters.Row]:
    values: list[parameters.Row] = parameters.table(name)["values"]
    return values
