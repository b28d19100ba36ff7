"""One act upon a large file of the bank, in a process of its own: `python -m benchmarks.bank_files ACT HOW_MANY FILE`.

Prints the seconds of processor that it took and its peak of memory in MB, beyond those of its imports.
"""

import json
import sys
import time
from collections.abc import Container, Iterator, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

from sepaxml import SepaTransfer

from escale.gateways import bank

IBAN = "FR7630006000011234567890189"
AMOUNT = Decimal("12.34")
_CREATED_AT, _EXECUTION_ON = datetime(2026, 11, 23, 8, 0, tzinfo=UTC), date(2026, 11, 24)
_MESSAGE = '<?xml version="1.0" encoding="UTF-8"?>\n<Document xmlns="urn:iso:std:iso:20022:tech:xsd:{}"><{}>'
_HEADER = "<GrpHdr><MsgId>{}</MsgId><CreDtTm>2026-11-24T08:00:00+01:00</CreDtTm></GrpHdr>"
_MONEY = f'<Amt Ccy="EUR">{AMOUNT}</Amt>'
_STATUS = (
    "<TxInfAndSts><OrgnlEndToEndId>{}</OrgnlEndToEndId><TxSts>{}</TxSts>{}"
    f'<OrgnlTxRef><Amt><InstdAmt Ccy="EUR">{AMOUNT}</InstdAmt></Amt></OrgnlTxRef></TxInfAndSts>\n'
)
_CLOSED = "<StsRsnInf><Rsn><Cd>AC04</Cd></Rsn></StsRsnInf>"
_ENTRY = (
    '<Ntry><Amt Ccy="EUR">{amount}</Amt><CdtDbtInd>{sign}</CdtDbtInd><Sts><Cd>BOOK</Cd></Sts><BookgDt><Dt>{on}</Dt>'
    "</BookgDt><ValDt><Dt>{on}</Dt></ValDt><AcctSvcrRef>BK-{number}</AcctSvcrRef><BkTxCd><Domn><Cd>PMNT</Cd><Fmly>"
    "<Cd>ICDT</Cd><SubFmlyCd>ESCT</SubFmlyCd></Fmly></Domn></BkTxCd><NtryDtls>{details}</NtryDtls></Ntry>\n"
)
_DETAILS = (
    "<TxDtls><Refs><MsgId>{batch}</MsgId><PmtInfId>{batch}</PmtInfId><EndToEndId>{reference}</EndToEndId></Refs>"
    f"{_MONEY}<CdtDbtInd>{{sign}}</CdtDbtInd><RltdPties><CdtrAcct><Id><IBAN>{IBAN}</IBAN></Id></CdtrAcct></RltdPties>"
    "{reason}</TxDtls>"
)
_RETURNED = "<RtrInf><Rsn><Cd>AC04</Cd></Rsn></RtrInf>"
_BATCH = "LOT-7"


def written(count: int, path: Path) -> None:
    """Write a batch as the house does, hash it, and read it back against its schema."""
    with path.open("w+b") as out:
        bank.write_credit_transfers(
            out, batch_id="LOT-7", created_at=_CREATED_AT, execution_on=_EXECUTION_ON,
            debtor=bank.Debtor("CNMSS", IBAN), transfers=_transfers(count), count=count, total=AMOUNT * count,
        )  # fmt: skip


def by_sepaxml(count: int, path: Path) -> None:
    """Write the same batch by sepaxml, its own validation on."""
    path.write_bytes(_of_sepaxml(count).export(validate=True))


def by_sepaxml_alone(count: int, path: Path) -> None:
    """Write the same batch by sepaxml, its own validation off."""
    path.write_bytes(_of_sepaxml(count).export(validate=False))


def rejected(count: int, path: Path) -> None:
    """Read a status report that refuses each transfer."""
    _read(count, path, bank.What.REJECTED)


def booked(count: int, path: Path) -> None:
    """Read an advice that books each transfer."""
    _read(count, path, bank.What.BOOKED)


def lay(path: Path, act: str, count: int) -> None:
    """Lay the file of the bank that an act reads."""
    references = _references(count)
    lines = statuses(references, refused=set(references)) if act == "rejected" else bookings(references)
    with path.open("w") as out:
        out.writelines(lines)


