"""The answer to a claim written in a file: the amount of each line, its steps and causes, ready for JSON."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from escale.rules import parameters
from escale.rules.claim_lines import Prepared, Published, prepare, unknown
from escale.rules.claim_text import Error, Refused
from escale.rules.explanation import Refund, causes
from escale.rules.limits import picked
from escale.rules.named import Named
from escale.rules.scope import Scope
from escale.rules.treatment import ClaimRefund, ToDecide, refund_claim

_NOTHING = Decimal(0)


class Status(Named):
    """What became of a line, or of the claim."""

    COMPUTED = "computed", "calculée"
    TO_DECIDE = "to_decide", "à décider par une personne"
    AWAITING = "awaiting", "en attente de l’organisme étranger"
    REDIRECTED = "redirected", "à adresser à un autre organisme"


def answer(claim: dict[str, Any], *, published: Published) -> dict[str, Any]:
    """Return the whole answer to a claim that `claim_file.read` returned; amounts are texts, in euros.

    `published` gives the exchange rates published at a date. Each line follows the rules of its own day. Raises
    Refused for what the rules of the stay exclude.
    """
    lines = _prepared(claim, published)
    scopes = tuple(dict.fromkeys(line.scope for line in lines if line.scope))
    if all(line.redirected for line in lines):
        return _head(Status.REDIRECTED, scopes) | {"lines": []}
    done = _refund(lines, claim["paid_elsewhere_eur"])
    outcomes = iter(done.lines if done else ())
    results = [next(outcomes) if line.care else None for line in lines]
    told = [_told(line, result) for line, result in zip(lines, results, strict=True)]
    whole = _head(_overall(told), scopes) | _totals(done, told)
    doubts = [*(doubt for line in lines for doubt in line.doubts), *_doubts(lines, claim["paid_elsewhere_eur"])]
    whole["alerts"] = list(dict.fromkeys([*whole["alerts"], *doubts]))
    whole["automatic"] = whole["automatic"] and not doubts and not any(one.to_settle for one in scopes)
    return whole | {"lines": told, "parameters": list(_figures(lines, results))}


def _prepared(claim: dict[str, Any], published: Published) -> list[Prepared]:
    lines: list[Prepared] = []
    errors: list[Error] = []
    for place in range(len(claim["lines"])):
        try:
            lines.append(prepare(claim, place, published=published))
        except Refused as refusal:
            errors.extend(refusal.errors)
        except ValueError as wrong:
            errors.append(Error(f"lines[{place}]", str(wrong)))
    if errors:
        raise Refused(tuple(dict.fromkeys(errors)))
    return lines


def _refund(lines: list[Prepared], paid_elsewhere_eur: Decimal) -> ClaimRefund | None:
    """Compute the lines together; where a figure is not known for the whole, each is left to a person."""
    cares = [line.care for line in lines if line.care]
    try:
        return refund_claim(cares, paid_elsewhere_eur=paid_elsewhere_eur) if cares else None
    except parameters.Unknown as gap:
        for line in lines:
            line.care, line.gap = None, line.gap or unknown(gap)
    return None


def _doubts(lines: list[Prepared], paid_elsewhere_eur: Decimal) -> Iterator[str]:
    paid = sum((line.care.expense_eur for line in lines if line.care), _NOTHING)
    if paid_elsewhere_eur > paid and all(line.care for line in lines):
        yield "Un autre organisme aurait payé plus que toute la demande : vérifiez sa part."


def _told(line: Prepared, outcome: Refund | ToDecide | None) -> dict[str, Any]:
    quote = line.quote
    rate = quote and {"units_per_eur": f"{quote.units_per_eur:f}", "source": quote.source, "on": quote.on.isoformat()}
    rule_set = line.scope.rule_set.value if line.scope and line.scope.rule_set else None
    told: dict[str, Any] = {"amount": f"{line.said['amount']:f}", "currency": line.said["currency"], "rate": rate}
    told |= {"rule_set": rule_set}
    if line.scope and line.redirected:
        return told | _status(Status.REDIRECTED) | {"reason": line.scope.reason}
    if outcome is None:
        return told | _status(Status.TO_DECIDE) | {"reason": line.gap}
    if isinstance(outcome, ToDecide):
        status = Status.AWAITING if outcome.awaited else Status.TO_DECIDE
        return told | _status(status) | {"reason": outcome.reason}
    return told | _status(Status.COMPUTED) | {
        "paid": str(outcome.steps[0].before),
        "due": str(outcome.due),
        "not_repaid": str(outcome.steps[0].before - outcome.due),
        "participation": f"{outcome.participation:.2f}",
        "franchise": f"{outcome.franchise:.2f}",
        "automatic": outcome.automatic and not line.doubts,
        "notes": [*outcome.notes, *line.doubts],
        "steps": [{name: str(getattr(step, name)) for name in step.__slots__} for step in outcome.steps],
        "causes": [
            {"cause": cut.cause.value, "label": cut.label, "article": cut.article, "amount": str(cut.amount)}
            for cut in causes(outcome)
        ],
    }  # fmt: skip


def _totals(done: ClaimRefund | None, lines: list[dict[str, Any]]) -> dict[str, Any]:
    if done is None:
        return {"due": None, "automatic": False}
    computed = [line for line in lines if line["status"] == Status.COMPUTED]
    paid = sum((Decimal(line["paid"]) for line in computed), Decimal("0.00"))
    cuts: dict[str, Decimal] = {}
    for line in computed:
        for cut in line["causes"]:
            cuts[cut["cause"]] = cuts.get(cut["cause"], Decimal(0)) + Decimal(cut["amount"])
    return {
        "due": str(done.due) if computed else None,
        "paid": str(paid),
        "not_repaid": str(paid - done.due),
        "french": f"{done.french:.2f}",
        "cap_scope": done.scope.value,
        "automatic": all(line.get("automatic", False) for line in lines),
        "causes": {cause: str(cut) for cause, cut in cuts.items()},
    }


def _figures(lines: list[Prepared], outcomes: list[Refund | ToDecide | None]) -> Iterator[dict[str, str]]:
    """Yield the figures and tariffs that the steps used, once for each version."""
    seen = set()
    for line, outcome in zip(lines, outcomes, strict=True):
        if line.care is None or not isinstance(outcome, Refund):
            continue
        for step in outcome.steps:
            if not step.parameter or not step.version or (step.parameter, step.version) in seen:
                continue
            seen.add((step.parameter, step.version))
            if step.parameter in parameters.names():
                figure = parameters.figure(step.parameter, on=line.care.given_on)
                told = {"value": f"{figure.value:f}", "source": figure.source, "confidence": figure.confidence}
            else:
                act = picked(line.care)
                told = {"value": f"{act.tariff:f}", "source": act.source, "confidence": ""}
            yield {"name": step.parameter, "version": step.version} | told


def _overall(lines: list[dict[str, Any]]) -> Status:
    found = {line["status"] for line in lines}
    if found & {Status.TO_DECIDE.value, Status.REDIRECTED.value}:
        return Status.TO_DECIDE
    return Status.AWAITING if Status.AWAITING.value in found else Status.COMPUTED


def _status(status: Status) -> dict[str, str]:
    return {"status": status.value, "status_label": status.label}


def _head(status: Status, scopes: tuple[Scope, ...]) -> dict[str, Any]:
    """Return what holds for the whole claim; where the rules change during the stay, each line tells its own."""
    read, rule_sets = parameters.edition(), {one.rule_set for one in scopes}
    rule_set = rule_sets.pop() if len(rule_sets) == 1 else None
    return _status(status) | {
        "edition": {"number": read.number, "imprint": read.imprint},
        "rule_set": rule_set and rule_set.value,
        "reason": " ; ".join(dict.fromkeys(one.reason for one in scopes)),
        "articles": list(dict.fromkeys(article for one in scopes for article in one.articles)),
        "fund": next((one.fund.name for one in scopes if one.fund), None),
        "alerts": list(dict.fromkeys(alert for one in scopes for alert in one.alerts)),
    }
