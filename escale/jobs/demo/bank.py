"""The bank of the demonstration: it takes the transfers that were laid for it, and lays back what it did of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any, BinaryIO

from lxml import etree
from lxml.builder import ElementMaker

from escale.gateways import bank, durable

CLOSED_ACCOUNT = "FR7699999000010000000000212"
"""Dominique’s account, closed without a word: what is paid to it is refused."""

_TAKEN, _TOLD = ".taken", ".told"
_HELD_AT_FIRST = Decimal("250000.00")
_A_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Paid:
    """A transfer, as the bank finds it in the file that it was given."""

    end_to_end_id: str
    amount: Decimal
    iban: str


@dataclass(frozen=True, slots=True)
class Order:
    """A file of transfers, as the bank finds it."""

    batch: str
    debtor_iban: str
    given_at: datetime
    transfers: tuple[Paid, ...]


def play(outbox: Path, inbox: Path) -> None:
    """Answer each file of the outbox: refuse what pays the closed account, execute the rest on the day it was given.

    The same file has the same answers, so that a bank cut short may begin again.
    """
    for path in bank.collect(outbox):
        with path.open("rb") as file:
            order = read(file)
        refused = [paid for paid in order.transfers if paid.iban == CLOSED_ACCOUNT]
        done = _paid(order)
        _lay(inbox, f"{order.batch}-pain.002.xml", status(order, refused=refused))
        on = order.given_at.date()
        if done:
            _lay(inbox, f"{order.batch}-camt.054.xml", booked(order, done, on=on))
        _take(path, on=on)
    tell_days(outbox, inbox)


def executed(path: Path, *, on: date) -> bytes:
    """Take a file, and answer that all of it was executed on a day."""
    with path.open("rb") as file:
        order = read(file)
    _take(path, on=on)
    return booked(order, order.transfers, on=on)


def tell_days(outbox: Path, inbox: Path) -> None:
    """Lay the statement of each account for each day that is over, since the eve of the first that paid; once each."""
    given: dict[str, dict[date, list[Order]]] = {}
    for path in sorted((outbox / _TAKEN).glob("*/*.xml")):
        with path.open("rb") as file:
            order = read(file)
        given.setdefault(order.debtor_iban, {}).setdefault(date.fromisoformat(path.parent.name), []).append(order)
    for rank, (iban, days) in enumerate(sorted(given.items()), start=1):
        first, held = min(days) - _A_DAY, _HELD_AT_FIRST
        for number in range(1, (datetime.now(UTC).date() - first).days + 1):
            day = first + (number - 1) * _A_DAY
            opening, orders = held, days.get(day, [])
            held -= sum((paid.amount for order in orders for paid in _paid(order)), Decimal(0))
            told = outbox / _TOLD / f"{day}-{rank}"
            if not told.exists():
                _lay(inbox, f"{day}-{rank}-camt.053.xml", statement(iban, number, day, (opening, held), orders))
                told.parent.mkdir(exist_ok=True)
                told.touch()


def _paid(order: Order) -> list[Paid]:
    return [paid for paid in order.transfers if paid.iban != CLOSED_ACCOUNT]


def read(file: BinaryIO) -> Order:
    """Read a file of transfers as a bank does."""
    root = etree.parse(file, etree.XMLParser(resolve_entities=False, no_network=True)).getroot()
    return Order(
        batch=_text(root, "GrpHdr/MsgId"),
        debtor_iban=_text(root, "PmtInf/DbtrAcct/Id/IBAN"),
        given_at=datetime.fromisoformat(_text(root, "GrpHdr/CreDtTm")).astimezone(UTC),
        transfers=tuple(
            Paid(_text(told, "PmtId/EndToEndId"), Decimal(_text(told, "Amt/InstdAmt")), _text(told, "CdtrAcct/Id/IBAN"))
            for told in root.iter("{*}CdtTrfTxInf")
        ),
    )


def status(order: Order, *, refused: Sequence[Paid], code: str = "AC04") -> bytes:
    """Write what becomes of an order before anything is booked: accepted, but for what is refused."""
    make = _maker("pain.002.001.10")
    whole = "PART" if refused else "ACCP"
    return _written(
        make,
        "CstmrPmtStsRpt",
        _head(make, f"S-{order.batch}"[:35], order.given_at),
        make.OrgnlGrpInfAndSts(make.OrgnlMsgId(order.batch), make.OrgnlMsgNmId("pain.001.001.09"), make.GrpSts(whole)),
        make.OrgnlPmtInfAndSts(
            make.OrgnlPmtInfId(order.batch),
            *(
                make.TxInfAndSts(
                    make.OrgnlEndToEndId(paid.end_to_end_id),
                    make.TxSts("RJCT"),
                    make.StsRsnInf(make.Rsn(make.Cd(code))),
                    make.OrgnlTxRef(make.Amt(make.InstdAmt(f"{paid.amount}", Ccy="EUR"))),
                )
                for paid in refused
            ),
        ),
    )


def booked(order: Order, transfers: Sequence[Paid], *, on: date, returned: str = "") -> bytes:
    """Write what moved on the account: transfers that left, or that came back for this reason (AC04…)."""
    make = _maker("camt.054.001.08")
    sign, family = ("CRDT", "RRTN") if returned else ("DBIT", "ESCT")
    kind = "R" if returned else "D"
    return _written(
        make,
        "BkToCstmrDbtCdtNtfctn",
        _head(make, f"{kind}-{order.batch}"[:35], order.given_at),
        make.Ntfctn(
            make.Id(f"{kind}-{on:%Y%m%d}"),
            make.Acct(make.Id(make.IBAN(order.debtor_iban))),
            *(_entry(make, paid, order, sign, family, on, returned) for paid in transfers),
        ),
    )


def statement(iban: str, number: int, on: date, balances: tuple[Decimal, Decimal], orders: Sequence[Order]) -> bytes:
    """Write what an account held when a day began and when it ended, and each transfer that left meanwhile."""
    make = _maker("camt.053.001.08")
    at = datetime.combine(on + _A_DAY, time(), UTC)
    return _written(
        make,
        "BkToCstmrStmt",
        _head(make, f"B-{on:%Y%m%d}-{number}", at),
        make.Stmt(
            make.Id(f"B-{on:%Y%m%d}"),
            make.ElctrncSeqNb(f"{number}"),
            make.CreDtTm(f"{at:%Y-%m-%dT%H:%M:%SZ}"),
            make.Acct(make.Id(make.IBAN(iban))),
            *(
                make.Bal(
                    make.Tp(make.CdOrPrtry(make.Cd(kind))),
                    make.Amt(f"{abs(amount)}", Ccy="EUR"),
                    make.CdtDbtInd("DBIT" if amount < 0 else "CRDT"),
                    make.Dt(make.Dt(on.isoformat())),
                )
                for kind, amount in zip(("OPBD", "CLBD"), balances, strict=True)
            ),
            *(_entry(make, paid, order, "DBIT", "ESCT", on, "") for order in orders for paid in _paid(order)),
        ),
    )


def _entry(make: Any, paid: Paid, order: Order, sign: str, family: str, on: date, returned: str) -> Any:
    amount = make.Amt(f"{paid.amount}", Ccy="EUR")
    about = [
        make.Refs(
            make.MsgId(order.batch),
            make.AcctSvcrRef(f"{sign}{paid.end_to_end_id}"[:35]),
            make.PmtInfId(order.batch),
            make.EndToEndId(paid.end_to_end_id),
        ),
        make.Amt(f"{paid.amount}", Ccy="EUR"),
        make.CdtDbtInd(sign),
        *([make.RtrInf(make.Rsn(make.Cd(returned)))] if returned else []),
    ]
    return make.Ntry(
        amount,
        make.CdtDbtInd(sign),
        make.Sts(make.Cd("BOOK")),
        make.BookgDt(make.Dt(on.isoformat())),
        make.ValDt(make.Dt(on.isoformat())),
        make.BkTxCd(make.Domn(make.Cd("PMNT"), make.Fmly(make.Cd("ICDT"), make.SubFmlyCd(family)))),
        make.NtryDtls(make.TxDtls(*about)),
    )


def _maker(message: str) -> Any:
    namespace = f"urn:iso:std:iso:20022:tech:xsd:{message}"
    return ElementMaker(namespace=namespace, nsmap={None: namespace})


def _head(make: Any, message_id: str, at: datetime) -> Any:
    return make.GrpHdr(make.MsgId(message_id), make.CreDtTm(f"{at:%Y-%m-%dT%H:%M:%SZ}"))


def _written(make: Any, message: str, *parts: Any) -> bytes:
    document = make.Document(getattr(make, message)(*parts))
    return bytes(etree.tostring(document, xml_declaration=True, encoding="UTF-8"))


def _text(element: Any, path: str) -> str:
    found = element.find(".//" + "/".join(f"{{*}}{step}" for step in path.split("/")))
    return str(found.text)


def _lay(inbox: Path, name: str, content: bytes) -> None:
    inbox.mkdir(mode=0o700, parents=True, exist_ok=True)
    durable.replace(inbox / name, [content])


def _take(path: Path, *, on: date) -> None:
    """Put a file away under the day on which it is executed."""
    taken = path.parent / _TAKEN / on.isoformat()
    taken.mkdir(parents=True, exist_ok=True)
    path.rename(taken / path.name)
