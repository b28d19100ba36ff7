from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from importlib.resources import files

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from escale.gateways import bank

IBAN = "FR7630006000011234567890189"
DEBTOR = bank.Debtor("Caisse nationale militaire de sécurité sociale", IBAN, "AGRIFRPP")
TRANSFER = bank.Transfer("ESC-2026-000042-1", Decimal("123.45"), "Léa d’Œuvrard-Noël", IBAN, "Soins à l’étranger n-42")
NAMES = {"p": "urn:iso:std:iso:20022:tech:xsd:pain.001.001.09"}


def order(*transfers, **changes):
    batch = {
        "batch_id": "ESC-LOT-2026-0007",
        "created_at": datetime(2026, 11, 21, 10, 0, tzinfo=UTC),
        "execution_on": date(2026, 11, 23),
        "debtor": DEBTOR,
        "transfers": transfers or [TRANSFER],
    }
    return bank.credit_transfers(**{**batch, **changes})


def texts(content, path):
    return [element.text for element in etree.fromstring(content).iterfind(f".//{path}", NAMES)]


def schema():
    return etree.XMLSchema(file=str(files("sepaxml") / "schemas" / "pain.001.001.09.xsd"))


def test_the_order_is_valid_and_says_who_pays_whom():
    content = order(TRANSFER, replace(TRANSFER, end_to_end_id="ESC-2026-000043-1", amount=Decimal("0.5")))
    schema().assertValid(etree.fromstring(content))
    assert texts(content, "p:NbOfTxs") == ["2", "2"]
    assert texts(content, "p:CtrlSum") == ["123.95", "123.95"]
    assert texts(content, "p:InstdAmt") == ["123.45", "0.50"]
    assert texts(content, "p:CdtTrfTxInf/p:Cdtr/p:Nm") == ["Lea d'OEuvrard-Noel"] * 2
    assert texts(content, "p:Ustrd") == ["Soins a l'etranger n-42"] * 2
    assert texts(content, "p:ChrgBr") == ["SLEV"]
    assert texts(content, "p:SvcLvl/p:Cd") == ["SEPA"]
    assert texts(content, "p:BICFI") == ["AGRIFRPP"]
    assert texts(content, "p:ReqdExctnDt/p:Dt") == ["2026-11-23"]


def test_the_same_batch_written_twice_is_the_same_file():
    paris = datetime(2026, 11, 21, 11, 0, tzinfo=timezone(timedelta(hours=1)))
    assert order() == order() == order(created_at=paris)


def test_an_account_without_bic_and_a_transfer_without_reference_are_fine():
    content = order(replace(TRANSFER, reference=""), debtor=replace(DEBTOR, bic=""))
    schema().assertValid(etree.fromstring(content))
    assert texts(content, "p:DbtrAgt//p:Id") == ["NOTPROVIDED"]
    assert texts(content, "p:RmtInf") == []


@pytest.mark.parametrize("change", [
    {"amount": Decimal("0")}, {"amount": Decimal("-1")}, {"amount": Decimal("0.001")}, {"amount": Decimal("NaN")},
    {"amount": Decimal("1e9")}, {"amount": Decimal("Infinity")}, {"iban": "FR7630006000011234567890188"}, {"iban": ""},
    {"iban": "FR76 3000 6000 0112 3456 7890 189"}, {"end_to_end_id": ""}, {"end_to_end_id": "x" * 36},
    {"end_to_end_id": "é"}, {"end_to_end_id": "/A"}, {"end_to_end_id": "A//B"}, {"end_to_end_id": "A/"},
    {"end_to_end_id": "A\n"}, {"holder": ""}, {"holder": "山田太郎"},
])  # fmt: skip
def test_a_wrong_transfer_is_named_by_its_number_and_nothing_else(change):
    with pytest.raises(bank.InvalidBatch) as refusal:
        order(TRANSFER, replace(TRANSFER, **{"end_to_end_id": "OTHER"} | change))
    [reason] = refusal.value.reasons
    assert reason.startswith("Virement n°\N{NARROW NO-BREAK SPACE}2")
    assert IBAN[4:] not in reason


@pytest.mark.parametrize("change", [
    {"transfers": []}, {"batch_id": "x" * 36}, {"batch_id": ""}, {"debtor": replace(DEBTOR, iban="FR76")},
    {"debtor": replace(DEBTOR, bic="AGRI")}, {"debtor": replace(DEBTOR, name=" ")},
    {"transfers": [TRANSFER, TRANSFER]},
])  # fmt: skip
def test_a_wrong_batch_is_refused(change):
    with pytest.raises(bank.InvalidBatch):
        order(**change)


def test_a_moment_without_a_time_zone_is_refused():
    with pytest.raises(ValueError, match="time zone"):
        order(created_at=datetime(2026, 11, 21))


@given(st.text(max_size=200), st.text(max_size=200))
def test_whatever_people_are_called_the_file_is_valid_or_refused(holder, reference):
    try:
        content = order(replace(TRANSFER, holder=holder, reference=reference))
    except bank.InvalidBatch:
        return
    schema().assertValid(etree.fromstring(content))


@pytest.mark.parametrize(("name", "written"), [
    ("Aÿ Ümlaut Straße Ørsted Đorđe", "Ay Umlaut Strasse Orsted Dorde"), ("N’GUYỄN  & fils", "N'GUYEN + fils"),
    ("Zoë (née Łuk)", "Zoe (nee Luk)"), ("Пётр Martin", ".... Martin"),
])  # fmt: skip
def test_names_keep_what_the_banks_accept(name, written):
    assert bank.sepa_text(name) == written
