"""What the bank answers is told as it means it, in every version that banks use."""

import io
from collections import Counter
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from escale.gateways import bank
from escale.gateways.bank import What
from tests import iso20022
from tests.gateways.bank import mirror

IBAN = "FR7630006000011234567890189"
KINDS = ("camt.053", "camt.054")
DEBTOR = bank.Debtor("CNMSS", IBAN)


def sent(*end_to_end_ids: str) -> mirror.File:
    """A file of ours, of one euro to the first, two to the second…, as the bank received it."""
    transfers = [
        bank.Transfer(one, Decimal(number), "Léa Martin", IBAN, one) for number, one in enumerate(end_to_end_ids, 1)
    ]
    return mirror.received(
        bank.credit_transfers(
            batch_id="LOT-7",
            created_at=datetime(2026, 11, 23, 10, 0, tzinfo=UTC),
            execution_on=date(2026, 11, 24),
            debtor=DEBTOR,
            transfers=transfers,
        )
    )


def told(content: bytes) -> list[bank.Told]:
    return list(bank.read(io.BytesIO(content)).told)


def said(content: bytes) -> list[tuple[str, str, str]]:
    return [(one.what, one.end_to_end_id, one.reason) for one in told(content)]


def of_account(*entries: str, kind: str = "camt.054", **more: str) -> bytes:
    return mirror.account(kind, "08", IBAN, entries, **more)


@pytest.mark.parametrize("version", [*mirror.STATUS_VERSIONS, "10"])
def test_a_status_report_says_which_transfers_are_refused_and_why(version):
    content = mirror.status(sent("A-1", "A-2"), version, refused={"A-2": "AC04"})
    if version != "10":  # of which no schema could be had
        iso20022.check(content, f"pain.002.001.{version}")
    report = bank.read(io.BytesIO(content))
    assert (report.kind, report.message_id, report.account_iban) == (bank.Kind.STATUS, "BANK-1", "")
    assert report.created_at == datetime(2026, 11, 24, 7, 0, tzinfo=UTC)
    accepted, rejected = report.told
    assert (accepted.what, accepted.end_to_end_id, accepted.reason) == (What.ACCEPTED, "A-1", "")
    assert rejected == bank.Told(
        what=What.REJECTED,
        message_id="LOT-7",
        payment_info_id="LOT-7",
        end_to_end_id="A-2",
        amount=Decimal("2.00"),
        currency="EUR",
        reason="AC04",
        counterparty_iban=IBAN,
    )


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("version", mirror.BOOKING_VERSIONS)
def test_a_statement_and_an_advice_say_what_left_and_what_came_back(kind, version):
    content = mirror.bookings(kind, sent("A-1", "A-2"), version, returned={"A-2": "MD07"})
    iso20022.check(content, f"{kind}.001.{version}")
    report = bank.read(io.BytesIO(content))
    assert (report.kind, report.account_iban) == (kind, IBAN)
    *balance, first, second, back = report.told
    assert [(one.what, one.reason, one.amount) for one in balance] == (
        [(What.BALANCE, "CLBD", Decimal("1000.00"))] if kind == "camt.053" else []
    )
    assert (first.what, first.end_to_end_id, first.amount) == (What.BOOKED, "A-1", Decimal("1.00"))
    assert (first.booked_on, first.value_on) == (date(2026, 11, 24), date(2026, 11, 25))
    assert (second.what, second.message_id, second.payment_info_id) == (What.BOOKED, "LOT-7", "LOT-7")
    assert back == bank.Told(
        what=What.RETURNED,
        message_id="LOT-7",
        payment_info_id="LOT-7",
        end_to_end_id="A-2",
        amount=Decimal("2.00"),
        currency="EUR",
        booked_on=date(2026, 11, 24),
        value_on=date(2026, 11, 25),
        bank_reference="BK-1",
        reason="MD07",
        account_iban=IBAN,
    )


def test_a_batch_booked_as_one_sum_is_told_whole_or_transfer_by_transfer():
    file = sent("A-1", "A-2")
    [whole] = told(mirror.bookings("camt.054", file, "08", as_one=True, in_detail=False))
    assert (whole.what, whole.payment_info_id, whole.end_to_end_id) == (What.BOOKED, "LOT-7", "")
    assert whole.amount == Decimal("3.00")
    each = told(mirror.bookings("camt.054", file, "08", as_one=True))
    assert [(one.end_to_end_id, one.amount) for one in each] == [("A-1", Decimal("1.00")), ("A-2", Decimal("2.00"))]


