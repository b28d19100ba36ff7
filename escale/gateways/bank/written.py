"""A file of transfers that was written here, read again: what it asked of the bank."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, BinaryIO

from lxml import etree


@dataclass(frozen=True, slots=True)
class Asked:
    """One transfer: euros, to an IBAN without spaces."""

    end_to_end_id: str
    amount: Decimal
    iban: str


@dataclass(frozen=True, slots=True)
class Written:
    """A batch of transfers, as its file tells it."""

    batch_id: str
    created_at: datetime
    execution_on: date
    transfers: tuple[Asked, ...]


def written(file: BinaryIO) -> Written:
    """Return what a file of ours asked of the bank (ISO 20022, pain.001); raises ValueError if it is none."""
    try:
        root = etree.parse(file, etree.XMLParser(resolve_entities=False, no_network=True)).getroot()
        return Written(
            batch_id=_text(root, "{*}CstmrCdtTrfInitn/{*}GrpHdr/{*}MsgId"),
            created_at=datetime.fromisoformat(_text(root, "{*}CstmrCdtTrfInitn/{*}GrpHdr/{*}CreDtTm")),
            execution_on=date.fromisoformat(_text(root, "{*}CstmrCdtTrfInitn/{*}PmtInf/{*}ReqdExctnDt/{*}Dt")),
            transfers=tuple(_asked(transfer) for transfer in root.iter("{*}CdtTrfTxInf")),
        )
    except (etree.XMLSyntaxError, ArithmeticError) as fault:
        raise ValueError("not a file of transfers") from fault


def _asked(transfer: Any) -> Asked:
    return Asked(
        end_to_end_id=_text(transfer, "{*}PmtId/{*}EndToEndId"),
        amount=Decimal(_text(transfer, "{*}Amt/{*}InstdAmt")),
        iban=_text(transfer, "{*}CdtrAcct/{*}Id/{*}IBAN"),
    )


def _text(element: Any, path: str) -> str:
    found: str | None = element.findtext(path)
    if not found:
        raise ValueError(f"no {path}")
    return found