def statuses(references: Sequence[str], *, refused: Container[str], batch: str = _BATCH) -> Iterator[str]:
    """Tell, line by line, what becomes of each transfer: refused, since the account is closed, or accepted."""
    yield from _status_report(batch)
    yield f"<OrgnlPmtInfAndSts><OrgnlPmtInfId>{batch}</OrgnlPmtInfId>"
    for reference in references:
        yield _STATUS.format(reference, *(("RJCT", _CLOSED) if reference in refused else ("ACCP", "")))
    yield "</OrgnlPmtInfAndSts></CstmrPmtStsRpt></Document>"


def accepted(*, batch: str = _BATCH) -> Iterator[str]:
    """Tell that the whole file is accepted."""
    yield from _status_report(batch, "<GrpSts>ACCP</GrpSts>")
    yield "</CstmrPmtStsRpt></Document>"


def bookings(
    references: Sequence[str], *, batch: str = _BATCH, back: bool = False, on: date = _EXECUTION_ON
) -> Iterator[str]:
    """Tell, line by line, that each transfer was executed, or came back."""
    sign, reason = ("CRDT", _RETURNED) if back else ("DBIT", "")
    yield from _advice(f"{batch}-{sign}")
    for number, reference in enumerate(references):
        details = _DETAILS.format(batch=batch, reference=reference, sign=sign, reason=reason)
        yield _ENTRY.format(amount=AMOUNT, sign=sign, on=on, number=f"{sign}-{number}", details=details)
    yield "</Ntfctn></BkToCstmrDbtCdtNtfctn></Document>"


def booked_as_one(count: int, *, batch: str = _BATCH, on: date = _EXECUTION_ON) -> Iterator[str]:
    """Tell that so many transfers were executed, in one sum."""
    yield from _advice(batch)
    details = f"<Btch><PmtInfId>{batch}</PmtInfId><NbOfTxs>{count}</NbOfTxs></Btch>"
    yield _ENTRY.format(amount=AMOUNT * count, sign="DBIT", on=on, number=batch, details=details)
    yield "</Ntfctn></BkToCstmrDbtCdtNtfctn></Document>"


def _status_report(batch: str, status: str = "") -> Iterator[str]:
    yield _MESSAGE.format("pain.002.001.12", "CstmrPmtStsRpt") + _HEADER.format(f"S-{batch}")
    yield f"<OrgnlGrpInfAndSts><OrgnlMsgId>{batch}</OrgnlMsgId>{status}</OrgnlGrpInfAndSts>"


def _advice(message: str) -> Iterator[str]:
    yield _MESSAGE.format("camt.054.001.08", "BkToCstmrDbtCdtNtfctn") + _HEADER.format(message)
    yield f"<Ntfctn><Id>1</Id><Acct><Id><IBAN>{IBAN}</IBAN></Id></Acct>"


def _of_sepaxml(count: int) -> SepaTransfer:
    order = SepaTransfer({"name": "CNMSS", "IBAN": IBAN, "batch": True, "currency": "EUR"}, schema="pain.001.001.09")
    for transfer in _transfers(count):
        order.add_payment({
            "name": transfer.holder, "IBAN": transfer.iban, "amount": int(transfer.amount * 100),
            "execution_date": _EXECUTION_ON, "description": transfer.reference, "endtoend_id": transfer.end_to_end_id,
        })  # fmt: skip
    return order


def _transfers(count: int) -> Iterator[bank.Transfer]:
    for number, reference in enumerate(_references(count)):
        yield bank.Transfer(reference, AMOUNT, f"Léa Œuvrard n° {number}", IBAN, reference)


def _references(count: int) -> list[str]:
    return [f"ESC-2026-{number:06}-1" for number in range(count)]


def _read(count: int, path: Path, what: bank.What) -> None:
    with path.open("rb") as file:
        found = sum(told.what == what and bool(told.end_to_end_id) for told in bank.read(file).told)
    assert found == count, found


def _peak() -> float:
    """Return the most memory that this program took; getrusage would count what its parent held when it was started."""
    [line] = (line for line in Path("/proc/self/status").read_text().splitlines() if line.startswith("VmHWM:"))
    return int(line.split()[1]) / 1024


ACTS = {act.__name__: act for act in (written, by_sepaxml, by_sepaxml_alone, rejected, booked)}

if __name__ == "__main__":
    name, how_many, place = sys.argv[1:]
    before, began = _peak(), time.process_time()
    ACTS[name](int(how_many), Path(place))
    print(json.dumps({"seconds": time.process_time() - began, "memory": _peak() - before}))
