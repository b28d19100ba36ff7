"""The command that takes over a published table, told line by line."""

from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from escale.domain.rates import actions as rates
from escale.domain.rates.models import Rate
from tests import factories

pytestmark = pytest.mark.django_db

JULY = "Devise;Unités par euro;Mois\nKES;150;2026-07\nVND;30000;2026-07\n"
AUGUST = "Devise;Unités par euro;Mois\nKES;1520;2026-08\nVND;abc;2026-08\nUGX;4200;2026-08\n"


@pytest.fixture
def table(tmp_path: Path):
    def write(text: str) -> str:
        path = tmp_path / "cours.csv"
        path.write_text(text, encoding="utf-8")
        return str(path)

    return write


def told(capsys: pytest.CaptureFixture[str], *typed: str, by: str = "") -> list[str]:
    call_command("import_rates", *typed, by=by or factories.agent().account.email)
    return capsys.readouterr().out.splitlines()


def test_each_line_left_out_is_told_with_its_reason(table, capsys: pytest.CaptureFixture[str]) -> None:
    assert told(capsys, "mensuel", table(JULY)) == [
        "ligne 2 : à confirmer par une autre personne, KES 150 : premier cours de cette monnaie",
        "ligne 3 : à confirmer par une autre personne, VND 30000 : premier cours de cette monnaie",
        "cours.csv : 2 cours lus ; en usage 0, inchangés 0, à confirmer 2, refusés 0",
    ]
    rates.confirm_firsts(rate=Rate.objects.latest("pk"), by=factories.agent())
    assert told(capsys, "mensuel", table(AUGUST)) == [
        "ligne 3 : refusée, « abc » n’est pas un nombre",
        "ligne 2 : à confirmer par une autre personne, KES 1520 : virgule peut-être mal placée (150)",
        "ligne 4 : à confirmer par une autre personne, UGX 4200 : premier cours de cette monnaie",
        "cours.csv : 3 cours lus ; en usage 0, inchangés 0, à confirmer 2, refusés 1",
    ]
    assert told(capsys, "mensuel", table(AUGUST))[-1].endswith("en usage 0, inchangés 2, à confirmer 0, refusés 1")


def test_a_table_that_cannot_be_read_changes_nothing(table, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(CommandError, match="--month"):
        told(capsys, "mensuel", table("devise;valeur\nKES;150\n"))
    july = told(capsys, "mensuel", table("devise;valeur\nKES;150\n"), "--month", "2026-07")
    assert july[-1].startswith("cours.csv : 1 cours lus ; en usage 0")
    rates.confirm_firsts(rate=Rate.objects.get(), by=factories.agent())
    with pytest.raises(CommandError, match="euros par unité"):
        told(capsys, "mensuel", table("devise;valeur;mois\nKES;0.00667;2026-08\n"))
    with pytest.raises(CommandError, match="introuvable|No such file"):
        told(capsys, "mensuel", "/nulle/part.csv")
    assert Rate.objects.count() == 1


def test_only_who_treats_claims_may_import(table, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(CommandError, match="Aucun gestionnaire ni superviseur"):
        told(capsys, "mensuel", table(JULY), by=factories.accountant().account.email)


def test_the_daily_file_of_the_ecb_says_where_it_comes_from(table, capsys: pytest.CaptureFixture[str]) -> None:
    told(capsys, "bce", table("Date, USD, JPY, \n14 September 2026, 1.1650, 176.10, \n"))
    assert {one.source for one in Rate.objects.all()} == {"Banque centrale européenne"}
