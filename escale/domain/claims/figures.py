"""What a decision ordered a line by, and under what circumstances: kept with its award, whatever is settled later."""

import json
from collections.abc import Iterable
from copy import copy
from dataclasses import asdict, dataclass
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder

from escale.domain.claims import queries
from escale.domain.claims.models import Award, Claim, ClaimLine, Decision
from escale.rules.deadlines import Residence
from escale.rules.scope import RuleSet, Stay

NAMES = (
    "given_on", "care", "amount", "paid_elsewhere", "act", "quantity", "days", "exemption", "rate", "rate_source",
    "rate_on", "expense", "due", "participation", "franchise", "counted_on", "explanation", "refused", "reason_code",
    "reason",
)  # fmt: skip
_COLUMNS = {column.name: column for column in ClaimLine._meta.concrete_fields}


@dataclass(frozen=True, slots=True)
class Circumstances:
    """Where and why care was given, the rules that applied, and where the insured person lived."""

    place: str
    stay: Stay
    rule_set: RuleSet | None
    residence: Residence


def awards(decision: Decision, lines: Iterable[ClaimLine]) -> list[Award]:
    """Return what a decision orders for its lines, with their figures and its circumstances, without keeping it yet."""
    under = asdict(today(decision.claim))
    return [
        Award(decision=decision, line=line, amount=queries.to_order([line]), figures=_kept(line, under))
        for line in lines
    ]


def _kept(line: ClaimLine, under: dict[str, Any]) -> dict[str, Any]:
    figures = {name: getattr(line, name) for name in NAMES} | {"circumstances": under}
    said: dict[str, Any] = json.loads(json.dumps(figures, cls=DjangoJSONEncoder))
    return said


def as_ordered(award: Award) -> ClaimLine:
    """Return the line of an award as it was decided, whatever became of it since: to be read, never saved."""
    line = copy(award.line)
    for name in award.figures.keys() & NAMES:
        setattr(line, name, _COLUMNS[name].to_python(award.figures[name]))
    return line


def today(claim: Claim) -> Circumstances:
    """Return the circumstances of a claim, as they are known today."""
    return Circumstances(
        place=queries.place(claim).name,
        stay=Stay(claim.stay),
        rule_set=queries.competence(claim).rule_set,
        residence=Residence(claim.insured.residence),
    )


def circumstances(decision: Decision) -> Circumstances:
    """Return those under which a decision was made; of one from before they were kept, those of today (1 query)."""
    said = decision.awards.order_by("pk").values_list("figures__circumstances", flat=True).first()
    if not said:
        return today(decision.claim)
    return Circumstances(
        place=said["place"],
        stay=Stay(said["stay"]),
        rule_set=RuleSet(said["rule_set"]) if said["rule_set"] else None,
        residence=Residence(said["residence"]),
    )
