"""A claim written in a JSON file, as docs/compute.md says: read, checked whole, every error with its path."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any, NamedTuple

from escale.rules.care_line import Choice
from escale.rules.exemptions import Exemption
from escale.rules.identity import folded
from escale.rules.intake import Care
from escale.rules.named import Named
from escale.rules.scope import Stay, territory
from escale.rules.stays import Category

_LARGEST = Decimal(10) ** 12


class Wrong(ValueError):
    """What is wrong with one value: a French sentence."""


@dataclass(frozen=True, slots=True)
class Error:
    """One thing to mend in the file: where (« lines[2].given_on »), and what, in French."""

    path: str
    message: str


class Refused(ValueError):
    """The file cannot be computed; it holds everything that is wrong."""

    def __init__(self, errors: tuple[Error, ...]) -> None:
        super().__init__("\n".join(f"{error.path} : {error.message}" for error in errors))
        self.errors = errors


class Field(NamedTuple):
    """A key of the file: how its value is read, what it is when absent."""

    read: Callable[[Any], Any]
    required: bool = False
    default: Any = None


def text(value: Any) -> str:
    """Read words."""
    if not isinstance(value, str) or not value.strip():
        raise Wrong("écrivez un texte entre guillemets.")
    return value.strip()


def day(value: Any) -> date:
    """Read a date, year first."""
    try:
        return date.fromisoformat(text(value))
    except ValueError:
        raise Wrong(f"{value!r} n’est pas une date : écrivez-la « 2026-03-31 ».") from None


def amount(value: Any) -> Decimal:
    """Read an amount of zero or more, a number or its text, with a dot."""
    try:
        number = Decimal(str(value)) if isinstance(value, str | int | Decimal) and value is not True else None
    except InvalidOperation:
        number = None
    if number is None or isinstance(value, bool) or not number.is_finite() or not 0 <= number < _LARGEST:
        raise Wrong(f"{value!r} n’est pas un montant : écrivez un nombre positif, par exemple 12.50.")
    return number


def rate(value: Any) -> Decimal:
    """Read an exchange rate, units of the currency for one euro."""
    number = amount(value)
    if not number:
        raise Wrong("un cours de change est supérieur à zéro.")
    return number


def count(value: Any) -> int:
    """Read a whole number of zero or more."""
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= 10_000:
        raise Wrong(f"{value!r} n’est pas un nombre entier positif.")
    return value


def several(value: Any) -> int:
    """Read a whole number of one or more."""
    if not count(value):
        raise Wrong("il faut au moins 1.")
    return int(value)


def switch(value: Any) -> bool:
    """Read yes or no."""
    if not isinstance(value, bool):
        raise Wrong("écrivez true ou false, sans guillemets.")
    return value


def currency(value: Any) -> str:
    """Read the code of a currency, of today or of yesterday."""
    code = text(value).upper()
    if len(code) != 3 or not code.isalpha():
        raise Wrong(f"{value!r} n’est pas un code de monnaie (ISO 4217), par exemple « USD ».")
    return code


def one_of(words: type[Named]) -> Callable[[Any], Any]:
    """Read a word of a list, by its code or its French name."""

    def read(value: Any) -> Any:
        wanted = folded(text(value))
        for word in words:
            if wanted in (folded(word.value), word.value, folded(word.label)):
                return word
        choices = ", ".join(f"« {word.value} »" for word in words)
        raise Wrong(f"{value!r} n’est pas connu : choisissez parmi {choices}.")

    return read


def place(value: Any) -> str:
    """Read the code of a territory."""
    code = text(value).upper()
    try:
        territory(code, on=date.max)
    except LookupError:
        raise Wrong(f"aucun territoire ne porte le code {value!r} (ISO 3166, par exemple « DJ »).") from None
    return code


PREGNANCY = {"expected_on": Field(day), "delivered_on": Field(day), "found_on": Field(day)}
WITHHELD = {
    name: Field(amount, default=Decimal(0))
    for name in ("participations_today", "participations_this_year", "franchises_today", "franchises_this_year")
}
LINE = {
    "given_on": Field(day, required=True), "care": Field(one_of(Care), required=True),
    "amount": Field(amount, required=True), "currency": Field(currency, default="EUR"), "paid_on": Field(day),
    "rate": Field(rate), "rate_source": Field(text, default="Cours saisi"), "act": Field(text, default=""),
    "letter": Field(text), "coefficient": Field(amount), "quantity": Field(several, default=1),
    "paid_elsewhere": Field(amount, default=Decimal(0)), "exemption": Field(one_of(Exemption)),
    "provider": Field(text, default=""), "hospital_days": Field(count, default=0),
    "hospital_days_before": Field(count, default=0), "in_hospital": Field(switch, default=False),
    "emergency": Field(switch, default=False), "heavy": Field(switch, default=False),
    "stated_tariff": Field(amount), "decided_amount": Field(amount), "reason": Field(text, default=""),
    "state_of_stay_amount": Field(amount), "withheld": Field(lambda value: _Part(value, WITHHELD), default={}),
}  # fmt: skip
BENEFICIARY = {
    "born_on": Field(day, required=True), "category": Field(one_of(Category), default=Category.ACTIVE),
    "pregnancy": Field(lambda value: _Part(value, PREGNANCY), default={}),
}  # fmt: skip
CLAIM = {
    "territory": Field(place, required=True), "stay": Field(one_of(Stay), required=True), "stay_from": Field(day),
    "stay_until": Field(day), "opex": Field(switch, default=False), "claimed_on": Field(day), "repaid_on": Field(day),
    "choice": Field(one_of(Choice), default=Choice.FRENCH), "unforeseen": Field(switch), "authorised": Field(switch),
    "paid_elsewhere_eur": Field(amount, default=Decimal(0)),
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
    """Return the values of a claim, typed, absent ones at their default; raises Refused with every error."""
    errors: list[Error] = []
    found = _object(content, CLAIM, "", errors)
    if not errors:
        _agree(found, errors)
    if errors:
        raise Refused(tuple(errors))
    return found


def _object(value: Any, fields: Mapping[str, Field], path: str, errors: list[Error]) -> dict[str, Any]:
    if not isinstance(value, dict):
        errors.append(Error(path or "(fichier)", "écrivez un objet, entre accolades."))
        return {}
    found = {}
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
    return [_object(one, part.fields, f"{path}[{number}]", errors) for number, one in enumerate(part.value)]


def _under(path: str, name: str) -> str:
    return f"{path}.{name}" if path else str(name)


def _agree(found: dict[str, Any], errors: list[Error]) -> None:
    """Check what no value tells alone."""
    born_on, today = found["beneficiary"]["born_on"], found["claimed_on"]
    if found["stay_from"] and found["stay_until"] and found["stay_until"] <= found["stay_from"]:
        errors.append(Error("stay_until", "le séjour finit après son début (le jour d’après le dernier)."))
    for number, line in enumerate(found["lines"]):
        path = f"lines[{number}]"
        if line["given_on"] < born_on:
            errors.append(Error(f"{path}.given_on", "les soins ne peuvent pas précéder la naissance."))
        if today and line["given_on"] > today:
            errors.append(Error(f"{path}.given_on", "les soins ne peuvent pas suivre la demande (claimed_on)."))
        if line["paid_on"] and line["paid_on"] < line["given_on"] and line["care"] is not Care.HOSPITAL:
            errors.append(Error(f"{path}.paid_on", "le paiement ne peut pas précéder les soins."))
        if (line["letter"] is None) != (line["coefficient"] is None):
            errors.append(Error(f"{path}.letter", "une lettre-clé et son coefficient vont ensemble."))
        if line["letter"] and line["act"]:
            errors.append(Error(f"{path}.act", "donnez un code d’acte ou une lettre-clé, pas les deux."))
        stated = line["stated_tariff"] is not None or line["decided_amount"] is not None
        if stated and not line["reason"]:
            errors.append(Error(f"{path}.reason", "un tarif retenu ou un montant décidé demande un motif."))
        priced = line["act"].startswith("HOSP") or stated and line["decided_amount"] is None
        if line["care"] is Care.HOSPITAL and priced and not line["hospital_days"] and not line["emergency"]:
            errors.append(Error(f"{path}.hospital_days", "donnez le nombre de jours d’hospitalisation."))
