"""The bank: SEPA credit transfer orders (ISO 20022, pain.001.001.09) and how they are handed over."""

import io
import re
import string
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from lxml import etree

from escale.gateways import durable

_NAMESPACE = "urn:iso:std:iso:20022:tech:xsd:pain.001.001.09"
_HIGHEST = Decimal("999999999.99")
_CENT = Decimal("0.01")
_LONGEST_NAME, _LONGEST_TEXT = 70, 140
# EPC217-08, SEPA Requirements for an Extended Character Set: the basic Latin set, and how to come back to it
_FOREIGN = re.compile(r"[^A-Za-z0-9/\-?:().,'+ ]")
_LETTER = re.compile("[A-Za-z]")
_DIACRITIC = re.compile("[\u0300-\u036f]")
_IDENTIFIER = re.compile(r"(?!/)(?!.*//)[A-Za-z0-9/\-?:().,'+ ]{1,35}(?<!/)")
_IBAN = re.compile(r"[A-Z]{2}[0-9]{2}[A-Z0-9]{11,30}")
_IBAN_DIGITS = {ord(letter): str(int(letter, 36)) for letter in string.ascii_uppercase}
_BIC = re.compile(r"[A-Z0-9]{4}[A-Z]{2}[A-Z0-9]{2}([A-Z0-9]{3})?")
_LATIN = str.maketrans({
    "œ": "oe", "Œ": "OE", "æ": "ae", "Æ": "AE", "ß": "ss", "ẞ": "SS", "ø": "o", "Ø": "O", "ł": "l", "Ł": "L",
    "đ": "d", "Đ": "D", "ð": "d", "Ð": "D", "þ": "th", "Þ": "TH", "ħ": "h", "Ħ": "H", "ı": "i", "ŋ": "n", "Ŋ": "N",
    "’": "'", "‘": "'", "ʼ": "'", "ʻ": "'", "`": "'", "´": "'", "‐": "-", "‑": "-", "–": "-", "—": "-", "_": "-",
    "«": "'", "»": "'", '"': "'", "“": "'", "”": "'", "&": "+", ";": ",", "[": "(", "]": ")", "{": "(", "}": ")",
    "…": "...", "\N{NO-BREAK SPACE}": " ", "\N{NARROW NO-BREAK SPACE}": " ",
})  # fmt: skip


class InvalidBatch(Exception):
    """The batch cannot go to the bank; `reasons` says why in French, without names or account numbers."""

    def __init__(self, reasons: Sequence[str]) -> None:
        super().__init__(" ".join(reasons))
        self.reasons = list(reasons)


@dataclass(frozen=True, slots=True)
class Transfer:
    """One payment: euros with at most two decimals, to the holder of an IBAN (no spaces)."""

    end_to_end_id: str
    amount: Decimal
    holder: str
    iban: str
    reference: str


@dataclass(frozen=True, slots=True)
class Debtor:
    """Who pays, and from which account; the BIC may be empty."""

    name: str
    iban: str
    bic: str = ""


def credit_transfers(
    *, batch_id: str, created_at: datetime, execution_on: date, debtor: Debtor, transfers: Sequence[Transfer]
) -> bytes:
    """Return the order, valid against pain.001.001.09; the same batch always gives the same bytes.

    `batch_id` (35 characters at most) names both the message and the payment, so that the bank refuses a batch
    sent twice. Raises InvalidBatch with every reason; ValueError if `created_at` has no time zone.
    """
    if created_at.tzinfo is None:
        raise ValueError("created_at has no time zone")
    reasons = [*_batch_faults(batch_id, debtor, transfers), *_transfer_faults(transfers)]
    if reasons:
        raise InvalidBatch(reasons)
    created = created_at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    counted = [("NbOfTxs", str(len(transfers))), ("CtrlSum", _euros(sum((t.amount for t in transfers), Decimal(0))))]
    buffer = io.BytesIO()
    with etree.xmlfile(buffer, encoding="UTF-8") as xml:
        xml.write_declaration()
        with xml.element("Document", nsmap={None: _NAMESPACE}), xml.element("CstmrCdtTrfInitn"):
            xml.write(_group(batch_id, created, counted, debtor))
            with xml.element("PmtInf"):
                for element in _payment(batch_id, counted, execution_on, debtor):
                    xml.write(element)
                for transfer in transfers:
                    xml.write("\n", _order(transfer))
    _validate(buffer)
    return buffer.getvalue()


def faults(transfer: Transfer) -> list[str]:
    """Return why the bank would refuse a transfer, in French; nothing if it would take it."""
    return list(_transfer_faults([transfer]))


def sepa_text(text: str, longest: int = _LONGEST_TEXT) -> str:
    """Return a text in the Latin letters that every SEPA bank accepts, cut to its longest length."""
    plain = _DIACRITIC.sub("", unicodedata.normalize("NFKD", text.translate(_LATIN)))
    return _FOREIGN.sub(".", " ".join(plain.split()))[:longest].strip()


def deliver(folder: Path, name: str, content: bytes) -> Path:
    """Hand a file over to the bank's folder, durably; the same file delivered again is no mistake.

    Raises FileExistsError if other content already bears this name, ValueError if the name is a path.
    """
    path = folder / name
    if path.name != name or name.startswith("."):
        raise ValueError("the name of a file, not a path")
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    try:
        durable.write(path, [content])
    except FileExistsError:
        if path.read_bytes() != content:
            raise
    return path


