"""From the files to an edition: every good line, or nothing."""

from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from escale.domain.accounts.models import Role
from escale.domain.tariffs import actions as tariffs
from escale.domain.tariffs import differences
from escale.domain.tariffs.models import AmendedRow, Edition, Kind, TariffLine
from tests import factories
from tests.domain.tariffs import editions
from tests.domain.tariffs.editions import CCAM, FIGURES, NGAP

pytestmark = pytest.mark.django_db

BAD = """\
- {table: figure, key: franchise_drug, from: 2027-01-01, value: -1, source: Essai}
- {table: figure, key: inconnu, from: 2027-01-01, value: 1, source: Essai}
- {table: figure, key: franchise_drug, from: 2027-01-01, value: .nan, source: Essai}
- {table: figure, key: franchise_drug, from: 2027-01-01, value: texte, source: Essai}
- {table: figure, key: franchise_drug, from: 2027-01-01, value: 2, source: Essai, confidence: peut-être}
- {table: mystère, key: a, from: 2027-01-01}
- {table: act, key: GX, from: 2027-01-01, tariff: 10}
- {table: act, key: GY, from: 2027-01-01, tariff: 10, label: Essai, care: generalist, letter: true, usual: [x]}
- {table: territory, key: QX, from: 2027-01-01, zone: NULLE_PART}
- {table: figure, key: franchise_drug, from: 2027-01-01, value: 2, source: "\\0"}
- {table: figure, key: franchise_transport, from: 2027-01-01, value: 5, source: Bonne ligne, confidence: law}
- {table: figure, key: franchise_transport, from: 2027-01-01, value: 6, source: Deux fois, confidence: law}
"""


def test_what_the_law_cannot_read_is_refused():
    edition = editions.proposed(Kind.FIGURES, BAD)
    assert (edition.read, edition.refused) == (12, 11)
    assert [one["line"] for one in edition.refusals] == [*range(1, 11), 12]
    assert edition.rows.get().key == "franchise_transport"


def test_a_line_said_twice_is_refused():
    edition = editions.proposed(Kind.CCAM, CCAM + CCAM.splitlines()[1] + "\n")
    assert edition.refusals == [{"file": "ccam.csv", "line": 7, "reason": "Déjà dit à la ligne 2."}]


def test_a_file_without_a_good_line_leaves_nothing():
    with pytest.raises(tariffs.Unreadable), transaction.atomic():
        editions.proposed(Kind.CCAM, CCAM.splitlines()[0] + "\nAAAA,1,0,x,1,,\n")
    assert not Edition.objects.exists()
    assert not TariffLine.objects.exists()


def test_the_command_proposes_and_reports(tmp_path: Path):
    file, report, told = tmp_path / "ngap.csv", tmp_path / "refus.csv", StringIO()
    file.write_text(NGAP + "X;;;;;;\n", encoding="utf-8")
    by = factories.account(Role.SUPERVISOR)
    asked = ["--effective", "2026-01-01", "--by", by.email.upper(), "--report", str(report)]
    call_command("import_tariffs", "ngap", str(file), *asked, stdout=told)
    edition = Edition.objects.get()
    assert (edition.proposed_by, edition.status, edition.kept) == (by, "proposed", 2)
    assert "2 gardées, 1 refusées" in told.getvalue()
    assert report.read_text(encoding="utf-8").splitlines() == ["fichier;ligne;motif", "ngap.csv;4;Le tarif manque."]


@pytest.mark.parametrize("role", [Role.AGENT, Role.ACCOUNTANT])
def test_the_command_refuses_who_is_no_supervisor(tmp_path: Path, role: Role):
    email = factories.account(role).email
    with pytest.raises(CommandError, match="aucun superviseur"):
        call_command("import_tariffs", "ngap", tmp_path / "x.csv", "--effective", "2026-01-01", "--by", email)


def test_the_command_says_what_cannot_be_read(tmp_path: Path):
    email = factories.account(Role.SUPERVISOR).email
    with pytest.raises(CommandError, match="ne peut pas être lu"):
        call_command("import_tariffs", "ngap", tmp_path / "absent.csv", "--effective", "2026-01-01", "--by", email)
    with pytest.raises(CommandError, match="n’est pas une date"):
        call_command("import_tariffs", "ngap", "x.csv", "--effective", "hier", "--by", email)


def test_differences_are_counted_against_what_is_in_force():
    first = differences.differences(editions.in_force())
    assert (first.new, first.same, first.gone) == (5, 0, 0)
    changed = CCAM.replace("195.84", "196.00").replace("21.28", "42.56").replace("ZZZ001", "ZZZ002")
    found = differences.differences(editions.proposed(Kind.CCAM, changed))
    assert (found.same, found.changed, found.new, found.gone, found.moved) == (2, 2, 1, 1, 1)
    assert [(change.code, change.percent) for change in found.shown] == [("ZBQK002", 100)]
    figures = differences.differences(editions.proposed(Kind.FIGURES, FIGURES))
    assert (figures.changed, figures.new, figures.moved) == (1, 1, 1)


def test_an_edition_in_force_still_tells_what_it_changed():
    edition = editions.in_force(Kind.FIGURES, FIGURES)
    editions.in_force(Kind.FIGURES, FIGURES.replace("1.5", "9"))
    assert [change.before for change in differences.differences(edition).shown] == [None, 1]


SCRAPS = st.sampled_from(
    ["AAAA001", "1", "0", "10,5", '"', ";", ",", "\n", "\x00", "é", "- {table: figure, key: franchise_drug, value: ",
     "}\n", "[]", "2026-02-28", "- {table: act, key: A, label: a, care: nurse, tariff: ", "\\ud800", "ﷺ" * 60]
)  # fmt: skip


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
@given(st.sampled_from(Kind.values), st.lists(SCRAPS | st.text(max_size=6), max_size=30).map("".join))
def test_no_file_breaks_an_import_and_none_is_taken_by_half(kind: str, text: str):
    heads = {Kind.CCAM: CCAM, Kind.NGAP: NGAP, Kind.LPP: "code;libelle;tarif\n", Kind.HOSPITAL: "code;libelle;tarif\n"}
    text = text.encode(errors="replace").decode()
    before = Edition.objects.count()
    try:
        with transaction.atomic():
            edition = editions.proposed(Kind(kind), heads.get(Kind(kind), "") + text)
        held = TariffLine.objects.filter(edition=edition).count() + AmendedRow.objects.filter(edition=edition).count()
        assert held == edition.kept > 0
    except tariffs.Unreadable:
        assert Edition.objects.count() == before
