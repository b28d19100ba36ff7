"""What stays with the insured person after the patient share: participation forfaitaire and franchises médicales."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from escale.rules import parameters
from escale.rules.intake import Care

_NOTHING = Decimal(0)
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


def contribution(care: Care, *, on: date, quantity: int, withheld: Withheld) -> Contribution | None:
    """Return what this care asks before any waiver, capped by day and by year, None where nothing is due.

    CSS, art. L. 160-13, II and III, D. 160-6 to D. 160-11; `quantity` counts acts, boxes or journeys of the day.
    """
    if not parameters.value("flat_contributions_apply", on=on):
        return None
    if care in _PARTICIPATION:
        unit = parameters.value("participation_forfaitaire", on=on)
        left = min(
            unit * parameters.value("participation_forfaitaire_per_day", on=on) - withheld.participations_today,
            unit * parameters.value("participation_forfaitaire_per_year", on=on) - withheld.participations_this_year,
        )
        return Contribution(
            "Participation forfaitaire",
            "CSS, art. L. 160-13, II",
            "participation_forfaitaire",
            max(_NOTHING, min(unit * quantity, left)),
        )
    if name := _FRANCHISE.get(care):
        left = parameters.value("franchise_per_year", on=on) - withheld.franchises_this_year
        if name != "franchise_drug":
            left = min(left, parameters.value(f"{name}_per_day", on=on) - withheld.franchises_today)
        due = max(_NOTHING, min(parameters.value(name, on=on) * quantity, left))
        return Contribution("Franchise médicale", "CSS, art. L. 160-13, III et D. 160-9", name, due)
    return None


def waiver(*, on: date, january_age: int, maternity: bool) -> tuple[str, str] | None:
    """Return why nothing is withheld from this person (French reason, article), None when it is."""
    if january_age < parameters.value("flat_contributions_age", on=on):
        return "Moins de 18 ans au 1er janvier : ni participation forfaitaire ni franchise", "CSS, art. L. 160-15"
    if maternity and not parameters.value("flat_contributions_in_maternity", on=on):
        return "Maternité : ni participation forfaitaire ni franchise", "CSS, art. L. 160-9"
    return None
