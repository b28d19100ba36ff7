"""The statements of account (camt.053) that tests read: what an account opens and closes on, and what moved."""

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from django.conf import settings

TODAY = date(2026, 9, 15)


class Movement(NamedTuple):
    """What moved on the account, that no order explains: money in (CRDT) or out (DBIT)."""

    amount: str
    sign: str = "CRDT"
    reference: str = "R1"
    words: str = ""


def account() -> str:
    """The account from which the Fund pays."""
    return str(settings.BANK_DEBTOR["iban"])


def statement(
    closing: str, *, on: date = TODAY, number: int | str = "", opening: str = "", moved: Sequence[Movement] = ()
) -> bytes:
    """What a bank says of an account at the end of a day."""
    told = f"<ElctrncSeqNb>{number}</ElctrncSeqNb>" if number else ""
    balances = _balance(opening, "OPBD", on) if opening else ""
    return (
        '<?xml version="1.0" encoding="UTF-8"?><Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.08">'
        f"<BkToCstmrStmt><GrpHdr><MsgId>R-{on}-{number}</MsgId><CreDtTm>{on}T20:00:00Z</CreDtTm></GrpHdr>"
        f"<Stmt><Id>{on}</Id>{told}<CreDtTm>{on}T20:00:00Z</CreDtTm><Acct><Id><IBAN>{account()}</IBAN></Id></Acct>"
        f"{balances}{_balance(closing, 'CLBD', on)}{''.join(_entry(one, on) for one in moved)}"
        "</Stmt></BkToCstmrStmt></Document>"
    ).encode()


def _balance(amount: str, kind: str, on: date) -> str:
    sign = "DBIT" if amount.startswith("-") else "CRDT"
    return (
        f'<Bal><Tp><CdOrPrtry><Cd>{kind}</Cd></CdOrPrtry></Tp><Amt Ccy="EUR">{amount.removeprefix("-")}</Amt>'
        f"<CdtDbtInd>{sign}</CdtDbtInd><Dt><Dt>{on}</Dt></Dt></Bal>"
    )


def _entry(one: Movement, on: date) -> str:
    return (
        f'<Ntry><Amt Ccy="EUR">{one.amount}</Amt><CdtDbtInd>{one.sign}</CdtDbtInd><Sts><Cd>BOOK</Cd></Sts>'
        f"<BookgDt><Dt>{on}</Dt></BookgDt><AcctSvcrRef>{one.reference}</AcctSvcrRef>"
        f"<AddtlNtryInf>{one.words}</AddtlNtryInf></Ntry>"
    )
