"""The bank, as its answers show it: it reads our orders with nothing of ours, and answers in the version one likes."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from xml.sax.saxutils import escape

from lxml import etree

NOBODY: Mapping[str, str] = {}
OURS = {"p": "urn:iso:std:iso:20022:tech:xsd:pain.001.001.09"}
MESSAGES = {
    "pain.002": "CstmrPmtStsRpt", "camt.053": "BkToCstmrStmt", "camt.054": "BkToCstmrDbtCdtNtfctn",
}  # fmt: skip
STATUS_VERSIONS = ("03", "12", "14")
BOOKING_VERSIONS = ("02", "03", "04", "06", "08", "10", "12", "13")


@dataclass(frozen=True)
class Order:
    """One transfer, as the bank reads it."""

    end_to_end_id: str
    amount: str
    iban: str


@dataclass(frozen=True)
class File:
    """A file of transfers, as the bank reads it."""

    message_id: str
    payment_info_id: str
    iban: str
    total: str
    orders: tuple[Order, ...]


def received(content: bytes) -> File:
    """Read a file of ours."""
    tree = etree.fromstring(content)

    def text(path: str, of: etree._Element = tree) -> str:
        return str(of.findtext(f".//{path}", namespaces=OURS))

    orders = tuple(
        Order(text("p:EndToEndId", one), text("p:InstdAmt", one), text("p:CdtrAcct/p:Id/p:IBAN", one))
        for one in tree.iterfind(".//p:CdtTrfTxInf", OURS)
    )
    debtor = text("p:DbtrAcct/p:Id/p:IBAN")
    return File(text("p:MsgId"), text("p:PmtInfId"), debtor, text("p:CtrlSum"), orders)


def status(file: File, version: str, *, refused: Mapping[str, str] = NOBODY, group: str = "") -> bytes:
    """Answer what becomes of each order (pain.002): its reason if it is refused, else that it is accepted."""
    of_group = f"<GrpSts>{group or ('PART' if refused else 'ACCP')}</GrpSts>"
    body = "".join(
        f"<TxInfAndSts><OrgnlEndToEndId>{escape(one.end_to_end_id)}</OrgnlEndToEndId>"
        + (
            f"<TxSts>RJCT</TxSts><StsRsnInf><Rsn><Cd>{refused[one.end_to_end_id]}</Cd></Rsn></StsRsnInf>"
            if one.end_to_end_id in refused
            else "<TxSts>ACSC</TxSts>"
        )
        + f'<OrgnlTxRef><Amt><InstdAmt Ccy="EUR">{one.amount}</InstdAmt></Amt>'
        f"<CdtrAcct><Id><IBAN>{one.iban}</IBAN></Id></CdtrAcct></OrgnlTxRef></TxInfAndSts>"
        for one in file.orders
    )
    return message(
        "pain.002",
        version,
        f"<OrgnlGrpInfAndSts><OrgnlMsgId>{escape(file.message_id)}</OrgnlMsgId><OrgnlMsgNmId>pain.001.001.09</OrgnlMsgNmId>"
        f"{of_group}</OrgnlGrpInfAndSts><OrgnlPmtInfAndSts><OrgnlPmtInfId>{escape(file.payment_info_id)}</OrgnlPmtInfId>"
        f"{body}</OrgnlPmtInfAndSts>",
    )


def bookings(
    kind: str,
    file: File,
    version: str,
    *,
    returned: Mapping[str, str] = NOBODY,
    as_one: bool = False,
    in_detail: bool = True,
) -> bytes:
    """Tell what was booked (camt.053, camt.054): each order, or the batch as one sum; then each that came back."""
    away = [_detail(file, one, version) for one in file.orders] if in_detail else []
    if as_one:
        batch = f"<Btch><PmtInfId>{escape(file.payment_info_id)}</PmtInfId></Btch>"
        entries = [entry(file.total, "DBIT", version, f"<NtryDtls>{batch}{''.join(away)}</NtryDtls>")]
    else:
        entries = [
            entry(one.amount, "DBIT", version, f"<NtryDtls>{detail}</NtryDtls>")
            for one, detail in zip(file.orders, away, strict=True)
        ]
    entries += [
        entry(
            one.amount,
            "CRDT",
            version,
            f"<NtryDtls>{_detail(file, one, version, returned[one.end_to_end_id])}</NtryDtls>",
        )
        for one in file.orders
        if one.end_to_end_id in returned
    ]
    return account(kind, version, file.iban, entries)


def account(kind: str, version: str, iban: str, entries: Iterable[str], *, before: str = "") -> bytes:
    """Wrap entries, with balances before them if any, as those of an account."""
    of = "Stmt" if kind == "camt.053" else "Ntfctn"
    if kind == "camt.053":
        before = before or balance("1000.00", "CRDT")
    entries = list(entries)
    summed = f"<TxsSummry><TtlNtries><NbOfNtries>{len(entries)}</NbOfNtries></TtlNtries></TxsSummry>"
    head = f"<{of}><Id>1</Id><CreDtTm>2026-11-24T08:00:00+01:00</CreDtTm><Acct><Id><IBAN>{iban}</IBAN></Id></Acct>"
    return message(kind, version, f"{head}{before}{summed}{''.join(entries)}</{of}>")


def balance(amount: str, direction: str, code: str = "CLBD") -> str:
    """Tell a balance of the account."""
    return (
        f"<Bal><Tp><CdOrPrtry><Cd>{code}</Cd></CdOrPrtry></Tp>"
        f'<Amt Ccy="EUR">{amount}</Amt><CdtDbtInd>{direction}</CdtDbtInd><Dt><Dt>2026-11-24</Dt></Dt></Bal>'
    )


def entry(
    amount: str,
    direction: str,
    version: str = "08",
    details: str = "",
    *,
    status: str = "BOOK",
    reversal: str = "",
    currency: str = "EUR",
    booked: str = "<Dt>2026-11-24</Dt>",
    family: str = "ESCT",
) -> str:
    """Tell one movement of the account."""
    said = f"<Cd>{status}</Cd>" if version >= "08" else status
    reversal = reversal and f"<RvslInd>{reversal}</RvslInd>"
    return (
        f'<Ntry><Amt Ccy="{currency}">{amount}</Amt><CdtDbtInd>{direction}</CdtDbtInd>{reversal}<Sts>{said}</Sts>'
        f"<BookgDt>{booked}</BookgDt><ValDt><Dt>2026-11-25</Dt></ValDt><AcctSvcrRef>BK-1</AcctSvcrRef><BkTxCd><Domn>"
        f"<Cd>PMNT</Cd><Fmly><Cd>ICDT</Cd><SubFmlyCd>{family}</SubFmlyCd></Fmly></Domn></BkTxCd>{details}</Ntry>"
    )


def message(kind: str, version: str, body: str) -> bytes:
    """Wrap what the bank says as a message of one version."""
    element = MESSAGES[kind]
    header = "<GrpHdr><MsgId>BANK-1</MsgId><CreDtTm>2026-11-24T08:00:00+01:00</CreDtTm></GrpHdr>"
    namespace = f"urn:iso:std:iso:20022:tech:xsd:{kind}.001.{version}"
    return f'<Document xmlns="{namespace}"><{element}>{header}{body}</{element}></Document>'.encode()


def _detail(file: File, order: Order, version: str, reason: str = "") -> str:
    amount, direction = f'<Amt Ccy="EUR">{order.amount}</Amt>', "CRDT" if reason else "DBIT"
    said = (
        f"<AmtDtls><TxAmt>{amount}</TxAmt></AmtDtls>"
        if version == "02"
        else f"{amount}<CdtDbtInd>{direction}</CdtDbtInd>"
    )
    returned = reason and f"<RtrInf><Rsn><Cd>{reason}</Cd></Rsn></RtrInf>"
    return (
        f"<TxDtls><Refs><MsgId>{escape(file.message_id)}</MsgId><PmtInfId>{escape(file.payment_info_id)}</PmtInfId>"
        f"<EndToEndId>{escape(order.end_to_end_id)}</EndToEndId></Refs>{said}"
        f"<RltdPties><CdtrAcct><Id><IBAN>{order.iban}</IBAN></Id></CdtrAcct></RltdPties>{returned}</TxDtls>"
    )
