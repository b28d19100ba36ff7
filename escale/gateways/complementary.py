"""What a complementary insurer receives of a payment, as docs/complementary.schema.json says: one JSON object."""

import csv
import io
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Any

FORMAT, VERSION = "escale.complementary-statement", 1

_LEFT = {
    "share": "Participation de l’assuré",
    "daily_charge": "Forfait journalier",
    "contributions": "Participations forfaitaires et franchises",
    "beyond_tariff": "Dépassement du tarif",
    "paid_elsewhere": "Déjà payé par un autre organisme",
    "other": "Autre reste à charge",
}
_COLUMNS = {
    "payment": "Versement",
    "paid_on": "Payé le",
    "last_name": "Nom",
    "first_name": "Prénom",
    "born_on": "Naissance",
    "given_on": "Date des soins",
    "family": "Famille de remboursement",
    "expense": "Dépense (€)",
    "reimbursed_before": "Remboursé avant (€)",
    "reimbursed": "Remboursé par ce versement (€)",
    "still_due": "Encore dû par la Caisse (€)",
} | {part: f"{label} (€)" for part, label in _LEFT.items()}
_SUMS = {"expense", "reimbursed_before", "reimbursed", "still_due", *_LEFT}
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


class Kind(StrEnum):
    """What a message says: that a payment was made, or that the one it names came back."""

    STATEMENT = "statement"
    CANCELLATION = "cancellation"


@dataclass(frozen=True, slots=True)
class Contract:
    """To which insurer, by its code and its name, and under which number the person is known there."""

    insurer: str
    name: str
    number: str


@dataclass(frozen=True, slots=True)
class Person:
    """Who was cared for."""

    last_name: str
    first_name: str
    born_on: date


@dataclass(frozen=True, slots=True)
class Line:
    """What was spent for one act, what is paid of it or still will be, and by name what is left, in euros."""

    given_on: date
    family: str
    expense: Decimal
    reimbursed_before: Decimal
    reimbursed: Decimal
    still_due: Decimal
    left: Mapping[str, Decimal]


@dataclass(frozen=True, slots=True)
class Message:
    """One message; without a contract it is what somebody downloads for themselves."""

    kind: Kind
    reference: str
    made_on: date
    sender: str
    payment: str
    amount: Decimal
    paid_on: date | None = None
    contract: Contract | None = None
    cancels: str = ""
    person: Person | None = None
    lines: Sequence[Line] = ()


def as_json(message: Message) -> bytes:
    """Return a message as it leaves: the same one, the same bytes."""
    told = {
        "format": FORMAT,
        "version": VERSION,
        "kind": message.kind,
        "reference": message.reference,
        "cancels": message.cancels or None,
        "made_on": message.made_on.isoformat(),
        "sender": message.sender,
        "contract": message.contract and _contract(message.contract),
        "person": message.person and _person(message.person),
        "payment": {
            "reference": message.payment,
            "paid_on": message.paid_on and message.paid_on.isoformat(),
            "currency": "EUR",
            "amount": _euros(message.amount),
        },
        "lines": [_line(line) for line in message.lines],
    }
    return json.dumps(told, ensure_ascii=False, indent=1).encode() + b"\n"


def as_csv(message: bytes, *, families: Mapping[str, str]) -> bytes:
    """
    Return the lines of such a JSON as a table for a French spreadsheet; one that cancels has its head only.

    `families`: the French name of each family of care, by its code.
    """
    told = json.loads(message)
    out = io.StringIO(newline="")
    table = csv.writer(out, delimiter=";")
    table.writerow(_COLUMNS.values())
    for line in told["lines"]:
        payment = {"payment": told["payment"]["reference"], "paid_on": told["payment"]["paid_on"]}
        said = payment | told["person"] | line | line["left"]
        said["family"] = families.get(line["family"], line["family"])
        table.writerow(_cell(name, said[name]) for name in _COLUMNS)
    return out.getvalue().encode("utf-8-sig")  # without the mark, a spreadsheet mistakes the accents


def _cell(name: str, said: str) -> str:
    """Return what a cell says: a sum with its comma, and never a word that a spreadsheet would reckon."""
    if name in _SUMS:
        return said.replace(".", ",")
    return f"'{said}" if said.startswith(_FORMULA) else said


def _contract(contract: Contract) -> dict[str, str]:
    return {"insurer": contract.insurer, "name": contract.name, "number": contract.number}


def _person(person: Person) -> dict[str, str]:
    return {
        "last_name": person.last_name,
        "first_name": person.first_name,
        "born_on": person.born_on.isoformat(),
    }


def _line(line: Line) -> dict[str, Any]:
    return {
        "given_on": line.given_on.isoformat(),
        "family": line.family,
        "expense": _euros(line.expense),
        "reimbursed_before": _euros(line.reimbursed_before),
        "reimbursed": _euros(line.reimbursed),
        "still_due": _euros(line.still_due),
        "left": {name: _euros(line.left[name]) for name in _LEFT},
    }


def _euros(amount: Decimal) -> str:
    return f"{amount:.2f}"
