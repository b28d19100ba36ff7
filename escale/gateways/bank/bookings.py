"""What moved on the account: each transfer that left, each that came back, the balances (camt.053, camt.054)."""

from collections.abc import Callable, Iterator
from dataclasses import replace

from escale.gateways.bank.frames import Frame, UnreadableFile
from escale.gateways.bank.told import Told, What, day, end_to_end_id, iban, identifier, money, sentence

STATEMENT, NOTIFICATION = "BkToCstmrStmt", "BkToCstmrDbtCdtNtfctn"
_ACCOUNTS = ("Stmt", "Ntfctn")
_GIVEN_BACK = frozenset({"RRTN", "RPCR"})  # ISO 20022, bank transaction codes: returned, recalled

_OF_A_PAGE = "INTM"  # ISO 20022, balance subtype: intermediate


def _of_entry(entry: Frame) -> Iterator[Told]:
    """Tell of an entry that the bank does not detail, or whose details, told already, do not make its sum."""
    for whole in _booked(entry, entry, "NtryDtls/Btch/"):
        if not entry.held["TxDtls"]:
            yield whole
        elif _is_in_parts(entry) and entry.detailed != whole.amount:
            yield replace(whole, what=What.UNKNOWN, reason_text="Les virements détaillés n’en font pas la somme.")


def _is_in_parts(entry: Frame) -> bool:
    """Tell whether an entry sums up several transfers; a single one may differ by what the bank keeps of it."""
    return entry.held["TxDtls"] > 1 or entry["NtryDtls/Btch/NbOfTxs"] not in {"", "1"}


def _of_detail(detail: Frame) -> Iterator[Told]:
    entry = detail.within("Ntry")
    for told in _booked(entry, detail, "Refs/"):
        entry.detailed += told.amount or 0
        yield told


def _booked(entry: Frame, detail: Frame, references: str) -> Iterator[Told]:
    if _state(entry, "Sts", "Sts/Cd", "Sts/Prtry") != "BOOK":
        return
    account = entry.within(*_ACCOUNTS)["Acct/Id/IBAN"]
    amount, currency = money(detail, "Amt", "AmtDtls/TxAmt/Amt", "AmtDtls/InstdAmt/Amt")
    if amount is None:
        amount, currency = money(entry, "Amt")
    parties = (detail["RltdPties/CdtrAcct/Id/IBAN"], detail["RltdPties/DbtrAcct/Id/IBAN"])
    booked_on = day(entry, "BookgDt")
    yield Told(
        what=_movement(entry, detail),
        message_id=identifier(detail[f"{references}MsgId"]),
        payment_info_id=identifier(detail[f"{references}PmtInfId"] or entry["NtryDtls/Btch/PmtInfId"]),
        end_to_end_id=end_to_end_id(detail["Refs/EndToEndId"]),
        amount=amount,
        currency=currency,
        booked_on=booked_on or day(entry, "ValDt"),
        value_on=day(entry, "ValDt"),
        bank_reference=identifier(detail["Refs/AcctSvcrRef"] or entry.first("AcctSvcrRef", "NtryRef")),
        reason=identifier(detail.first("RtrInf/Rsn/Cd", "RtrInf/Rsn/Prtry")),
        reason_text=sentence(detail.first("RtrInf/AddtlInf", "AddtlTxInf", "AddtlNtryInf")),
        account_iban=iban(account),
        counterparty_iban=iban(next((party for party in parties if party not in {"", account}), "")),
    )


def _movement(entry: Frame, detail: Frame) -> What:
    """Tell a transfer that left from one that came back, by its direction and what the bank says of it."""
    given_back = any(path.startswith("RtrInf/") for path in detail.leaves) or entry["RvslInd"] in {"true", "1"}
    family = "BkTxCd/Domn/Fmly/SubFmlyCd"
    given_back = given_back or detail[family] in _GIVEN_BACK or entry[family] in _GIVEN_BACK
    match detail["CdtDbtInd"] or entry["CdtDbtInd"]:
        case "DBIT":
            return What.UNKNOWN if given_back else What.BOOKED
        case "CRDT":
            return What.RETURNED if given_back else What.RECEIVED
    raise UnreadableFile("Le fichier ne dit pas si une somme est au débit ou au crédit.")


def _of_balance(balance: Frame) -> Iterator[Told]:
    """Tell of a balance, but for those that only end or begin a page of a statement."""
    if balance.first("Tp/SubTp/Cd", "Tp/SubTp/Prtry") == _OF_A_PAGE:
        return
    amount, currency = money(balance, "Amt")
    if amount is None:
        raise UnreadableFile("Un solde n’a pas de montant.")
    statement = balance.within(*_ACCOUNTS)
    yield Told(
        what=What.BALANCE,
        amount=-amount if balance["CdtDbtInd"] == "DBIT" else amount,
        currency=currency,
        booked_on=day(balance, "Dt"),
        reason=_state(balance, "Tp/CdOrPrtry/Cd", "Tp/CdOrPrtry/Prtry"),
        account_iban=iban(statement["Acct/Id/IBAN"]),
        statement=identifier(statement.first("LglSeqNb", "ElctrncSeqNb")),
    )


def _of_account(account: Frame) -> Iterator[Told]:
    """Tell nothing, but refuse a file that announces other entries than those it holds."""
    announced = account["TxsSummry/TtlNtries/NbOfNtries"]
    if announced and announced != str(account.held["Ntry"]):
        raise UnreadableFile("Le fichier n’a pas toutes les écritures qu’il annonce.")
    return iter(())


def _state(frame: Frame, *paths: str) -> str:
    if not (code := frame.first(*paths)):
        raise UnreadableFile("Il manque au fichier l’état d’une écriture ou d’un solde.")
    return identifier(code)


TELLERS: dict[str, Callable[[Frame], Iterator[Told]]] = {
    "Ntry": _of_entry,
    "TxDtls": _of_detail,
    "Bal": _of_balance,
    **dict.fromkeys(_ACCOUNTS, _of_account),
}
