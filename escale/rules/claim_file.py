"""A claim written in a JSON file, as docs/compute.md says: read, checked whole, every error with its path."""

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any, NamedTuple

from escale.rules.care_line import Choice
from escale.rules.claim_agreement import disagreements
from escale.rules.claim_text import Doubled, Error, Refused, printable
from escale.rules.claim_values import (
    Wrong,
    amount,
    birth,
    coefficient,
    count,
    currency,
    day,
    euros,
    one_of,
    place,
    rate,
    several,
    switch,
    text,
)
from escale.rules.exemptions import Exemption
from escale.rules.intake import Care
from escale.rules.scope import Stay
from escale.rules.stays import Category

_MOST_LINES, _MOST_ERRORS = 1_000, 100


class Field(NamedTuple):
    """A key of the file: how its value is read, what it is when absent."""

    read: Callable[[Any], Any]
    required: bool = False
    default: Any = None


PREGNANCY = {"expected_on": Field(day), "delivered_on": Field(day), "found_on": Field(day)}
WITHHELD = {
    name: Field(euros, default=Decimal(0))
    for name in ("participations_today", "participations_this_year", "franchises_today", "franchises_this_year")
}
LINE = {
    "given_on": Field(day, required=True), "care": Field(one_of(Care), required=True),
    "amount": Field(amount, required=True), "currency": Field(currency, default="EUR"), "paid_on": Field(day),
    "rate": Field(rate), "rate_source": Field(text, default="Cours saisi"), "act": Field(text, default=""),
    "letter": Field(text), "coefficient": Field(coefficient), "quantity": Field(several, default=1),
    "paid_elsewhere": Field(amount, default=Decimal(0)), "exemption": Field(one_of(Exemption)),
    "provider": Field(text, default=""), "days": Field(several), "hospital_days": Field(count, default=0),
    "hospital_days_before": Field(count, default=0), "in_hospital": Field(switch, default=False),
    "emergency": Field(switch, default=False), "heavy": Field(switch, default=False),
    "stated_tariff": Field(euros), "decided_amount": Field(euros), "reason": Field(text, default=""),
    "state_of_stay_amount": Field(amount), "withheld": Field(lambda value: _Part(value, WITHHELD), default={}),
}  # fmt: skip
BENEFICIARY = {
    "born_on": Field(birth, required=True), "category": Field(one_of(Category), default=Category.ACTIVE),
    "pregnancy": Field(lambda value: _Part(value, PREGNANCY), default={}),
}  # fmt: skip
CLAIM = {
    "territory": Field(place, required=True), "stay": Field(one_of(Stay), required=True), "stay_from": Field(day),
    "stay_until": Field(day), "opex": Field(switch, default=False), "claimed_on": Field(day), "repaid_on": Field(day),
    "choice": Field(one_of(Choice), default=Choice.FRENCH), "unforeseen": Field(switch), "authorised": Field(switch),
    "paid_elsewhere_eur": Field(euros, default=Decimal(0)),
    "beneficiary": Field(lambda value: _Part(value, BENEFICIARY), required=True),
    "lines": Field(lambda value: _Parts(value, LINE), required=True),
}  # fmt: skip


class _Part(NamedTuple):
    """An object within the file, still to be read."""

    value: Any
    fields: Mapping[str, Field]


class _Parts(NamedTuple):
    """A list of objects within the file, still to be read."""

    value: Any
    fields: Mapping[str, Field]


def read(content: Any) -> dict[str, Any]:
    """Return the values of a claim, typed, absent ones at their default; raises Refused with every error.

    Of a great many errors, the first hundred are told.
    """
    errors: list[Error] = []
    found = _object(content, CLAIM, "", errors)
    if not errors:
        errors.extend(disagreements(found))
    if errors:
        raise Refused(tuple(errors[:_MOST_ERRORS]))
    return found


def _object(value: Any, fields: Mapping[str, Field], path: str, errors: list[Error]) -> dict[str, Any]:
    if not isinstance(value, dict):
        errors.append(Error(path or "(fichier)", "écrivez un objet, entre accolades."))
        return {}
    found = {}
    for name in value.twice if isinstance(value, Doubled) else ():
        errors.append(Error(_under(path, name), "ce champ est écrit plusieurs fois : gardez le bon."))
    for name in sorted(value.keys() - fields.keys()):
        errors.append(Error(_under(path, name), f"champ inconnu : choisissez parmi {', '.join(fields)}."))
    for name, field in fields.items():
        where = _under(path, name)
        if value.get(name) is None:
            if field.required:
                errors.append(Error(where, "ce champ est obligatoire."))
            found[name] = field.default
            continue
        try:
            part = field.read(value[name])
        except Wrong as wrong:
            errors.append(Error(where, str(wrong)))
            continue
        found[name] = _within(part, where, errors) if isinstance(part, _Part | _Parts) else part
    return found


def _within(part: _Part | _Parts, path: str, errors: list[Error]) -> Any:
    if isinstance(part, _Part):
        return _object(part.value, part.fields, path, errors)
    if not isinstance(part.value, list) or not part.value:
        errors.append(Error(path, "écrivez une liste d’au moins une ligne, entre crochets."))
        return []
    if len(part.value) > _MOST_LINES:
        errors.append(Error(path, f"{_MOST_LINES} lignes au plus : partagez la demande."))
        return []
    return [_object(one, part.fields, f"{path}[{number}]", errors) for number, one in enumerate(part.value)]


def _under(path: str, name: str) -> str:
    told = printable(name) or "(sans nom)"
    return f"{path}.{told}" if path else told
