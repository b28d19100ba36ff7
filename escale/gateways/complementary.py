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

_LEFT = ("share", "daily_charge", "contributions", "beyond_tariff", "paid_elsewhere", "other")
_LINE = ("given_on", "family", "expense", "reimbursed_before", "reimbursed")
_HEAD = ("payment", "paid_on", "last_name", "first_name", "born_on", *_LINE, *_LEFT)


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
    """What was spent for one act, what is paid of it, and by name what is left, in euros."""

    given_on: date
    family: str
    expense: Decimal
    reimbursed_before: Decimal
    reimbursed: Decimal
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


def as_csv(message: bytes) -> bytes:
    """Return the lines of such a JSON as a table (RFC 4180, UTF-8); one that cancels has its head only."""
    told = json.loads(message)
    out = io.StringIO(newline="")
    table = csv.DictWriter(out, _HEAD, extrasaction="ignore")
    table.writeheader()
    for line in told["lines"]:
        payment = {"payment": told["payment"]["reference"], "paid_on": told["payment"]["paid_on"]}
        table.writerow(payment | told["person"] | line | line["left"])
    return out.getvalue().encode()


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
        "left": {name: _euros(line.left[name]) for name in _LEFT},
    }


def _euros(amount: Decimal) -> str:
    return f"{amount:.2f}"
