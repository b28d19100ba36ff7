"""The counter of exchange rates: one person proposes, another confirms."""

from datetime import date
from decimal import Decimal

import pytest
from django.test import Client

from escale.domain.accounts.models import Role
from escale.domain.claims.models import ClaimLine
from escale.domain.rates import actions as rates
from escale.domain.rates.lifecycle import Status
from escale.domain.rates.models import Rate
from escale.gateways.rate_tables import Line
from escale.rules.currency import Origin
from tests import factories
from tests.domain.rates.rates import proposed
from tests.web.agents.conftest import at_counter, post_line, text, waiting

TYPED = {
    "currency": "VND",
    "units_per_eur": "30 412,5",
    "on": "2026-09-01",
    "source": "State Bank of Vietnam",
    "proof": "Bulletin du 1er septembre",
}


@pytest.fixture
def colleague(db) -> Client:
    return at_counter(factories.agent())


@pytest.fixture
def chief(db) -> Client:
    return at_counter(factories.actor(Role.SUPERVISOR))


def test_a_line_waits_until_a_colleague_has_confirmed_its_rate(desk: Client, colleague: Client, scanning) -> None:
    claim = waiting(currency="VND", territory="VN")
    assert claim.number in text(desk.get("/gestion/cours/"))

    sent = desk.post(f"/gestion/cours/proposer/?demande={claim.number}", TYPED)
    assert sent["Location"] == f"/gestion/demandes/{claim.number}/"
    assert "Taux à confirmer 30 412,5 VND pour un euro le 01/09/2026" in text(desk.get(sent["Location"]))
    assert "une autre personne doit le confirmer" in text(desk.get("/gestion/cours/"))

    rate = Rate.objects.get()
    assert "Confirmer ce cours" in text(colleague.get("/gestion/cours/"))
    assert colleague.post(f"/gestion/cours/{rate.pk}/confirmer/").status_code == 302
    assert post_line(desk, claim, act="G").status_code == 302
    line = ClaimLine.objects.get(bill__claim=claim)
    assert (line.rate, line.rate_source, line.rate_on) == (Decimal("30412.5"), TYPED["source"], date(2026, 9, 1))
    assert "Aucune ligne n’attend de cours" in text(desk.get("/gestion/cours/"))


def test_nobody_confirms_what_they_proposed(desk: Client) -> None:
    desk.post("/gestion/cours/proposer/", TYPED)
    rate = Rate.objects.get()
    assert f"/gestion/cours/{rate.pk}/confirmer/" not in desk.get("/gestion/cours/").content.decode()
    told = text(desk.post(f"/gestion/cours/{rate.pk}/confirmer/", follow=True))
    assert "Vous avez proposé ce cours : une autre personne doit le confirmer." in told
    assert Rate.objects.get().status == Status.PROPOSED


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"on": "2030-01-01"}, "La date du cours est dans le futur"),
        ({"currency": "XOF"}, "XOF"),
        ({"units_per_eur": "0"}, "supérieure ou égale"),
        ({"proof": ""}, "Dites où une autre personne peut vérifier ce cours."),
        ({"currency": "JPY", "units_per_eur": "0,0058"}, "semble inversé"),
    ],
)
def test_what_cannot_be_a_rate_is_said_at_the_field(desk: Client, typed: dict, words: str) -> None:
    page = desk.post("/gestion/cours/proposer/", TYPED | typed)
    assert page.status_code == 200
    assert "<title>Erreur" in page.content.decode()
    assert words in text(page)
    assert not Rate.objects.exists()


def test_a_doubt_is_shown_to_who_confirms(desk: Client, colleague: Client) -> None:
    desk.post("/gestion/cours/proposer/", TYPED | {"currency": "JPY", "units_per_eur": "17,6"})
    page = text(colleague.get("/gestion/cours/"))
    assert "Virgule peut-être mal placée : il était de " in page


def test_the_first_rates_of_a_table_are_confirmed_together_by_somebody_else(desk: Client, colleague: Client) -> None:
    importer, on = factories.agent(), date(2026, 9, 1)
    lines = [Line(2, "KES", Decimal(150), on), Line(3, "VND", Decimal(30_000), on)]
    rates.take_over(lines=lines, origin=Origin.MONTHLY, source="InforEuro", by=importer)
    last = Rate.objects.latest("pk")
    action = f"/gestion/cours/{last.pk}/confirmer-la-table/"
    assert action not in at_counter(importer).get("/gestion/cours/").content.decode()
    page = text(colleague.get("/gestion/cours/"))
    assert "InforEuro : 2 premiers cours" in page
    assert "KES (shilling kényan), 150 pour 1 €, le 01/09/2026" in page
    assert "Confirmer ces 2 cours" in page
    assert "Cours confirmés" in text(colleague.post(action, follow=True))
    assert Rate.objects.in_force().count() == 2
    assert "Aucun cours n’attend de confirmation" in text(desk.get("/gestion/cours/"))


def test_a_rate_may_be_left_aside_or_withdrawn(desk: Client, colleague: Client, chief: Client) -> None:
    first, second = proposed(), proposed(currency="KES")
    desk.post(f"/gestion/cours/{first.pk}/ecarter/")
    colleague.post(f"/gestion/cours/{second.pk}/confirmer/")
    assert colleague.post(f"/gestion/cours/{second.pk}/retirer/").status_code == 403
    assert "Retirer" in text(chief.get("/gestion/cours/?devise=kes"))
    assert chief.post(f"/gestion/cours/{second.pk}/retirer/").status_code == 302
    assert {one.currency: one.status for one in Rate.objects.all()} == {
        first.currency: Status.REJECTED, "KES": Status.WITHDRAWN,
    }  # fmt: skip


def test_the_page_takes_few_queries(desk: Client, scanning, django_assert_max_num_queries) -> None:
    waiting(currency="VND", territory="VN")
    proposed(), proposed(currency="KES")
    with django_assert_max_num_queries(15):
        desk.get("/gestion/cours/")
