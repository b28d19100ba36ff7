import io
import re
from datetime import date
from decimal import Decimal

import pytest
from django.core.management import CommandError, call_command

from escale.domain.claims.models import ClaimLine
from escale.jobs import stored_lines, what_if
from escale.jobs.management.commands.simulate import edition
from escale.rules import parameters
from escale.rules.simulation import changes, told
from tests import factories

DEARER = edition([("participation_forfaitaire", Decimal(3))], since=date(2026, 1, 1), until=None)


def simulated(*arguments: str) -> list[str]:
    out = io.StringIO()
    call_command("simulate", *arguments, stdout=out, stderr=io.StringIO())
    return out.getvalue().replace("\u202f", "").replace("\u00a0", " ").splitlines()


def test_a_dearer_participation_moves_from_what_is_due_to_participation() -> None:
    lines = simulated(
        "--set", "participation_forfaitaire=3", "--from", "2026-01-01", "--lines", "2000", "--processes", "1"
    )
    found = {line[:50].strip(): re.findall(r"[+-]?[\d,.]+ €", line[50:]) for line in lines}
    assert found["Dû"][2].lstrip("-") == found["Participation forfaitaire"][2].lstrip("+")
    assert found["Dû"][2].startswith("-")
    assert found["Au-delà du tarif français"][2] == "+0,00 €"
    assert lines[-1].startswith("2000 lignes en ")


@pytest.mark.filterwarnings("ignore:.*multi-threaded.*fork:DeprecationWarning")
def test_two_processes_find_what_one_finds() -> None:
    one, two = (
        what_if.generated(30_000, seed=7, proposed=DEARER, processes=processes, told=lambda done: None)
        for processes in (1, 2)
    )
    assert one == two
    assert one[0][0] > one[1][0]


@pytest.mark.parametrize("wrong", ["franchise=3", "franchise_drug", "franchise_drug=beaucoup", "franchise_drug=-1"])
def test_what_is_not_a_figure_is_refused(wrong: str) -> None:
    with pytest.raises((CommandError, SystemExit)):
        simulated("--set", wrong)


def test_the_law_changes_on_the_first_days_of_its_rows() -> None:
    with parameters.reading(edition([("franchise_drug", Decimal(2))], since=date(2026, 7, 1), until=None)):
        found = changes(date(2026, 1, 1), date(2026, 12, 31))
    assert found == (date(2026, 1, 1), date(2026, 3, 1), date(2026, 4, 22), date(2026, 7, 1))


@pytest.fixture
def computed(db: None, scanning: None, frozen: object) -> Decimal:
    factories.assessed()
    factories.assessed()
    return sum((line.due or Decimal(0) for line in ClaimLine.objects.all()), Decimal(0))


def test_stored_lines_are_found_as_they_were_computed(computed: Decimal) -> None:
    heard: list[int] = []
    before, after = stored_lines.played(proposed=DEARER, told=heard.append)
    assert told(before)["due"] == computed > 0
    assert told(after)["due"] < computed
    assert heard == [ClaimLine.objects.count()]


def test_the_circumstances_of_stored_lines_count(scanning: None, db: None, frozen: object) -> None:
    claim, by = factories.received(), factories.agent()
    line = ClaimLine.objects.get(bill__claim=claim)
    factories.claims.assess(line=line, retained=factories.claims.Assessment(act="G", emergency=True), by=by)
    before, _after = stored_lines.played(proposed=DEARER, told=lambda done: None)
    line.refresh_from_db()
    assert told(before)["due"] == line.due
