"""What no value of a claim's file tells alone: dates in their order, amounts that go with their currency."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from escale.rules import parameters
from escale.rules.claim_text import Error
from escale.rules.claim_values import decimals_of
from escale.rules.currency import choose, decimals, rate_day
from escale.rules.deadlines import months_after
from escale.rules.intake import Care
from escale.rules.stays import Stay

_OLDEST, _PREGNANCY_MONTHS = 130, 9
_IN_THE_CURRENCY = ("amount", "paid_elsewhere", "state_of_stay_amount")


def disagreements(claim: dict[str, Any]) -> Iterator[Error]:
    """Yield what is wrong between the values of a claim, each read by itself."""
    if claim["stay_from"] and claim["stay_until"] and claim["stay_until"] <= claim["stay_from"]:
        yield Error("stay_until", "le séjour finit après son début (le jour d’après le dernier).")
        return
    if claim["opex"] and claim["stay"] is not Stay.MISSION:
        yield Error("opex", "une opération extérieure est une mission.")
    if claim["claimed_on"] and claim["repaid_on"] and claim["repaid_on"] < claim["claimed_on"]:
        yield Error("repaid_on", "le remboursement ne peut pas précéder la demande (claimed_on).")
    for name, message in _pregnancy(claim):
        yield Error(f"beneficiary.pregnancy.{name}", message)
    for number, line in enumerate(claim["lines"]):
        for name, message in (*_when(claim, line), *_paid(claim, line), *_what(line), *_money(line)):
            yield Error(f"lines[{number}].{name}", message)


def _pregnancy(claim: dict[str, Any]) -> Iterator[tuple[str, str]]:
    person = claim["beneficiary"]
    expected_on, delivered_on, found_on = (
        person["pregnancy"].get(name) for name in ("expected_on", "delivered_on", "found_on")
    )
    for name, one in person["pregnancy"].items():
        if one and one <= person["born_on"]:
            yield name, "une grossesse ne peut pas précéder la naissance de la personne (born_on)."
    if expected_on and delivered_on:
        begun_on, last = months_after(expected_on, -_PREGNANCY_MONTHS), months_after(expected_on, 1)
        if not begun_on <= delivered_on <= last:
            yield "delivered_on", "l’accouchement est trop loin de sa date présumée (expected_on)."
    if not found_on:
        return
    if (ends_on := delivered_on or expected_on) and not months_after(ends_on, -12) <= found_on <= ends_on:
        yield "found_on", "la grossesse est constatée dans l’année qui précède l’accouchement."
        return
    lines, last = claim["lines"], months_after(found_on, 12)
    outside = any(line["care"] is Care.MATERNITY and not found_on <= line["given_on"] <= last for line in lines)
    if outside or all(line["given_on"] < found_on for line in lines):
        yield "found_on", "la grossesse est constatée dans l’année qui précède les soins, ou le jour même."


def _when(claim: dict[str, Any], line: dict[str, Any]) -> Iterator[tuple[str, str]]:
    given_on, born_on = line["given_on"], claim["beneficiary"]["born_on"]
    if given_on < born_on:
        yield "given_on", "les soins ne peuvent pas précéder la naissance."
    if given_on >= months_after(born_on, 12 * _OLDEST):
        yield "given_on", f"la personne soignée aurait plus de {_OLDEST} ans ce jour-là."
    if claim["claimed_on"] and given_on > claim["claimed_on"]:
        yield "given_on", "les soins ne peuvent pas suivre la demande (claimed_on)."
    if claim["repaid_on"] and given_on > claim["repaid_on"]:
        yield "given_on", "les soins ne peuvent pas suivre le remboursement (repaid_on)."
    if claim["stay_from"] and given_on < claim["stay_from"]:
        yield "given_on", "les soins ne peuvent pas précéder le séjour (stay_from)."
    if claim["stay_until"] and given_on >= claim["stay_until"]:
        yield "given_on", "les soins ne peuvent pas suivre le séjour (stay_until, le jour d’après le dernier)."


def _paid(claim: dict[str, Any], line: dict[str, Any]) -> Iterator[tuple[str, str]]:
    paid_on, given_on = line["paid_on"], line["given_on"]
    if not paid_on:
        return
    if paid_on < given_on and line["care"] is not Care.HOSPITAL:
        yield "paid_on", "le paiement ne peut pas précéder les soins."
    elif paid_on < months_after(given_on, -12):
        yield "paid_on", "le paiement précède les soins de plus d’une année."
    if claim["claimed_on"] and paid_on > claim["claimed_on"]:
        yield "paid_on", "le paiement ne peut pas suivre la demande (claimed_on)."
    if claim["repaid_on"] and paid_on > claim["repaid_on"]:
        yield "paid_on", "le paiement ne peut pas suivre le remboursement (repaid_on)."


def _what(line: dict[str, Any]) -> Iterator[tuple[str, str]]:
    if (line["letter"] is None) != (line["coefficient"] is None):
        yield "letter", "une lettre-clé et son coefficient vont ensemble."
    if line["letter"] and line["act"]:
        yield "act", "donnez un code d’acte ou une lettre-clé, pas les deux."
    stated = line["stated_tariff"] is not None or line["decided_amount"] is not None
    if line["stated_tariff"] is not None and line["decided_amount"] is not None:
        yield "decided_amount", "donnez un tarif retenu ou un montant décidé, pas les deux."
    if stated and not line["reason"]:
        yield "reason", "un tarif retenu ou un montant décidé demande un motif."
    if line["emergency"] and (line["hospital_days"] or line["in_hospital"]):
        yield "emergency", "un passage aux urgences n’est pas suivi d’une hospitalisation : gardez l’un ou l’autre."
    if line["hospital_days"] and line["care"] is not Care.HOSPITAL and not line["in_hospital"]:
        yield "hospital_days", "ces soins ne sont pas une hospitalisation."
    if line["quantity"] > 1 and line["care"] is Care.HOSPITAL and not line["emergency"]:
        yield "quantity", "d’une hospitalisation, donnez les jours (hospital_days)."
    priced = line["act"].startswith("HOSP") or (stated and line["decided_amount"] is None)
    if line["care"] is Care.HOSPITAL and priced and not line["hospital_days"] and not line["emergency"]:
        yield "hospital_days", "donnez le nombre de jours d’hospitalisation."


def _money(line: dict[str, Any]) -> Iterator[tuple[str, str]]:
    places = decimals(line["currency"])
    for name in _IN_THE_CURRENCY:
        if line[name] is not None and decimals_of(line[name]) > places:
            yield name, f"un montant en {line['currency']} a {places} décimales au plus."
    exact = line["rate"] and _exact(line)
    if exact and line["rate"] != exact:
        yield "rate", f"le cours est fixé : 1 EUR = {exact:f} {line['currency']}. Laissez ce champ vide."


def _exact(line: dict[str, Any]) -> Decimal | None:
    """Return the rate that the law fixes between a currency and the euro, None where it floats."""
    try:
        on = rate_day(paid_on=line["paid_on"], given_on=line["given_on"])
        quote = choose(line["currency"], on=on, published=())
    except parameters.Unknown:
        return None
    return quote.units_per_eur if quote else None