def _batch_faults(batch_id: str, debtor: Debtor, transfers: Sequence[Transfer]) -> Iterator[str]:
    if not transfers:
        yield "Le lot est vide."
    if not _IDENTIFIER.fullmatch(batch_id):
        yield "L’identifiant du lot n’est pas au format SEPA."
    if not _is_iban(debtor.iban) or (debtor.bic and not _BIC.fullmatch(debtor.bic)):
        yield "Le compte à débiter n’est pas valide."
    if not _has_letters(debtor.name):
        yield "Le nom du donneur d’ordre manque."


def _transfer_faults(transfers: Sequence[Transfer]) -> Iterator[str]:
    seen: set[str] = set()
    for number, transfer in enumerate(transfers, 1):
        which = f"Virement n° {number}"
        if not _IDENTIFIER.fullmatch(transfer.end_to_end_id):
            yield f"{which} : l’identifiant n’est pas au format SEPA."
        elif transfer.end_to_end_id in seen:
            yield f"{which} : l’identifiant {transfer.end_to_end_id} est déjà dans le lot."
        seen.add(transfer.end_to_end_id)
        if not _is_payable(transfer.amount):
            yield f"{which} : le montant doit aller de 0,01 à 999 999 999,99 euros, au centime."
        if not _is_iban(transfer.iban):
            yield f"{which} : l’IBAN n’est pas valide."
        if not _has_letters(transfer.holder):
            yield f"{which} : le nom du titulaire ne peut pas s’écrire en lettres latines."


def _is_payable(amount: Decimal) -> bool:
    return amount.is_finite() and 0 < amount <= _HIGHEST and amount == amount.quantize(_CENT)


def _is_iban(iban: str) -> bool:
    """ISO 7064, MOD 97-10."""
    if not _IBAN.fullmatch(iban):
        return False
    return int((iban[4:] + iban[:4]).translate(_IBAN_DIGITS)) % 97 == 1


def _has_letters(name: str) -> bool:
    return bool(_LETTER.search(sepa_text(name, _LONGEST_NAME)))


def _euros(amount: Decimal) -> str:
    return f"{amount:.2f}"


def _tree(tag: str, *children: Any, **attributes: str) -> Any:
    element = etree.Element(tag, attributes)
    for child in children:
        if isinstance(child, str):
            element.text = child
        else:
            element.append(child)
    return element


def _leaves(pairs: Sequence[tuple[str, str]]) -> list[Any]:
    return [_tree(tag, text) for tag, text in pairs]


def _party(tag: str, name: str) -> Any:
    return _tree(tag, _tree("Nm", sepa_text(name, _LONGEST_NAME)))


def _account(tag: str, iban: str) -> Any:
    return _tree(tag, _tree("Id", _tree("IBAN", iban)))


def _group(batch_id: str, created: str, counted: list[tuple[str, str]], debtor: Debtor) -> Any:
    head = _leaves([("MsgId", batch_id), ("CreDtTm", created), *counted])
    return _tree("GrpHdr", *head, _party("InitgPty", debtor.name))


def _payment(batch_id: str, counted: list[tuple[str, str]], execution_on: date, debtor: Debtor) -> list[Any]:
    bank = _tree("BICFI", debtor.bic) if debtor.bic else _tree("Othr", _tree("Id", "NOTPROVIDED"))
    return [
        *_leaves([("PmtInfId", batch_id), ("PmtMtd", "TRF"), *counted]),
        _tree("PmtTpInf", _tree("SvcLvl", _tree("Cd", "SEPA"))),
        _tree("ReqdExctnDt", _tree("Dt", execution_on.isoformat())),
        _party("Dbtr", debtor.name),
        _account("DbtrAcct", debtor.iban),
        _tree("DbtrAgt", _tree("FinInstnId", bank)),
        _tree("ChrgBr", "SLEV"),
    ]


def _order(transfer: Transfer) -> Any:
    order = _tree(
        "CdtTrfTxInf",
        _tree("PmtId", _tree("EndToEndId", transfer.end_to_end_id)),
        _tree("Amt", _tree("InstdAmt", _euros(transfer.amount), Ccy="EUR")),
        _party("Cdtr", transfer.holder),
        _account("CdtrAcct", transfer.iban),
    )
    if reference := sepa_text(transfer.reference):
        order.append(_tree("RmtInf", _tree("Ustrd", reference)))
    return order


@cache
def _schema() -> Any:
    with (files("sepaxml") / "schemas" / "pain.001.001.09.xsd").open("rb") as file:
        return etree.XMLSchema(etree.parse(file))


def _validate(buffer: io.BytesIO) -> None:
    """Read the order back against its schema, letting go of each transfer once it is read."""
    buffer.seek(0)
    try:
        for _, element in etree.iterparse(buffer, tag=f"{{{_NAMESPACE}}}CdtTrfTxInf", schema=_schema()):
            element.clear()
            while element.getprevious() is not None:
                del element.getparent()[0]
    except etree.XMLSyntaxError as error:
        raise InvalidBatch([f"Le fichier ne respecte pas le format pain.001.001.09 : {error.msg}"]) from error
