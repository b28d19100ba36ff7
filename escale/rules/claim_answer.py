"""The answer to a claim written in a file: the amount of each line, its steps and causes, ready for JSON."""

from collections.abc import Callable, Iterator, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from escale.rules import exemptions, parameters
from escale.rules.care_line import CareLine, age
from escale.rules.claim_file import Error, Refused
from escale.rules.contributions import Withheld
from escale.rules.currency import Origin, Quote, choose, codes_for, euros, rate_day
from escale.rules.exemptions import Exemption
from escale.rules.explanation import Refund, causes
from escale.rules.intake import Care
from escale.rules.limits import picked
from escale.rules.named import Named
from escale.rules.possible import faults
from escale.rules.scope import Scope, scope, territory
from escale.rules.treatment import ClaimRefund, ToDecide, refund_claim

Published = Callable[[str, date], Sequence[Quote]]

# What a field of a line of care is called in the file.
_KEYS = {
    "act_code": "act", "expense_eur": "amount", "paid_elsewhere_eur": "paid_elsewhere", "decided_eur": "decided_amount",
    "stated_reason": "reason", "state_of_stay_eur": "state_of_stay_amount",
}  # fmt: skip


class Status(Named):
    """What became of a line, or of the claim."""

    COMPUTED = "computed", "calculée"
    TO_DECIDE = "to_decide", "à décider par une personne"
    AWAITING = "awaiting", "en attente de l’organisme étranger"
    REDIRECTED = "redirected", "à adresser à un autre organisme"


def answer(claim: dict[str, Any], *, published: Published) -> dict[str, Any]:
    """Return the whole answer to a claim that `claim_file.read` returned; amounts are texts, in euros.

    `published` gives the exchange rates published at a date. Raises Refused for what the rules of the stay exclude.
    """
    competent = _competent(claim)
    if competent.rule_set is None:
        return _head(Status.REDIRECTED, competent) | {"lines": []}
    quotes = [_quote(line, published) for line in claim["lines"]]
    rated = [place for place, quote in enumerate(quotes) if quote]
    asked = {place: _care_line(claim, place, quotes[place], competent) for place in rated}
    _check(claim, asked)
    try:
        done = refund_claim(list(asked.values()), paid_elsewhere_eur=claim["paid_elsewhere_eur"]) if asked else None
    except ValueError as wrong:
        raise Refused((Error("lines", f"ligne impossible ({wrong})."),)) from wrong
    outcomes = dict(zip(rated, done.lines if done else (), strict=True))
    lines = [_told(claim["lines"][place], quotes[place], outcomes.get(place)) for place in range(len(quotes))]
    told = _head(_overall(lines), competent) | _totals(done, lines)
    told["automatic"] = told["automatic"] and not competent.to_settle
    return told | {"lines": lines, "parameters": list(_figures(asked, outcomes))}


def _competent(claim: dict[str, Any]) -> Scope:
    first = min(line["given_on"] for line in claim["lines"])
    begins = claim["stay_from"] or first
    return scope(
        territory=territory(claim["territory"], on=first),
        stay=claim["stay"],
        stay_from=begins,
        stay_until=claim["stay_until"],
        category=claim["beneficiary"]["category"],
        opex=claim["opex"],
        given_on=first,
    )


def _quote(line: dict[str, Any], published: Published) -> Quote | None:
    on = rate_day(paid_on=line["paid_on"], given_on=line["given_on"])
    if line["rate"]:
        return Quote(line["currency"], line["rate"], line["rate_source"], on, Origin.ENTERED)
    quotes = [quote for code in codes_for(line["currency"], on=on) for quote in published(code, on)]
    return choose(line["currency"], on=on, published=quotes)


def _care_line(claim: dict[str, Any], place: int, quote: Quote | None, competent: Scope) -> CareLine:
    line, person = claim["lines"][place], claim["beneficiary"]
    assert quote, "only lines with a rate are computed"
    assert competent.rule_set, "a redirected claim is not computed"
    code = f"{line['letter']} {line['coefficient'].normalize():f}" if line["letter"] else line["act"]
    given_on, stated = line["given_on"], line["state_of_stay_amount"]
    return CareLine(
        given_on=given_on,
        act_code=code,
        care=line["care"],
        expense_eur=euros(line["amount"], quote),
        paid_elsewhere_eur=euros(line["paid_elsewhere"], quote),
        patient_age=age(person["born_on"], on=given_on),
        patient_days=(given_on - person["born_on"]).days,
        january_age=max(0, age(person["born_on"], on=given_on.replace(month=1, day=1))),
        rule_set=competent.rule_set,
        authorisation=competent.authorisation,
        quantity=line["quantity"],
        hospital_days=line["hospital_days"],
        hospital_days_before=line["hospital_days_before"],
        exemption=line["exemption"] or _by_dates(line, person),
        heavy=line["heavy"],
        in_hospital=line["in_hospital"],
        emergency=line["emergency"],
        provider=line["provider"],
        choice=claim["choice"],
        state_of_stay_eur=None if stated is None else euros(stated, quote),
        european=territory(claim["territory"], on=given_on).zone.european,
        unforeseen=claim["unforeseen"],
        authorised=claim["authorised"],
        claimed_on=claim["claimed_on"],
        pregnancy_found_on=person["pregnancy"].get("found_on"),
        repaid_on=claim["repaid_on"],
        stated_tariff=line["stated_tariff"],
        decided_eur=line["decided_amount"],
        stated_reason=line["reason"],
        withheld=Withheld(**line["withheld"]),
    )


