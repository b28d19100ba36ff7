"""A batch of SEPA credit transfers (ISO 20022, pain.001.001.09), written as it is read, by whoever knows its total."""

import hashlib
import io
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from functools import cache
from importlib.resources import files
from typing import Any, BinaryIO

from lxml import etree

from escale.gateways.bank import sepa

_NAMESPACE = "urn:iso:std:iso:20022:tech:xsd:pain.001.001.09"
_HIGHEST = Decimal("999999999.99")
_CENT = Decimal("0.01")
_COUNTRY = re.compile("[A-Z]{2}")
_LONGEST_NAME, _LONGEST_TOWN = 70, 35
_SOCIAL_SECURITY_BENEFIT = "SSBE"  # ISO 20022, external code set of purposes
_MOST_REASONS = 100


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
    """Who pays, and from which account; the BIC may be empty.

    The town and the country (ISO 3166) are required for what leaves the European Economic Area; no other address is
    told: since 15 November 2026 a bank refuses one that is not in its own fields (EPC153-22).
    """

    name: str
    iban: str
    bic: str = ""
    town: str = ""
    country: str = ""


def write_credit_transfers(
    out: BinaryIO,
    *,
    batch_id: str,
    created_at: datetime,
    execution_on: date,
    debtor: Debtor,
    transfers: Iterable[Transfer],
    count: int,
    total: Decimal,
) -> str:
    """Write the order into a file open for writing and reading, and return its SHA-256; the same batch, the same bytes.

    Memory holds one transfer at a time, and the identifiers that were seen. What was written is read back from the
    file, against pain.001.001.09. `batch_id` (35 characters at most) names both the message and the payment, so that
    the bank refuses a batch sent twice. `count` and `total` (euros) are written ahead of the transfers: they have to
    prove true. Raises InvalidBatch with the first hundred reasons, and what is in the file is then worth nothing;
    ValueError if `created_at` has no time zone.
    """
    if created_at.tzinfo is None:
        raise ValueError("created_at has no time zone")
    if reasons := list(_batch_faults(batch_id, created_at, execution_on, debtor)):
        raise InvalidBatch(reasons)
    counted = [("NbOfTxs", str(count)), ("CtrlSum", _euros(total))]
    start = out.tell()
    hashed = _Hashed(out)
    with etree.xmlfile(hashed, encoding="UTF-8") as xml:
        xml.write_declaration()
        with xml.element("Document", nsmap={None: _NAMESPACE}), xml.element("CstmrCdtTrfInitn"):
            xml.write(_group(batch_id, created_at, counted, debtor))
            with xml.element("PmtInf"):
                for element in _payment(batch_id, counted, execution_on, debtor):
                    xml.write(element)
                for transfer in _sound(transfers, debtor, count=count, total=total, reasons=reasons):
                    xml.write("\n", _order(transfer))
    if reasons:
        raise InvalidBatch(reasons[:_MOST_REASONS])
    out.seek(start)
    _validate(out)
    return hashed.digest.hexdigest()


def credit_transfers(
    *, batch_id: str, created_at: datetime, execution_on: date, debtor: Debtor, transfers: Sequence[Transfer]
) -> bytes:
    """Return the order of a batch that memory may hold, as `write_credit_transfers` writes it; raises as it does."""
    out = io.BytesIO()
    write_credit_transfers(
        out,
        batch_id=batch_id,
        created_at=created_at,
        execution_on=execution_on,
        debtor=debtor,
        transfers=transfers,
        count=len(transfers),
        total=sum((transfer.amount for transfer in transfers if _is_payable(transfer.amount)), Decimal(0)),
    )
    return out.getvalue()


def faults(transfer: Transfer) -> list[str]:
    """Return why the bank would refuse a transfer, in French; nothing if it would take it."""
    return [fault[:1].upper() + fault[1:] for fault in _faults(transfer)]


def reaches(iban: str) -> bool:
    """Tell whether a transfer of ours may reach an account, by its IBAN without spaces."""
    return not _out_of_reach(iban)


def _batch_faults(batch_id: str, created_at: datetime, execution_on: date, debtor: Debtor) -> Iterator[str]:
    if not sepa.is_identifier(batch_id):
        yield "L’identifiant du lot n’est pas au format SEPA."
    reachable = sepa.is_iban(debtor.iban) and sepa.is_in_sepa(debtor.iban)
    if not reachable or (debtor.bic and not sepa.is_bic(debtor.bic)):
        yield "Le compte à débiter n’est pas valide."
    if debtor.country and not _COUNTRY.fullmatch(debtor.country):
        yield "Le pays du donneur d’ordre n’est pas un code ISO 3166."
    if not sepa.has_letters(debtor.name):
        yield "Le nom du donneur d’ordre manque."
    if not sepa.is_open(execution_on):
        yield "Les banques n’exécutent pas de virement ce jour-là."
    if execution_on < created_at.astimezone(sepa.PARIS).date():
        yield "Le jour d’exécution demandé est passé."


