"""The lines of a claim's file in the words of the law: their rules and their rate on their own day, what is missing."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from escale.rules import exemptions, parameters, redenominations
from escale.rules.care_line import CareLine, age
from escale.rules.claim_text import Error, Refused, refused
from escale.rules.claim_values import MOST_EUR
from escale.rules.contributions import Withheld
from escale.rules.currency import Origin, Quote, choose, codes_for, euros, rate_day
from escale.rules.exemptions import Exemption
from escale.rules.intake import Care
from escale.rules.limits import picked
from escale.rules.plausibility import doubt
from escale.rules.possible import faults
from escale.rules.scope import Scope, Territory, scope, territory
from escale.rules.treatment import refund_claim

Published = Callable[[str, date], Sequence[Quote]]

# What a field of a line of care is called in the file.
_KEYS = {
    "act_code": "act", "expense_eur": "amount", "paid_elsewhere_eur": "paid_elsewhere", "decided_eur": "decided_amount",
    "stated_reason": "reason", "state_of_stay_eur": "state_of_stay_amount",
}  # fmt: skip


@dataclass(slots=True)
class Prepared:
    """A line of the file, and how the law looks at it: without `care`, `gap` or the scope says why, in French."""

    said: dict[str, Any]
    scope: Scope | None = None
    quote: Quote | None = None
    care: CareLine | None = None
    gap: str = ""
    doubts: tuple[str, ...] = ()
    """What a person must verify before the line is paid, in French."""

    @property
    def redirected(self) -> bool:
        """Whether another fund is competent."""
        return bool(self.scope and self.scope.rule_set is None)


def prepare(claim: dict[str, Any], place: int, *, published: Published) -> Prepared:
    """Return a line of a claim as the law looks at it; raises Refused for what the rules of the stay exclude."""
    line = Prepared(claim["lines"][place])
    try:
        line.scope = _competent(claim, line.said)
        if line.redirected:
            return line
        line.quote = _quote(line.said, published)
        if line.quote is None:
            line.gap = f"Aucun cours publié pour {line.said['currency']} à cette date : saisissez-le, avec sa source."
        else:
            care = _care_line(claim, line, line.quote, line.scope)
            if errors := tuple(dict.fromkeys(_errors(claim, place, care, line.quote))):
                raise Refused(errors)
            refund_claim([care])  # Alone, it tells whether each figure that it needs is known on its day.
            line.care = care
        line.doubts = tuple(_doubts(line, published))
    except parameters.Unknown as gap:
        line.gap = unknown(gap)
    return line


def unknown(gap: parameters.Unknown) -> str:
    """Return, in French, that a line is left to a person for want of a figure."""
    return f"{gap} : cette ligne est à décider par une personne."


def _competent(claim: dict[str, Any], line: dict[str, Any]) -> Scope:
    first = min(one["given_on"] for one in claim["lines"])
    return scope(
        territory=_where(claim, line),
        stay=claim["stay"],
        stay_from=claim["stay_from"] or first,
        stay_until=claim["stay_until"],
        category=claim["beneficiary"]["category"],
        opex=claim["opex"],
        given_on=line["given_on"],
    )


def _where(claim: dict[str, Any], line: dict[str, Any]) -> Territory:
    try:
        return territory(claim["territory"], on=line["given_on"])
    except LookupError:
        raise refused("territory", f"ce territoire n’existait pas le {line['given_on']:%d/%m/%Y}.") from None


def _quote(line: dict[str, Any], published: Published) -> Quote | None:
    if line["rate"]:
        on = rate_day(paid_on=line["paid_on"], given_on=line["given_on"])
        return Quote(line["currency"], line["rate"], line["rate_source"], on, Origin.ENTERED)
    return _known_quote(line, published)


def _known_quote(line: dict[str, Any], published: Published) -> Quote | None:
    on = rate_day(paid_on=line["paid_on"], given_on=line["given_on"])
    quotes = [quote for code in codes_for(line["currency"], on=on) for quote in published(code, on)]
    return choose(line["currency"], on=on, published=quotes)


def _care_line(claim: dict[str, Any], asked: Prepared, quote: Quote, competent: Scope) -> CareLine:
    line, person = asked.said, claim["beneficiary"]
    assert competent.rule_set, "a redirected line is not computed"
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
        days=line["days"],
        hospital_days=line["hospital_days"],
        hospital_days_before=line["hospital_days_before"],
        exemption=line["exemption"] or _by_dates(line, person),
        heavy=line["heavy"],
        in_hospital=line["in_hospital"],
        emergency=line["emergency"],
        provider=line["provider"],
        choice=claim["choice"],
        state_of_stay_eur=None if stated is None else euros(stated, quote),
        european=_where(claim, line).zone.european,
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
    infant = age(person["born_on"], on=line["given_on"]) < 1
    if stays and infant and exemptions.is_newborn(line["given_on"], born_on=person["born_on"]):
        return Exemption.NEWBORN
    return None


def _errors(claim: dict[str, Any], place: int, care: CareLine, quote: Quote) -> Iterator[Error]:
    for name in ("amount", "paid_elsewhere", "state_of_stay_amount"):
        if (claim["lines"][place][name] or 0) / quote.units_per_eur > MOST_EUR:
            message = "cela fait plus d’un milliard d’euros : vérifiez le montant, la monnaie et le cours."
            yield Error(f"lines[{place}].{name}", message)
    act = picked(care)
    for field, message in faults(care, act):
        yield Error(field if field in claim else f"lines[{place}].{_KEYS.get(field, field)}", message)
    stays = act.care is Care.HOSPITAL and not care.emergency and care.decided_eur is None
    if stays and not care.hospital_days:
        yield Error(f"lines[{place}].hospital_days", "donnez le nombre de jours d’hospitalisation.")


def _doubts(line: Prepared, published: Published) -> Iterator[str]:
    on = rate_day(paid_on=line.said["paid_on"], given_on=line.said["given_on"])
    if question := redenominations.question(line.said["currency"], on=on):
        yield question
    known = _known_quote(line.said, published) if line.said["rate"] else None
    if known and line.quote and (why := doubt(line.quote, known=known)):
        yield (
            f"Cours saisi, 1 EUR = {line.quote.units_per_eur:f} {known.currency} : {why.label} "
            f"({known.units_per_eur:f} au {known.on:%d/%m/%Y})."
        )
    if line.said["paid_elsewhere"] > line.said["amount"]:
        yield "Un autre organisme aurait payé plus que cette facture : vérifiez sa part."
