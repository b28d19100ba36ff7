import io
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from hashlib import sha256
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
    assert texts(content, "p:Purp/p:Cd") == ["SSBE"] * 2
    assert texts(content, "p:CdtrAgt") == texts(content, "p:PstlAdr") == []


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
    {"transfers": []}, {"batch_id": "x" * 36}, {"batch_id": ""}, {"batch_id": "\0"},
    {"debtor": replace(DEBTOR, iban="FR76")}, {"debtor": replace(DEBTOR, bic="AGRI")},
    {"debtor": replace(DEBTOR, name=" ")}, {"transfers": [TRANSFER, TRANSFER]},
    {"execution_on": date(2026, 11, 22)}, {"execution_on": date(2026, 12, 25)},
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
    ("Zoë (née Łuk)", "Zoe (nee Luk)"), ("Пётр Цой", "Petr TSoy"), ("Γιώργος Ψαράς", "Giorgos PSaras"),
    ("太郎 Martin", ".. Martin"), ("A\u200bB\u202e C\u0335", "AB C"), ("/Jean//Paul/", "Jean/Paul"),
    ("A" + "/" * 200, "A"),
])  # fmt: skip
def test_names_keep_what_the_banks_accept(name, written):
    assert bank.sepa_text(name) == written


def test_a_batch_is_written_as_it_comes_and_its_digest_is_that_of_the_file():
    out = io.BytesIO()
    two = [TRANSFER, replace(TRANSFER, end_to_end_id="B")]
    batch = {
        "batch_id": "ESC-LOT-2026-0007", "created_at": datetime(2026, 11, 21, 10, 0, tzinfo=UTC),
        "execution_on": date(2026, 11, 23), "debtor": DEBTOR,
    }  # fmt: skip
    digest = bank.write_credit_transfers(out, transfers=iter(two), count=2, total=Decimal("246.90"), **batch)
    assert out.getvalue() == order(*two)
    assert digest == sha256(out.getvalue()).hexdigest()
    for announced in ({"count": 3, "total": Decimal("246.90")}, {"count": 2, "total": Decimal("246.91")}):
        with pytest.raises(bank.InvalidBatch, match="Le lot annonce"):
            bank.write_credit_transfers(io.BytesIO(), transfers=iter(two), **announced, **batch)


def test_no_more_than_a_hundred_reasons_are_told():
    wrong = (replace(TRANSFER, amount=Decimal(0)) for _ in range(100_000))
    with pytest.raises(bank.InvalidBatch) as refusal:
        bank.write_credit_transfers(
            io.BytesIO(), batch_id="A", created_at=datetime(2026, 11, 21, tzinfo=UTC), execution_on=date(2026, 11, 23),
            debtor=DEBTOR, transfers=wrong, count=1, total=Decimal(1),
        )  # fmt: skip
    assert len(refusal.value.reasons) == 100
    assert next(wrong)


def test_beyond_the_european_economic_area_the_bank_is_named_and_the_payer_tells_where_he_is():
    known, unknown = "CH5604835012345678009", "CH9300762011623852957"
    content = order(
        TRANSFER,
        replace(TRANSFER, end_to_end_id="B", iban=known),
        debtor=replace(DEBTOR, town="Toulon", country="FR"),
    )
    schema().assertValid(etree.fromstring(content))
    [bic] = texts(content, "p:CdtrAgt/p:FinInstnId/p:BICFI")
    assert bic == "UBSWCHZH80A"
    assert texts(content, "p:PstlAdr/p:TwnNm") + texts(content, "p:PstlAdr/p:Ctry") == ["Toulon", "FR"]
    assert texts(content, "p:AdrLine") == []
    assert bank.faults(replace(TRANSFER, iban=known)) == []
    assert len(bank.faults(replace(TRANSFER, iban=unknown))) == 1


@pytest.mark.parametrize(("after", "day"), [
    ("2026-11-20", "2026-11-23"), ("2026-04-02", "2026-04-07"), ("2026-12-24", "2026-12-28"),
    ("2026-07-13", "2026-07-14"), ("2026-04-30", "2026-05-04"), ("2026-05-07", "2026-05-08"),
    ("2027-12-31", "2028-01-03"),
])  # fmt: skip
def test_banks_execute_on_the_days_of_the_eurosystem_not_on_ours(after, day):
    assert bank.execution_day(date.fromisoformat(after)) == date.fromisoformat(day)
