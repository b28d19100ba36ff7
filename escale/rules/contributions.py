"""What stays with the insured person after the patient share: participation forfaitaire and franchises médicales."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from escale.rules import parameters
from escale.rules.currency import cents
from escale.rules.intake import Care

_NOTHING = Decimal(0)
PARTICIPATION = "participation_forfaitaire"
_PARTICIPATION = frozenset({
    Care.GENERALIST, Care.SPECIALIST, Care.IMAGING, Care.HEAVY_IMAGING, Care.BIOLOGY, Care.MATERNITY, Care.FERTILITY,
})  # fmt: skip
_FRANCHISE = {
    Care.PHARMACY: "franchise_drug",
    Care.VACCINE: "franchise_drug",
    Care.NURSE: "franchise_auxiliary",
    Care.PHYSIOTHERAPY: "franchise_auxiliary",
    Care.AUXILIARY: "franchise_auxiliary",
    Care.TRANSPORT: "franchise_transport",
}


@dataclass(frozen=True, slots=True)
class Withheld:
    """What was already withheld from this person, in euros: the same day, and since 1 January."""

    participations_today: Decimal = _NOTHING
    participations_this_year: Decimal = _NOTHING
    franchises_today: Decimal = _NOTHING
    franchises_this_year: Decimal = _NOTHING


@dataclass(frozen=True, slots=True)
class Contribution:
    """An amount to withhold, in euros, with its French label, its article and the parameter it comes from."""

    label: str
    article: str
    parameter: str
    amount: Decimal
    version: str = ""
    days_unknown: bool = False
    """More acts on one line than the ceiling of a day counts, and nobody said on how many days."""


def contribution(
    care: Care, *, on: date, quantity: int, withheld: Withheld, repaid_on: date | None = None, days: int | None = None
) -> Contribution | None:
    """Return what this care asks before any waiver, capped by day and by year, None where nothing is due.

    CSS, art. L. 160-13, II and III, D. 160-6 to D. 160-11; `quantity` counts acts, boxes or journeys, given evenly on
    so many `days`, on one where that is not known. The amount and the ceiling of the day are those of the care, the
    ceiling of the year that of the repayment.
    """
    asked = terms(care, on=on, quantity=quantity, repaid_on=repaid_on, days=days)
    if asked is None:
        return None
    if asked.parameter == PARTICIPATION:
        in_the_day, in_the_year = withheld.participations_today, withheld.participations_this_year
    else:
        in_the_day, in_the_year = withheld.franchises_today, withheld.franchises_this_year
    left, crowded = asked.per_year - in_the_year, False
    if asked.per_day is not None:
        left = min(left, asked.per_day - in_the_day)
        crowded = asked.amount > asked.per_day
    amount = max(_NOTHING, min(asked.amount, left))
    return Contribution(asked.label, asked.article, asked.parameter, amount, asked.version, days is None and crowded)


class Terms(NamedTuple):
    """What a contribution asks before any ceiling, and its ceilings for the days of the line and by year, in euros."""

    label: str
    article: str
    parameter: str
    amount: Decimal
    per_day: Decimal | None
    per_year: Decimal
    version: str


def terms(
    care: Care, *, on: date, quantity: int, repaid_on: date | None = None, days: int | None = None
) -> Terms | None:
    """Return what this care is asked and its ceilings, None where nothing is (CSS, art. L. 160-13, II and III)."""
    if not parameters.value("flat_contributions_apply", on=on):
        return None
    counted_on = counted(on, repaid_on=repaid_on)
    if care in _PARTICIPATION:
        name, label, article = PARTICIPATION, "Participation forfaitaire", "CSS, art. L. 160-13, II"
        unit = parameters.figure(name, on=on)
        per_day: Decimal | None = unit.value * parameters.value(f"{name}_per_day", on=on)
        per_year = parameters.value(name, on=counted_on) * parameters.value(f"{name}_per_year", on=counted_on)
    elif name := _FRANCHISE.get(care, ""):
        label, article = "Franchise médicale", "CSS, art. L. 160-13, III et D. 160-9"
        unit, per_year = parameters.figure(name, on=on), parameters.value("franchise_per_year", on=counted_on)
        per_day = None if name == "franchise_drug" else parameters.value(f"{name}_per_day", on=on)
    else:
        return None
    if per_day is not None:
        per_day *= days or 1
    return Terms(label, article, name, unit.value * quantity, per_day, per_year, unit.version)


def counted(on: date, *, repaid_on: date | None) -> date:
    """Return the date whose year bears a contribution: that of the repayment (CSS, art. D. 160-6 and D. 160-10)."""
    by_repayment = parameters.value("flat_contributions_counted_at_repayment", on=repaid_on or on)
    return repaid_on if repaid_on and by_repayment else on


def one_ceiling(care: Care, other: Care) -> bool:
    """Tell whether two kinds of care share the ceiling of a day of one franchise (CSS, art. D. 160-10)."""
    return care in _FRANCHISE and _FRANCHISE[care] == _FRANCHISE.get(other)


class Ledger:
    """The contributions withheld from one person, so that no ceiling is passed over the lines of a claim."""

    def __init__(self) -> None:
        self._taken: dict[tuple[object, ...], Decimal] = {}

    def before(self, care: Care, *, on: date, provider: str, repaid_on: date | None, known: Withheld) -> Withheld:
        """Return what was withheld before a line: what was known already, and what this ledger took down."""
        year = counted(on, repaid_on=repaid_on).year
        franchise = _FRANCHISE.get(care, "")
        return Withheld(
            known.participations_today + self._taken.get((PARTICIPATION, on, provider), _NOTHING),
            known.participations_this_year + self._taken.get((PARTICIPATION, year), _NOTHING),
            known.franchises_today + self._taken.get((franchise, on), _NOTHING),
            known.franchises_this_year + self._taken.get(("franchise", year), _NOTHING),
        )

    def take(
        self, parameter: str, amount: Decimal, *, on: date, provider: str, repaid_on: date | None, days: int | None
    ) -> None:
        """Take down what a line bore of a contribution, under the parameter that it comes from, evenly on its days."""
        year = counted(on, repaid_on=repaid_on).year
        by_day: tuple[object, ...] = (parameter, on, provider) if parameter == PARTICIPATION else (parameter, on)
        by_year = (parameter if parameter == PARTICIPATION else "franchise", year)
        for key, part in ((by_day, cents(amount / (days or 1))), (by_year, amount)):
            self._taken[key] = self._taken.get(key, _NOTHING) + part


def waiver(*, on: date, january_age: int, maternity: bool) -> tuple[str, str] | None:
    """Return why nothing is withheld from this person (French reason, article), None when it is."""
    from_age = parameters.value("flat_contributions_age", on=on)
    if january_age < from_age:
        label = f"Moins de {from_age} ans au 1er janvier : ni participation forfaitaire ni franchise"
        return label, "CSS, art. L. 160-15, R. 160-20 et D. 160-12"
    if maternity and not parameters.value("flat_contributions_in_maternity", on=on):
        return "Maternité : ni participation forfaitaire ni franchise", "CSS, art. L. 160-9"
    return None
