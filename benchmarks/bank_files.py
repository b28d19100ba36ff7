"""One act upon a large file of the bank, in a process of its own: `python -m benchmarks.bank_files ACT HOW_MANY FILE`.

Prints the seconds of processor that it took and its peak of memory in MB, beyond those of its imports.
"""

import json
import sys
import time
from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

from sepaxml import SepaTransfer

from escale.gateways import bank

IBAN = "FR7630006000011234567890189"
_CREATED_AT, _EXECUTION_ON = datetime(2026, 11, 23, 8, 0, tzinfo=UTC), date(2026, 11, 24)
_MESSAGE = '<?xml version="1.0" encoding="UTF-8"?>\n<Document xmlns="urn:iso:std:iso:20022:tech:xsd:{}"><{}>'
_HEADER = "<GrpHdr><MsgId>BANK-1</MsgId><CreDtTm>2026-11-24T08:00:00+01:00</CreDtTm></GrpHdr>"
_AMOUNT = '<Amt Ccy="EUR">12.34</Amt>'
_REJECTED = (
    "<TxInfAndSts><OrgnlEndToEndId>ESC-2026-{:06}-1</OrgnlEndToEndId><TxSts>RJCT</TxSts><StsRsnInf><Rsn><Cd>AC04</Cd></Rsn>"
    "</StsRsnInf><OrgnlTxRef><Amt><InstdAmt Ccy='EUR'>12.34</InstdAmt></Amt></OrgnlTxRef></TxInfAndSts>\n"
)
_BOOKED = (
    f"<Ntry>{_AMOUNT}<CdtDbtInd>DBIT</CdtDbtInd><Sts><Cd>BOOK</Cd></Sts><BookgDt><Dt>2026-11-24</Dt></BookgDt>"
    "<ValDt><Dt>2026-11-24</Dt></ValDt><AcctSvcrRef>BK-{0}</AcctSvcrRef><BkTxCd><Domn><Cd>PMNT</Cd><Fmly><Cd>ICDT</Cd>"
    "<SubFmlyCd>ESCT</SubFmlyCd></Fmly></Domn></BkTxCd><NtryDtls><TxDtls><Refs><MsgId>LOT-7</MsgId><PmtInfId>LOT-7"
    f"</PmtInfId><EndToEndId>ESC-2026-{{0:06}}-1</EndToEndId></Refs>{_AMOUNT}<CdtDbtInd>DBIT</CdtDbtInd><RltdPties>"
    f"<CdtrAcct><Id><IBAN>{IBAN}</IBAN></Id></CdtrAcct></RltdPties></TxDtls></NtryDtls></Ntry>\n"
)


def written(count: int, path: Path) -> None:
    """Write a batch as the house does, hash it, and read it back against its schema."""
    with path.open("w+b") as out:
        bank.write_credit_transfers(
            out, batch_id="LOT-7", created_at=_CREATED_AT, execution_on=_EXECUTION_ON,
            debtor=bank.Debtor("CNMSS", IBAN), transfers=_transfers(count), count=count, total=Decimal("12.34") * count,
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
    lines = {"rejected": _rejected_lines, "booked": _booked_lines}[act]
    with path.open("w") as out:
        out.writelines(lines(count))


def _of_sepaxml(count: int) -> SepaTransfer:
    order = SepaTransfer({"name": "CNMSS", "IBAN": IBAN, "batch": True, "currency": "EUR"}, schema="pain.001.001.09")
    for transfer in _transfers(count):
        order.add_payment({
            "name": transfer.holder, "IBAN": transfer.iban, "amount": int(transfer.amount * 100),
            "execution_date": _EXECUTION_ON, "description": transfer.reference, "endtoend_id": transfer.end_to_end_id,
        })  # fmt: skip
    return order


def _transfers(count: int) -> Iterator[bank.Transfer]:
    for number in range(count):
        reference = f"ESC-2026-{number:06}-1"
        yield bank.Transfer(reference, Decimal("12.34"), f"Léa Œuvrard n° {number}", IBAN, reference)


def _rejected_lines(count: int) -> Iterator[str]:
    yield _MESSAGE.format("pain.002.001.12", "CstmrPmtStsRpt") + _HEADER
    yield "<OrgnlGrpInfAndSts><OrgnlMsgId>LOT-7</OrgnlMsgId></OrgnlGrpInfAndSts>"
    yield "<OrgnlPmtInfAndSts><OrgnlPmtInfId>LOT-7</OrgnlPmtInfId>"
    yield from (_REJECTED.format(number) for number in range(count))
    yield "</OrgnlPmtInfAndSts></CstmrPmtStsRpt></Document>"


def _booked_lines(count: int) -> Iterator[str]:
    yield _MESSAGE.format("camt.054.001.08", "BkToCstmrDbtCdtNtfctn") + _HEADER
    yield f"<Ntfctn><Id>1</Id><Acct><Id><IBAN>{IBAN}</IBAN></Id></Acct>"
    yield from (_BOOKED.format(number) for number in range(count))
    yield "</Ntfctn></BkToCstmrDbtCdtNtfctn></Document>"


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