@pytest.mark.parametrize(("detailed", "announced", "expected"), [
    ((1, 2), "2", ["booked", "booked"]), ((1, 1), "", ["booked", "booked", "unknown"]),
    ((1,), "2", ["booked", "unknown"]),
    ((3,), "2", ["booked"]), ((2,), "1", ["booked"]), ((), "2", ["booked"]),
])  # fmt: skip
def test_what_the_details_of_a_sum_leave_out_is_not_passed_over(detailed, announced, expected):
    batch = f"<Btch><PmtInfId>LOT-7</PmtInfId><NbOfTxs>{announced}</NbOfTxs></Btch>" if announced else ""
    parts = "".join(
        f"<TxDtls><Refs><PmtInfId>LOT-7</PmtInfId></Refs><Amt Ccy='EUR'>{amount}.00</Amt></TxDtls>"
        for amount in detailed
    )
    found = told(of_account(mirror.entry("3.00", "DBIT", details=f"<NtryDtls>{batch}{parts}</NtryDtls>")))
    assert [one.what for one in found] == expected
    if expected[-1] == "unknown":
        assert found[-1].amount == Decimal("3.00")


def test_several_accounts_in_one_file_each_have_their_own_movements():
    other = "FR7699999000010000000000212"
    first, second = (
        mirror.account("camt.053", "02", iban, [mirror.entry("5.00", "DBIT", "02")]) for iban in (IBAN, other)
    )
    statement = second[second.index(b"<Stmt>") : second.index(b"</BkToCstmrStmt>")]
    both = first.replace(b"</BkToCstmrStmt>", statement + b"</BkToCstmrStmt>")
    assert [one.account_iban for one in told(both) if one.what == What.BOOKED] == [IBAN, other]


def test_a_whole_file_is_accepted_refused_or_neither():
    file = sent("A-1")
    for group, expected in {"ACCP": "file_accepted", "RJCT": "file_refused", "WHAT": "unknown"}.items():
        content = mirror.status(file, "03", group=group)
        assert said(content)[-1] == (expected, "", "WHAT" if expected == "unknown" else "")
        assert told(content)[-1].message_id == "LOT-7"
    for group in ("PART", "PDNG", "RCVD"):
        assert [what for what, *_ in said(mirror.status(file, "03", group=group))] == ["accepted"]


def test_a_transfer_without_a_word_of_its_own_shares_the_fate_of_its_payment():
    silent = b"<TxInfAndSts><OrgnlEndToEndId>A-1</OrgnlEndToEndId></TxInfAndSts>"
    for fate, expected in {
        b"<PmtInfSts>RJCT</PmtInfSts><StsRsnInf><Rsn><Cd>AG01</Cd></Rsn></StsRsnInf>": ("rejected", "A-1", "AG01"),
        b"<PmtInfSts>ACCP</PmtInfSts>": ("accepted", "A-1", ""),
        b"": ("unknown", "A-1", ""),
    }.items():
        payment = b"<OrgnlPmtInfId>LOT-7</OrgnlPmtInfId>" + fate + silent
        content = mirror.message("pain.002", "12", f"<OrgnlPmtInfAndSts>{payment.decode()}</OrgnlPmtInfAndSts>")
        assert said(content)[0] == expected


@pytest.mark.parametrize(("entry", "what"), [
    (mirror.entry("5.00", "CRDT"), "received"),
    (mirror.entry("5.00", "CRDT", family="RRTN"), "returned"),
    (mirror.entry("5.00", "CRDT", reversal="true"), "returned"),
    (mirror.entry("5.00", "DBIT", reversal="false"), "booked"),
    (mirror.entry("5.00", "DBIT", reversal="1"), "unknown"),
    (mirror.entry("5.00", "DBIT", family="RRTN"), "unknown"),
])  # fmt: skip
def test_a_movement_is_told_by_its_direction_and_by_whether_it_undoes_another(entry, what):
    assert said(of_account(entry)) == [(what, "", "")]


def test_what_is_not_booked_yet_is_not_told():
    assert (
        said(of_account(mirror.entry("5.00", "DBIT", status="PDNG"), mirror.entry("5.00", "DBIT", status="INFO"))) == []
    )


def test_an_overdrawn_balance_is_below_nothing():
    [balance] = told(of_account(kind="camt.053", before=mirror.balance("12.50", "DBIT", "OPBD")))
    assert (balance.what, balance.amount, balance.reason) == (What.BALANCE, Decimal("-12.50"), "OPBD")


