"""One event that a bank tells, and how the leaves of its files are read: amounts, days, identifiers."""

import re
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum

from escale.gateways.bank.frames import Frame, UnreadableFile
from escale.gateways.bank.sepa import PARIS

_LONGEST_IDENTIFIER, _LONGEST_IBAN, _LONGEST_TEXT = 35, 34, 500
_YEARS = range(2000, 2200)
_AMOUNT = re.compile(r"[0-9]{1,13}(\.[0-9]{1,5})?")
_CENT = Decimal("0.01")
_NOBODY_GAVE_ONE = frozenset({"NOTPROVIDED", "NOT PROVIDED", "NONREF"})
_CURRENCY = re.compile("[A-Z]{3}")


class What(StrEnum):
    """What the bank tells of a transfer, of a file of transfers, or of the account.

    BOOKED without an EndToEndId is a whole batch, booked as one sum. RECEIVED is money that is no return. UNKNOWN is
    told in words that are not known here: somebody has to look.
    """

    FILE_ACCEPTED = "file_accepted"
    FILE_REFUSED = "file_refused"
    ACCEPTED = "accepted"
    REJECTED = "rejected"
    BOOKED = "booked"
    RETURNED = "returned"
    RECEIVED = "received"
    BALANCE = "balance"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """One event, told by one file; what the bank does not say is empty, or None.

    The three identifiers are ours, as we wrote them. `amount` has no sign, but for an overdrawn balance. `reason` is an
    external code of ISO 20022 (AC04…), or the bank's own; for a balance, which one it is (OPBD, CLBD…), and
    `statement` the number of the statement that gives it.
    """

    what: What
    message_id: str = ""
    payment_info_id: str = ""
    end_to_end_id: str = ""
    amount: Decimal | None = None
    currency: str = ""
    booked_on: date | None = None
    value_on: date | None = None
    bank_reference: str = ""
    reason: str = ""
    reason_text: str = ""
    account_iban: str = ""
    statement: str = ""
    counterparty_iban: str = ""


def identifier(text: str) -> str:
    """Return an identifier, or a code, of 35 characters at most; raises UnreadableFile."""
    if len(text) > _LONGEST_IDENTIFIER:
        raise UnreadableFile("Un identifiant du fichier est trop long.")
    return text


def end_to_end_id(text: str) -> str:
    """Return an EndToEndId; empty where nobody gave one, which banks say in a word."""
    return "" if text in _NOBODY_GAVE_ONE else identifier(text)


def sentence(text: str) -> str:
    """Return what the bank says in its own words, cut where it is too long."""
    return text[:_LONGEST_TEXT]


def money(frame: Frame, *paths: str) -> tuple[Decimal | None, str]:
    """Return the first of these amounts that is there, and its currency (ISO 4217); raises UnreadableFile."""
    path = next((path for path in paths if frame[path]), "")
    if not path:
        return None, ""
    text, currency = frame[path], frame[f"{path}@Ccy"]
    if not _AMOUNT.fullmatch(text) or not _CURRENCY.fullmatch(currency):
        raise UnreadableFile("Un montant du fichier n’en est pas un.")
    exact = Decimal(text)
    cents = exact.quantize(_CENT)  # one sum is written in one way: 12.5 is 12.50
    return cents if cents == exact else exact, currency


def day(frame: Frame, path: str) -> date | None:
    """Return a day, written as such or as a moment, None where there is none; raises UnreadableFile."""
    if text := frame[f"{path}/Dt"]:
        return moment(text[:10]).date()
    text = frame[f"{path}/DtTm"]
    return moment(text).astimezone(PARIS).date() if text else None


def moment(text: str) -> datetime:
    """Return a moment of our centuries, in Paris where it does not say; raises UnreadableFile."""
    try:
        told = datetime.fromisoformat(text)
    except ValueError:
        told = datetime.min
    if told.year not in _YEARS:
        raise UnreadableFile("Une date du fichier n’existe pas.")
    return told if told.tzinfo else told.replace(tzinfo=PARIS)


def iban(text: str) -> str:
    """Return the account that the bank cites, which is not checked, of 34 characters at most; raises UnreadableFile."""
    if len(text) > _LONGEST_IBAN:
        raise UnreadableFile("Un compte du fichier a un numéro trop long.")
    return text
