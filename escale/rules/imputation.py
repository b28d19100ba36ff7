"""Where a benefit is imputed: the budget that bears it, and the ground on which it is owed."""

from dataclasses import dataclass
from typing import Any

from escale.rules import parameters
from escale.rules.named import Named
from escale.rules.stays import Cause, RuleSet


class Benefit(Named):
    """What the Fund pays."""

    CARE_ABROAD = "care_abroad", "Soins reçus hors de France"
    PENSIONER_CARE = "pensioner_care", "Soins médicaux gratuits d’un pensionné"
    SERVICE_CARE = "service_care", "Soins imputables au service"


CARE = frozenset({Benefit.CARE_ABROAD, Benefit.PENSIONER_CARE, Benefit.SERVICE_CARE})
"""What pays care back: it alone is certified as such, and is not taxed."""


@dataclass(frozen=True, slots=True)
class Imputation:
    """The code of a budget, the benefit, and the articles on which it is owed, in French."""

    budget: str
    benefit: Benefit
    legal_basis: str


def care(*, rule_set: RuleSet | None, cause: Cause | None = None) -> Imputation:
    """
    Return where a line of care is imputed: care that a pension or the service caused is borne by the State.

    CSS, art. L. 713-21 (general scheme), L. 712-11-1 and D. 713-7 (service), R. 761-18 and R. 761-19 (abroad).
    """
    benefit = _OF_CAUSE.get(cause, Benefit.CARE_ABROAD) if cause else Benefit.CARE_ABROAD
    row = _row(benefit)
    articles = row.get("articles_of", {}).get(rule_set.value) if rule_set else None
    return Imputation(row["budget"], benefit, articles or row["legal_basis"])


_OF_CAUSE = {Cause.PENSION: Benefit.PENSIONER_CARE, Cause.SERVICE: Benefit.SERVICE_CARE}


def _row(benefit: Benefit) -> dict[str, Any]:
    rows = parameters.table("imputations")["imputations"]
    return next(row for row in rows if row["benefit"] == benefit)
