"""What a bank checks in a file of transfers, rule by rule: the guides of the EPC, and what they rest on.

EPC132-08 (customer to PSP, 2025), EPC217-08 (letters), EPC230-15 (identifiers), EPC153-22 (addresses), EPC409-09
(countries), ISO 13616 (accounts), and the calendar of T2.
"""

import re
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from escale.gateways import bank
from tests.gateways.bank.test_writing import DEBTOR, IBAN, TRANSFER, order, texts

AT_TOULON = replace(DEBTOR, town="Toulon", country="FR")
LENGTHS = {"AT": 20, "CH": 21, "DE": 22, "ES": 24, "FR": 27, "GB": 22, "MC": 27, "NO": 15}
ODD = st.text(max_size=200) | st.sampled_from([
    "محمد بن علي", "สมชาย ใจดี", "🙂", "李雷", "/A//B/", "A" + "/" * 90 + "B", "x" * 69 + "/y", "\x00\x07Jean",
    "\ufeffLéa", "\u202eabc", "½ ﬁn", "\ud800x", "<b>&amp;</b>", "  x  ", "----",
])  # fmt: skip


def account(country: str, rest: str) -> str:
    """An account with its key, whatever follows it."""
    digits = "".join(str(int(sign, 36)) for sign in f"{rest}{country}00")
    return f"{country}{98 - int(digits) % 97:02d}{rest}"


def refusals(*transfers: bank.Transfer, **changes: object) -> list[str]:
    """Why a batch is refused; nothing if it is written."""
    try:
        order(*transfers, **changes)
    except bank.InvalidBatch as refusal:
        return refusal.reasons
    return []


@given(st.lists(st.tuples(ODD, ODD, st.integers(1, 99_999_999_999)), min_size=1, max_size=4), ODD)
def test_whatever_is_written_the_file_keeps_the_guides(people, payer):
    transfers = [
        bank.Transfer(f"A-{number}", Decimal(cents) / 100, f"A{holder}", IBAN, reference)
        for number, (holder, reference, cents) in enumerate(people)
    ]
    content = order(*transfers, debtor=replace(AT_TOULON, name=f"C{payer}"))
    assert content.startswith(b"<?xml version='1.0' encoding='UTF-8'")
    for leaf in (leaf for leaf in etree.fromstring(content).iter() if not len(leaf)):
        assert re.fullmatch(r"[A-Za-z0-9/\-?:().,'+ ]+", leaf.text or ""), "EPC217-08: the basic Latin set, never empty"
        assert leaf.text == leaf.text.strip(" /"), "EPC230-15: no space nor slash at an end"
        assert "//" not in leaf.text, "EPC230-15: no double slash"
    total = f"{sum(one.amount for one in transfers):.2f}"
    assert texts(content, "p:NbOfTxs") == [str(len(people))] * 2
    assert texts(content, "p:CtrlSum") == [total] * 2
    assert texts(content, "p:InstdAmt") == [f"{one.amount:.2f}" for one in transfers]
    assert all(len(name) <= 70 for name in texts(content, "p:Nm"))
    assert all(len(text) <= 140 for text in texts(content, "p:Ustrd"))
    assert texts(content, "p:EndToEndId") == [one.end_to_end_id for one in transfers]
    assert texts(content, "p:MsgId") == texts(content, "p:PmtInfId")
    assert texts(content, "p:PmtMtd") + texts(content, "p:ChrgBr") == ["TRF", "SLEV"]


def test_iso_20022_elements_come_in_their_order_and_in_euros_only():
    content = order(TRANSFER, debtor=AT_TOULON)
    [payment] = etree.fromstring(content).iter("{*}PmtInf")
    assert [etree.QName(one).localname for one in payment] == [
        "PmtInfId", "PmtMtd", "NbOfTxs", "CtrlSum", "PmtTpInf", "ReqdExctnDt", "Dbtr", "DbtrAcct", "DbtrAgt", "ChrgBr",
        "CdtTrfTxInf",
    ]  # fmt: skip
    assert {one.get("Ccy") for one in payment.iter("{*}InstdAmt")} == {"EUR"}


@pytest.mark.parametrize(("country", "length"), LENGTHS.items())
def test_iso_13616_an_account_has_the_length_of_its_country(country, length):
    wrong = replace(TRANSFER, iban=account(country, "1" * (length - 3)))
    assert any("IBAN" in reason for reason in bank.faults(wrong))


@pytest.mark.parametrize("key", ["00", "01", "99"])
def test_iso_7064_some_keys_are_never_given(key):
    for number in range(97):
        found = bank.faults(replace(TRANSFER, iban=f"FR{key}{number:023d}"))
        assert found == ["L’IBAN n’est pas valide."]


@pytest.mark.parametrize(("iban", "reached"), [
    (IBAN, True), (account("DE", "370400440532013000"), True), (account("FR", "1488900001" + "0" * 11 + "45"), True),
    (account("CH", "00230230023002301"), True), (account("TR", "0006100519786457841326"), False),
    (account("BR", "00360305000010009795493C1"), False), (account("UA", "3223130000026007233566001"), False),
])  # fmt: skip
def test_epc409_08_a_transfer_reaches_the_countries_of_sepa_and_the_french_pacific(iban, reached):
    assert (refusals(replace(TRANSFER, iban=iban), debtor=AT_TOULON) == []) is reached


def test_epc153_22_beyond_the_european_economic_area_the_payer_says_the_town_and_the_country():
    beyond = replace(TRANSFER, iban=account("CH", "00230230023002301"))
    assert refusals(beyond, debtor=AT_TOULON) == []
    for missing in ({"town": ""}, {"town": "?"}, {"country": ""}):
        [reason] = refusals(TRANSFER, replace(beyond, end_to_end_id="B"), debtor=replace(AT_TOULON, **missing))
        assert "ville" in reason
        assert refusals(TRANSFER, debtor=replace(AT_TOULON, **missing)) == []
    assert "ISO 3166" in refusals(TRANSFER, debtor=replace(AT_TOULON, country="fr"))[0]


def test_epc153_22_no_address_is_unstructured():
    assert b"AdrLine" not in order(replace(TRANSFER, holder="Léa, 3 rue du Port, 83000 Toulon"), debtor=AT_TOULON)


@pytest.mark.parametrize("day", ["2027-01-01", "2027-03-26", "2027-03-29", "2027-12-24"])
def test_epc132_08_the_day_asked_for_is_open_and_not_past(day):
    asked = date.fromisoformat(day)
    before, after = (datetime(asked.year, asked.month, asked.day, 9, tzinfo=UTC) + timedelta(days=n) for n in (-3, 1))
    opened = day == "2027-12-24"
    assert (refusals(created_at=before, execution_on=asked) == []) is opened
    assert refusals(created_at=after, execution_on=asked)


def test_the_day_of_a_file_is_that_of_paris():
    late = datetime(2026, 11, 23, 23, 30, tzinfo=UTC)
    assert "est passé" in refusals(created_at=late, execution_on=date(2026, 11, 23))[0]
    assert refusals(created_at=late, execution_on=date(2026, 11, 24)) == []


@pytest.mark.parametrize("iban", [account("TR", "0006100519786457841326"), "FR7630006000011234567890188"])
def test_the_account_that_pays_is_within_sepa(iban):
    assert refusals(TRANSFER, debtor=replace(DEBTOR, iban=iban)) == ["Le compte à débiter n’est pas valide."]