def _sound(
    transfers: Iterable[Transfer], debtor: Debtor, *, count: int, total: Decimal, reasons: list[str]
) -> Iterator[Transfer]:
    """Yield the transfers that a bank would take, and add to the reasons all that is wrong with the others."""
    seen: set[str] = set()
    summed = Decimal(0)
    number = 0
    for number, transfer in enumerate(transfers, 1):
        found = list(_faults(transfer))
        if transfer.end_to_end_id in seen:
            found.append(f"l’identifiant {transfer.end_to_end_id} est déjà dans le lot.")
        if not found and sepa.bank_wanted(transfer.iban) and not _address(debtor):
            found.append("la ville ou le pays du donneur d’ordre manque, que veut cette banque.")
        if found:
            reasons += [f"Virement n° {number}{_named(transfer)} : {fault}" for fault in found]
            if len(reasons) >= _MOST_REASONS:
                return
            continue
        seen.add(transfer.end_to_end_id)
        summed += transfer.amount
        yield transfer
    if not number:
        reasons.append("Le lot est vide.")
    elif not reasons and (number, summed) != (count, total):
        reasons.append(f"Le lot annonce {count} virements et {total} € ; il en porte {number} et {summed} €.")


def _faults(transfer: Transfer) -> Iterator[str]:
    if not sepa.is_identifier(transfer.end_to_end_id):
        yield "l’identifiant n’est pas au format SEPA."
    if not _is_payable(transfer.amount):
        yield "le montant doit aller de 0,01 à 999 999 999,99 euros, au centime."
    if why := _out_of_reach(transfer.iban):
        yield why
    if not sepa.has_letters(transfer.holder):
        yield "le nom du titulaire ne peut pas s’écrire en lettres latines."


def _out_of_reach(iban: str) -> str:
    if not sepa.is_iban(iban):
        return "l’IBAN n’est pas valide."
    if not sepa.is_in_sepa(iban):
        return "le compte est dans un pays que les virements SEPA n’atteignent pas."
    if sepa.bank_wanted(iban) and not sepa.bic_of(iban):
        return "la banque de ce compte, hors de l’Espace économique européen, n’est pas connue."
    return ""


def _named(transfer: Transfer) -> str:
    return f" ({transfer.end_to_end_id})" if sepa.is_identifier(transfer.end_to_end_id) else ""


def _is_payable(amount: Decimal) -> bool:
    return amount.is_finite() and 0 < amount <= _HIGHEST and amount == amount.quantize(_CENT)


def _euros(amount: Decimal) -> str:
    return f"{amount:.2f}"


class _Hashed:
    """A file that is hashed while it is written."""

    def __init__(self, out: BinaryIO) -> None:
        self.out = out
        self.digest = hashlib.sha256()

    def write(self, chunk: bytes) -> int:
        self.digest.update(chunk)
        return self.out.write(chunk)


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


def _party(tag: str, name: str, *address: Any) -> Any:
    return _tree(tag, _tree("Nm", sepa.sepa_text(name, _LONGEST_NAME)), *address)


def _address(debtor: Debtor) -> list[Any]:
    if not (sepa.has_letters(debtor.town) and debtor.country):
        return []
    town = sepa.sepa_text(debtor.town, _LONGEST_TOWN)
    return [_tree("PstlAdr", *_leaves([("TwnNm", town), ("Ctry", debtor.country)]))]


def _agent(tag: str, bic: str) -> Any:
    bank = _tree("BICFI", bic) if bic else _tree("Othr", _tree("Id", "NOTPROVIDED"))
    return _tree(tag, _tree("FinInstnId", bank))


def _account(tag: str, iban: str) -> Any:
    return _tree(tag, _tree("Id", _tree("IBAN", iban)))


def _group(batch_id: str, created_at: datetime, counted: list[tuple[str, str]], debtor: Debtor) -> Any:
    created = created_at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    head = _leaves([("MsgId", batch_id), ("CreDtTm", created), *counted])
    return _tree("GrpHdr", *head, _party("InitgPty", debtor.name))


def _payment(batch_id: str, counted: list[tuple[str, str]], execution_on: date, debtor: Debtor) -> list[Any]:
    return [
        *_leaves([("PmtInfId", batch_id), ("PmtMtd", "TRF"), *counted]),
        _tree("PmtTpInf", _tree("SvcLvl", _tree("Cd", "SEPA"))),
        _tree("ReqdExctnDt", _tree("Dt", execution_on.isoformat())),
        _party("Dbtr", debtor.name, *_address(debtor)),
        _account("DbtrAcct", debtor.iban),
        _agent("DbtrAgt", debtor.bic),
        _tree("ChrgBr", "SLEV"),
    ]


def _order(transfer: Transfer) -> Any:
    bank = [_agent("CdtrAgt", sepa.bic_of(transfer.iban))] if sepa.bank_wanted(transfer.iban) else []
    reference = sepa.sepa_text(transfer.reference)
    return _tree(
        "CdtTrfTxInf",
        _tree("PmtId", _tree("EndToEndId", transfer.end_to_end_id)),
        _tree("Amt", _tree("InstdAmt", _euros(transfer.amount), Ccy="EUR")),
        *bank,
        _party("Cdtr", transfer.holder),
        _account("CdtrAcct", transfer.iban),
        _tree("Purp", _tree("Cd", _SOCIAL_SECURITY_BENEFIT)),
        *([_tree("RmtInf", _tree("Ustrd", reference))] if reference else []),
    )


@cache
def _schema() -> Any:
    with (files("sepaxml") / "schemas" / "pain.001.001.09.xsd").open("rb") as file:
        return etree.XMLSchema(etree.parse(file))


def _validate(written: BinaryIO) -> None:
    """Read the order back against its schema, letting go of each transfer once it is read."""
    try:
        for _, element in etree.iterparse(written, tag=f"{{{_NAMESPACE}}}CdtTrfTxInf", schema=_schema()):
            element.clear()
            while element.getprevious() is not None:
                del element.getparent()[0]
    except etree.XMLSyntaxError as error:
        raise InvalidBatch(["Le fichier ne respecte pas le format pain.001.001.09."]) from error
