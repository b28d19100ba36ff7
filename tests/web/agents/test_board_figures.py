"""The figures of the board: what the supervisor reads, filters and takes away."""

import csv
import re
from datetime import date, timedelta

import pytest
from django.http import HttpResponse
from django.test import Client

from escale.domain.accounts.models import Role
from escale.domain.claims.models import Claim
from escale.domain.statistics import actions as statistics
from escale.domain.statistics.models import Measure
from escale.web import charts
from escale.web.agents import board
from escale.web.charts import Series
from tests import factories
from tests.domain.statistics.figures import put, row
from tests.web.agents.conftest import at_counter, text

BOARD = "/gestion/supervision/"
TUESDAY = date(2026, 9, 15)


@pytest.fixture
def supervisor(db: None) -> Client:
    return at_counter(factories.actor(Role.SUPERVISOR))


@pytest.fixture
def summer(db: None) -> None:
    """Nine weeks at the same pace: each working day, ten claims come and eight are decided, six of them in time."""
    days = [day for back in range(63) if (day := TUESDAY - timedelta(days=back)).weekday() < 5]
    rows = [
        row(Measure.OPEN, "DJ", "dental", day=TUESDAY, count=30, key="agent"),
        row(Measure.OPEN, "DJ", "dental", day=TUESDAY - timedelta(days=14), count=5, key="papers"),
    ]
    for day in days:
        rows += [
            row(Measure.RECEIVED, "DJ", "dental", day=day, count=10),
            row(Measure.ANSWERED, "DJ", "dental", day=day, count=6),
            row(Measure.ANSWERED, "SN", "hospital", day=day, count=2),
            row(Measure.DECIDED, "DJ", "dental", day=day, count=6, key="accepted", bucket=3),
            row(Measure.DECIDED, "SN", "hospital", day=day, count=2, key="refused", bucket=8),
            row(Measure.IN_TIME, "DJ", "dental", day=day, count=6, key="gross"),
            row(Measure.IN_TIME, "DJ", "dental", day=day, count=6, key="net"),
            row(Measure.IN_TIME, "SN", "hospital", day=day, count=1, key="net"),
            row(Measure.REASON, "SN", "hospital", day=day, count=2, key="R02"),
            row(Measure.STEP, "SN", "hospital", day=day, count=4, key="opinion", bucket=48),
        ]
    put(rows)


def lines(response: HttpResponse) -> list[list[str]]:
    content = b"".join(response.streaming_content).decode()  # type: ignore[attr-defined]
    return list(csv.reader(content.splitlines(), delimiter=";"))


@pytest.mark.usefixtures("summer")
def test_the_board_says_how_the_promise_is_kept(supervisor: Client):
    told = text(supervisor.get(BOARD))
    for words in (
        "Dans le délai annoncé, ce mois-ci 75 % 88 % en délai net, sur 88 décisions",
        "Stock 35 demandes en cours",
        "La plus ancienne 01/09/2026",
        "Cette semaine 20 reçues, 16 sorties",
        "5 demandes en cours ont dépassé le délai annoncé, sur 35.",
        "La moitié en 3 jours ouvrés au plus, neuf sur dix en 8.",
        "35 demandes aujourd’hui ; au rythme actuel, 53 le 28/09",
        "R02 – Droits non ouverts à la date des soins 90 100 %",
        "Djibouti 35 450 270 100 % 100 %",
        "Hospitalisation 0 0 90 0 % 50 %",
        "De la question à l’avis médical 180",
    ):
        assert words in told, words


@pytest.mark.usefixtures("summer")
def test_the_figures_of_a_place_or_of_a_care_are_theirs_alone(supervisor: Client):
    told = text(supervisor.get(BOARD, {"territoire": "SN", "semaines": "4"}))
    assert "0 demandes reçues, 40 sorties : le stock a varié de −40." in told
    assert "Djibouti 35" not in told
    assert "Aucune demande n’a été décidée." in text(supervisor.get(BOARD, {"territoire": "SN", "soins": "dental"}))
    assert supervisor.get(BOARD, {"territoire": "rien", "semaines": "x"}).status_code == 200


def test_the_board_says_until_when_it_counted(supervisor: Client, claim: Claim):
    assert "Les chiffres n’ont pas encore été comptés" in text(supervisor.get(BOARD))
    statistics.fold()
    told = text(supervisor.get(BOARD))
    assert "Chiffres arrêtés à 10:00, le 15/09/2026." in told
    assert "Stock 1 demande en cours" in told


def test_the_board_takes_as_many_queries_whatever_it_counts(supervisor: Client, request, django_assert_num_queries):
    supervisor.get(BOARD)
    with django_assert_num_queries(QUERIES):
        supervisor.get(BOARD)
    request.getfixturevalue("summer")
    with django_assert_num_queries(QUERIES):
        supervisor.get(BOARD)


QUERIES = 20


@pytest.mark.usefixtures("summer")
def test_each_table_is_taken_away_as_it_is_shown(supervisor: Client):
    page = supervisor.get(BOARD).content.decode()
    names = re.findall(rf"{BOARD}([a-z]+)\.csv", page)
    assert len(names) == len(set(names)) == 11
    for name in names:
        read = lines(supervisor.get(f"{BOARD}{name}.csv", {"semaines": "4"}))
        assert len({len(line) for line in read}) == 1, name
        assert len(read) > 1, name
    every = lines(supervisor.get(f"{BOARD}chiffres.csv", {"semaines": "4"}))
    assert every[0] == ["jour", "mesure", "territoire", "soins", "sorte", "tranche", "nombre", "somme"]
    assert ["2026-09-15", "demandes reçues", "DJ", "dental", "", "0", "10", "0.00"] in every
    assert supervisor.get(f"{BOARD}rien.csv").status_code == 404


def test_a_table_is_taken_away_in_plain_numbers():
    shown = ["1\u202f234", "12\u202f345,60\u00a0€", "75\u00a0%", "−40", "+3", "15/09/2026", "48\u00a0h", "R02", "–"]
    told = ["1234", "12345.60", "75", "-40", "3", "15/09/2026", "48\u00a0h", "R02", "–"]
    assert [board.plain(cell) for cell in shown] == told


def test_a_chart_is_drawn_within_its_frame_and_to_scale():
    wide, narrow = charts.bars(["a", "b"], [Series("x", [10, 0]), Series("y", [5, 20])])
    assert (wide.width, narrow.width) == (charts.WIDE, charts.NARROW)
    assert [tick.text for tick in wide.across] == ["0", "5", "10", "15", "20"]
    heights = {(bar.rank, bar.title): float(bar.tall) for bar in wide.bars}
    assert len(heights) == 3  # nothing is drawn of a zero
    assert heights[1, "b : 20 (y)"] == pytest.approx(2 * heights[0, "a : 10 (x)"], abs=0.2)
    for drawing in (wide, narrow):
        assert all(drawing.left <= float(bar.x) <= drawing.end - float(bar.thick) for bar in drawing.bars)


def test_an_empty_chart_and_an_unknown_value_are_drawn():
    assert charts.bars([], [Series("x", [])])[0].bars == []
    (curve,) = charts.curves(["a", "b", "c"], [Series("x", [1, None, 3])], most=100)[0].curves
    assert len(curve.dots) == 2
