"""Tables of rates as they are published."""

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from escale.gateways.rate_tables import Fault, Line, Unreadable, read

SEPTEMBER = date(2026, 9, 1)


def table(folder: Path, text: str, encoding: str = "utf-8") -> Path:
    path = folder / "cours.csv"
    path.write_bytes(text.encode(encoding))
    return path


@pytest.mark.parametrize(
    ("text", "units"),
    [
        ("period_start,period_end,currency,units_per_gbp,units_per_eur_cross\n2026-09-01,2026-09-30,KES,172.1,149.6\n",
         "149.6"),
        ("Country;Currency;ISO A3 Code;Value;Comment\nKenya;Shilling;KES;149,6;\n", "149.6"),
        ("\ufeffDevise\tUnités par euro\nKES\t1 149,60\n", "1149.60"),
        ("Code devise;Taux de chancellerie;Date d’effet\nKES;0,00625;01/09/2026\n", "160"),
    ],
    ids=["crossed", "InforEuro", "tabs", "euros for one unit"],
)  # fmt: skip
def test_each_publisher_writes_in_its_own_way(tmp_path: Path, text: str, units: str) -> None:
    assert list(read(table(tmp_path, text), month=SEPTEMBER)) == [Line(2, "KES", Decimal(units), SEPTEMBER)]


def test_a_table_in_pounds_is_crossed_with_its_own_euro(tmp_path: Path) -> None:
    text = (
        "Country/Territories,Currency,Currency Code,Currency Units per £1,Start Date,End Date\n"
        "Eurozone,Euro,EUR,1.15,01/09/2026,30/09/2026\nKenya,Shilling,KES,172.5,01/09/2026,30/09/2026\n"
        "Kenya,Shilling,KES,180,01/10/2026,31/10/2026\n"
    )
    euro, kenya, alone = read(table(tmp_path, text, "cp1252"))
    assert euro == Line(2, "EUR", Decimal(1), SEPTEMBER)
    assert kenya == Line(3, "KES", Decimal(150), SEPTEMBER)
    assert isinstance(alone, Fault)
    assert "l’euro de ce mois" in alone.reason


def test_the_daily_file_of_the_ecb_has_a_currency_a_column(tmp_path: Path) -> None:
    text = "Date, USD, JPY, RUB, \n21 September 2026, 1.1590, 175.92, N/A, \n"
    on = date(2026, 9, 21)
    assert list(read(table(tmp_path, text))) == [
        Line(2, "USD", Decimal("1.1590"), on), Line(2, "JPY", Decimal("175.92"), on),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("cells", "reason"),
    [("KES;abc;2026-09-01", "pas un nombre"), ("KES;-1;2026-09-01", "ne peut pas être un cours"),
     ("KES;0;2026-09-01", "ne peut pas être un cours"), ("KES;NaN;2026-09-01", "ne peut pas être un cours"),
     ("KES;1,234;2026-09-01", "deux façons"), ("shilling;1;2026-09-01", "trois lettres"),
     ("KES;1;hier", "pas une date"), ("KES", "manque des colonnes"), ("KES;1e40;2026-09-01", "ne peut pas être")],
)  # fmt: skip
def test_a_line_that_makes_no_sense_says_why_and_stops_nothing(tmp_path: Path, cells: str, reason: str) -> None:
    fault, good = read(table(tmp_path, f"devise;unités par euro;date\n{cells}\nVND;30000;2026-09-01\n"))
    assert isinstance(fault, Fault)
    assert reason in fault.reason
    assert isinstance(good, Line)


@pytest.mark.parametrize(
    ("text", "words"),
    [("", "code de la devise"), ("devise;date\n", "le cours"), ("devise;valeur\n", "--month")],
)
def test_what_is_no_table_of_rates_is_not_read(tmp_path: Path, text: str, words: str) -> None:
    with pytest.raises(Unreadable, match=words):
        list(read(table(tmp_path, text)))


@given(st.binary(max_size=300))
def test_no_bytes_break_the_reader(tmp_path_factory: pytest.TempPathFactory, junk: bytes) -> None:
    path = tmp_path_factory.mktemp("tables") / "cours.csv"
    path.write_bytes(b"devise;valeur;date\n" + junk)
    for one in read(path):
        assert isinstance(one, Line | Fault)