def _by_dates(line: dict[str, Any], person: dict[str, Any]) -> Exemption | None:
    """Return the exemption that the dates of a pregnancy or of a birth give by themselves."""
    expected_on, delivered_on = (person["pregnancy"].get(name) for name in ("expected_on", "delivered_on"))
    due_on = expected_on or delivered_on
    if due_on and exemptions.in_maternity(line["given_on"], expected_on=due_on, delivered_on=delivered_on):
        return Exemption.MATERNITY
    stays = line["care"] is Care.HOSPITAL or line["in_hospital"]
    if stays and exemptions.is_newborn(line["given_on"], born_on=person["born_on"]):
        return Exemption.NEWBORN
    return None


def _check(claim: dict[str, Any], asked: dict[int, CareLine]) -> None:
    errors = []
    for place, line in asked.items():
        for field, message in faults(line, picked(line)):
            path = field if field in claim else f"lines[{place}].{_KEYS.get(field, field)}"
            errors.append(Error(path, message))
        stays = picked(line).care is Care.HOSPITAL and not line.emergency and line.decided_eur is None
        if stays and not line.hospital_days:
            errors.append(Error(f"lines[{place}].hospital_days", "donnez le nombre de jours d’hospitalisation."))
    if errors:
        raise Refused(tuple(dict.fromkeys(errors)))


def _told(line: dict[str, Any], quote: Quote | None, outcome: Refund | ToDecide | None) -> dict[str, Any]:
    rate = quote and {"units_per_eur": f"{quote.units_per_eur:f}", "source": quote.source, "on": quote.on.isoformat()}
    told: dict[str, Any] = {"amount": f"{line['amount']:f}", "currency": line["currency"], "rate": rate}
    if outcome is None:
        reason = f"Aucun cours publié pour {line['currency']} à cette date : saisissez-le, avec sa source."
        return told | _status(Status.TO_DECIDE) | {"reason": reason}
    if isinstance(outcome, ToDecide):
        status = Status.AWAITING if outcome.awaited else Status.TO_DECIDE
        return told | _status(status) | {"reason": outcome.reason}
    return told | _status(Status.COMPUTED) | {
        "paid": str(outcome.steps[0].before),
        "due": str(outcome.due),
        "not_repaid": str(outcome.steps[0].before - outcome.due),
        "participation": f"{outcome.participation:.2f}",
        "franchise": f"{outcome.franchise:.2f}",
        "automatic": outcome.automatic,
        "notes": list(outcome.notes),
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


def _figures(asked: dict[int, CareLine], outcomes: dict[int, Refund | ToDecide]) -> Iterator[dict[str, str]]:
    """Yield the figures and tariffs that the steps used, once for each version."""
    seen = set()
    for place, line in asked.items():
        outcome = outcomes[place]
        for step in outcome.steps if isinstance(outcome, Refund) else ():
            if not step.parameter or not step.version or (step.parameter, step.version) in seen:
                continue
            seen.add((step.parameter, step.version))
            if step.parameter in parameters.names():
                figure = parameters.figure(step.parameter, on=line.given_on)
                told = {"value": f"{figure.value:f}", "source": figure.source, "confidence": figure.confidence}
            else:
                act = picked(line)
                told = {"value": f"{act.tariff:f}", "source": act.source, "confidence": ""}
            yield {"name": step.parameter, "version": step.version} | told


def _overall(lines: list[dict[str, Any]]) -> Status:
    found = {line["status"] for line in lines}
    return next((one for one in (Status.TO_DECIDE, Status.AWAITING) if one.value in found), Status.COMPUTED)


def _status(status: Status) -> dict[str, str]:
    return {"status": status.value, "status_label": status.label}


def _head(status: Status, competent: Scope) -> dict[str, Any]:
    read = parameters.edition()
    return _status(status) | {
        "edition": {"number": read.number, "imprint": read.imprint},
        "rule_set": competent.rule_set and competent.rule_set.value,
        "reason": competent.reason,
        "articles": list(competent.articles),
        "fund": competent.fund and competent.fund.name,
        "alerts": list(competent.alerts),
    }
