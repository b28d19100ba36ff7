"""What the bank makes of the orders that it was given, before it books them (pain.002)."""

from collections.abc import Callable, Iterator

from escale.gateways.bank.frames import Frame
from escale.gateways.bank.told import Told, What, end_to_end_id, iban, identifier, money, sentence

MESSAGE = "CstmrPmtStsRpt"
_PAYMENT = "OrgnlPmtInfAndSts"
# ISO 20022, external code sets of statuses; what is pending is told again later, what is in part is told in detail
_PENDING = frozenset({"RCVD", "PDNG", "PATC"})
_ACCEPTED = frozenset({"ACTC", "ACCP", "ACSP", "ACSC", "ACCC", "ACWC", "ACWP", "ACFC"})
_OF_FILES = {**dict.fromkeys(_ACCEPTED, What.FILE_ACCEPTED), "RJCT": What.FILE_REFUSED}
_OF_TRANSFERS = {**dict.fromkeys(_ACCEPTED, What.ACCEPTED), "RJCT": What.REJECTED, "CANC": What.REJECTED}


def _of_file(message: Frame) -> Iterator[Told]:
    yield from _of_several(message, status="OrgnlGrpInfAndSts/GrpSts", reasons="OrgnlGrpInfAndSts/")


def _of_payment(payment: Frame) -> Iterator[Told]:
    yield from _of_several(payment, status="PmtInfSts", reasons="")


def _of_several(frame: Frame, *, status: str, reasons: str) -> Iterator[Told]:
    """Tell what becomes of a whole file, if it is all accepted, or all refused."""
    code = frame[status]
    if code in {"", "PART", *_PENDING}:
        return
    reason, reason_text = _reason(frame, reasons)
    message = frame if frame.name == MESSAGE else frame.within(MESSAGE)
    yield Told(
        what=_OF_FILES.get(code, What.UNKNOWN),
        message_id=identifier(message["OrgnlGrpInfAndSts/OrgnlMsgId"]),
        payment_info_id=identifier(frame["OrgnlPmtInfId"]),
        reason=reason if code in _OF_FILES else identifier(code),
        reason_text=reason_text,
    )


def _of_transfer(transfer: Frame) -> Iterator[Told]:
    payment, message = transfer.within(_PAYMENT), transfer.within(MESSAGE)
    code = transfer["TxSts"] or payment["PmtInfSts"] or message["OrgnlGrpInfAndSts/GrpSts"]
    if code in _PENDING:
        return
    around = ((transfer, ""), (payment, ""), (message, "OrgnlGrpInfAndSts/"))
    reason, reason_text = next((found for frame, path in around if any(found := _reason(frame, path))), ("", ""))
    amount, currency = money(transfer, "OrgnlTxRef/Amt/InstdAmt")
    yield Told(
        what=_OF_TRANSFERS.get(code, What.UNKNOWN),
        message_id=identifier(message["OrgnlGrpInfAndSts/OrgnlMsgId"]),
        payment_info_id=identifier(payment["OrgnlPmtInfId"]),
        end_to_end_id=end_to_end_id(transfer["OrgnlEndToEndId"]),
        amount=amount,
        currency=currency,
        bank_reference=identifier(transfer.first("AcctSvcrRef", "StsId")),
        reason=reason if code in _OF_TRANSFERS else identifier(code),
        reason_text=reason_text,
        account_iban=iban(transfer["OrgnlTxRef/DbtrAcct/Id/IBAN"]),
        counterparty_iban=iban(transfer["OrgnlTxRef/CdtrAcct/Id/IBAN"]),
    )


def _reason(frame: Frame, path: str) -> tuple[str, str]:
    code = frame.first(f"{path}StsRsnInf/Rsn/Cd", f"{path}StsRsnInf/Rsn/Prtry")
    return identifier(code), sentence(frame[f"{path}StsRsnInf/AddtlInf"])


TELLERS: dict[str, Callable[[Frame], Iterator[Told]]] = {
    MESSAGE: _of_file,
    _PAYMENT: _of_payment,
    "TxInfAndSts": _of_transfer,
}