def test_the_balance_of_a_page_is_not_that_of_its_statement():
    of_page = mirror.balance("5.00", "CRDT").replace("</CdOrPrtry>", "</CdOrPrtry><SubTp><Cd>INTM</Cd></SubTp>")
    [balance] = told(of_account(kind="camt.053", before=of_page + mirror.balance("12.50", "CRDT")))
    assert balance.amount == Decimal("12.50")


@pytest.mark.parametrize(("booked", "day"), [
    ("<Dt>2026-11-24</Dt>", 24), ("<Dt>2026-11-24+01:00</Dt>", 24), ("<DtTm>2026-11-24T23:30:00Z</DtTm>", 25),
    ("<DtTm>2026-11-24T23:30:00+01:00</DtTm>", 24), ("<DtTm>2026-11-24T23:30:00.123</DtTm>", 24),
])  # fmt: skip
def test_the_day_of_a_booking_is_that_of_paris(booked, day):
    [one] = told(of_account(mirror.entry("5.00", "DBIT", booked=booked)))
    assert one.booked_on == date(2026, 11, day)


def test_another_currency_is_told_as_it_is():
    [one] = told(of_account(mirror.entry("5.00", "DBIT", currency="XPF")))
    assert (one.amount, one.currency) == (Decimal("5.00"), "XPF")


@pytest.mark.parametrize(
    ("written", "told_as"), [("12", "12.00"), ("12.5", "12.50"), ("012.50000", "12.50"), ("0.125", "0.125")]
)
def test_a_sum_is_told_in_one_way_however_it_is_written(written, told_as):
    [one] = told(of_account(mirror.entry(written, "DBIT")))
    assert str(one.amount) == told_as


@pytest.mark.parametrize("word", ["NOTPROVIDED", "NONREF"])
def test_no_identifier_is_no_identifier(word):
    details = f"<NtryDtls><TxDtls><Refs><EndToEndId>{word}</EndToEndId></Refs></TxDtls></NtryDtls>"
    [one] = told(of_account(mirror.entry("5.00", "DBIT", details=details)))
    assert (one.end_to_end_id, one.amount) == ("", Decimal("5.00"))


def test_prefixes_and_encodings_change_nothing():
    plain = mirror.status(sent("A-1"), "03", refused={"A-1": "AC01"}).decode()
    prefixed = plain.replace("<", "<b:").replace("<b:/", "</b:").replace("xmlns=", "xmlns:b=")
    said_in = "<?xml version='1.0' encoding='{}'?>"
    expected = told(plain.encode())
    for text, encoding in [
        (prefixed, "utf-8"), (plain, "utf-8-sig"),
        (plain.replace("><", ">\r\n<"), "utf-8"), (said_in.format("UTF-16") + plain, "utf-16"),
        (said_in.format("ISO-8859-1") + plain, "latin-1"), (said_in.format("windows-1252") + plain, "cp1252"),
    ]:  # fmt: skip
        assert told(text.encode(encoding)) == expected


REASONS = st.sampled_from(["AC01", "AC04", "AC06", "MD07", "MS03"])
IDENTIFIERS = st.from_regex(r"[A-Za-z0-9:().,'+ ?-]{1,35}", fullmatch=True).filter(lambda one: one == one.strip())


@settings(max_examples=40)
@given(st.data())
def test_whatever_is_sent_the_bank_gives_back_each_transfer_once(data):
    ours = data.draw(st.lists(IDENTIFIERS.filter("NOTPROVIDED".__ne__), min_size=1, max_size=8, unique=True))
    refused = data.draw(st.dictionaries(st.sampled_from(ours), REASONS))
    returned = data.draw(st.dictionaries(st.sampled_from(ours), REASONS))
    kind, version = (
        data.draw(st.sampled_from(["camt.053", "camt.054"])),
        data.draw(st.sampled_from(mirror.BOOKING_VERSIONS)),
    )
    file = sent(*ours)
    fates = Counter(said(mirror.status(file, "12", refused=refused)))
    assert {fate: number for fate, number in fates.items() if fate[1]} == {
        ("rejected" if one in refused else "accepted", one, refused.get(one, "")): 1 for one in ours
    }
    moved = Counter(said(mirror.bookings(kind, file, version, returned=returned, as_one=data.draw(st.booleans()))))
    del moved["balance", "", "CLBD"]
    assert moved == {("booked", one, ""): 1 for one in ours} | {
        ("returned", one, reason): 1 for one, reason in returned.items()
    }
