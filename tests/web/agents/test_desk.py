"""What one does at the queue: take, give back, filter, search, keep a view, act on many."""

from datetime import timedelta
from uuid import uuid4

import pytest
import time_machine
from django.test import Client

from escale.domain.accounts.actor import Actor
from escale.domain.accounts.models import Role
from escale.domain.claims.models import AskedPaper, Claim
from escale.domain.desk import actions as desk
from escale.domain.desk import search
from escale.domain.desk.models import Assignment, GroupedAct, Holding, SavedView, Skill
from escale.domain.journal.models import Entry
from escale.rules.identity import folded
from tests import at_desk, factories, supervised
from tests.domain.desk.conftest import rows
from tests.web.agents.conftest import at_counter, text


@pytest.fixture
def supervisor(db: None) -> Actor:
    return factories.actor(Role.SUPERVISOR)


def test_prendre_la_suivante_opens_what_is_due_first(desk: Client, agent: Actor) -> None:
    rows(1)
    [sooner] = rows(1, days=2)
    assert desk.post("/gestion/suivante/")["Location"] == f"/gestion/demandes/{sooner.number}/"
    assert Holding.objects.get().account == agent.account
    assert sooner.number in text(desk.get("/gestion/mes-demandes/"))
    desk.post(f"/gestion/demandes/{sooner.number}/rendre/")
    assert "Vous n’avez aucune demande en main" in text(desk.get("/gestion/mes-demandes/"))


def test_when_nothing_is_left_it_is_said(desk: Client) -> None:
    assert "Rien de plus à prendre" in text(desk.post("/gestion/suivante/", follow=True))


def test_a_second_agent_reads_only_and_is_told_why(desk: Client, agent: Actor, claim: Claim) -> None:
    desk.get(f"/gestion/demandes/{claim.number}/")
    other = at_counter(factories.agent())
    words = f"Ouverte par {agent.account.name} depuis 10:00 : lecture seule."
    assert words in text(other.get(f"/gestion/demandes/{claim.number}/"))
    typed = {"reason_code": "R01", "explanation": "Voir la notice."}
    refused = other.post(f"/gestion/demandes/{claim.number}/refuser/", typed)
    assert words in text(refused)
    assert "rien n’a été enregistré" in text(refused)
    assert "Voir la notice." in refused.content.decode().partition("readonly>")[2]
    claim.refresh_from_db()
    assert claim.status == "in_progress"
    assert f"en main : {agent.account.name}" in text(other.get("/gestion/"))


def test_the_sign_of_life_keeps_a_claim(desk: Client, claim: Claim, frozen: time_machine.Traveller) -> None:
    desk.get(f"/gestion/demandes/{claim.number}/")
    frozen.shift(timedelta(minutes=8))
    assert desk.post(f"/gestion/demandes/{claim.number}/presence/").status_code == 204
    frozen.shift(timedelta(minutes=8))
    assert Holding.objects.live().exists()


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("lieu=TH", {"thai"}),
        ("zone=eu", {"late"}),
        ("langue=th", {"thai"}),
        ("soins=dental", {"thai"}),
        ("minimum=500", {"late"}),
        ("maximum=99,50", {"thai"}),
        ("minimum=50&maximum=100", {"plain"}),
        ("anciennete=4", {"late"}),
        ("attribuee=me", {"plain"}),
        ("attribuee=nobody", {"late", "thai"}),
        ("attribuee=held", {"thai"}),
        ("attend=insured", {"late"}),
        ("attend=agent", {"thai", "plain"}),
        ("attend=arrived", set()),
        ("attend=second_look", set()),
        ("lieu=ZZ&soins=rien&anciennete=abc&attribuee=x", {"thai", "plain", "late"}),
    ],
)
def test_filters_find_what_they_say_and_count_it(agent: Actor, query: str, found: set[str]) -> None:
    person = factories.insured()
    [thai] = rows(1, person, territory="TH", cares=["dental"], euros=40)
    [plain] = rows(1, person)
    [late] = rows(1, person, territory="DE", euros=900, days=6)
    Assignment.objects.create(claim=plain, account=agent.account, given_by=agent.account)
    desk.take(claim=thai, by=agent)
    late.pauses.create(reason="papers", paused_from="2026-09-14")
    page = text(at_counter(agent).get(f"/gestion/?{query}"))
    names = {"thai": thai, "plain": plain, "late": late}
    assert {name for name, one in names.items() if one.number in page} == found
    assert (f"{len(found)} demande" if found else "Aucune demande") in page


def test_what_waits_for_a_second_look_has_its_view_and_its_count(desk: Client) -> None:
    plain, proposed = rows(2)
    proposed.decisions.create(total=1, by=factories.agent().account, second_look="amount")
    page = text(desk.get("/gestion/?attend=second_look"))
    assert "À relire (1)" in page
    assert proposed.number in page
    assert plain.number not in page
    page = text(desk.get("/gestion/?attend=agent"))
    assert (proposed.number in page, plain.number in page) == (False, True)


def test_a_view_is_kept_with_its_count_and_may_welcome(desk: Client, agent: Actor) -> None:
    [thai] = rows(1, territory="TH")
    [other] = rows(1)
    desk.post("/gestion/vues/", {"name": "Asie", "lieu": "TH", "is_default": "on"})
    page = text(desk.get("/gestion/"))
    assert "★ Asie (1)" in page
    assert thai.number in page
    assert other.number not in page
    assert other.number in text(desk.get("/gestion/?tout=1"))
    assert "Donnez un nom" in text(desk.post("/gestion/vues/", {"name": " ", "lieu": "TH"}, follow=True))
    desk.post(f"/gestion/vues/{SavedView.objects.get().pk}/retirer/")
    assert not SavedView.objects.exists()


def test_a_claim_is_found_by_name_by_nir_by_provider_and_each_says_why(desk: Client, claim: Claim) -> None:
    person = claim.insured
    searches = {
        "exemple alix": "nom de l’assuré",
        person.nir: "numéro de sécurité sociale",
        "Clinique de l’Esc": "praticien ou établissement",
    }
    for typed, why in searches.items():
        page = text(desk.post("/gestion/recherche/", {"wanted": typed}))
        assert f"trouvée par : {why}" in page
        assert claim.number in page
    found = desk.post("/gestion/recherche/", {"wanted": claim.number.lower()})
    assert found["Location"] == f"/gestion/demandes/{claim.number}/"
    assert "Rien ne répond" in text(desk.post("/gestion/recherche/", {"wanted": "Personne"}))


def test_a_claim_is_found_by_the_name_of_whom_it_is_for_whatever_its_accents(desk: Client) -> None:
    person = factories.insured()
    child = person.beneficiaries.get(link="child")
    child.last_name, child.first_names = "D’Œuvre-Étoilé", "Zoé Noëlle"
    child.save()
    child.refresh_from_db()
    assert child.folded_name == folded("D’Œuvre-Étoilé Zoé Noëlle")
    [own], [of_child] = rows(1, person), rows(1, person, beneficiary=child, status="refused")
    page = text(desk.post("/gestion/recherche/", {"wanted": "d'oeuvre etoile zoe"}))
    assert "trouvée par : nom du bénéficiaire" in page
    assert (of_child.number in page, own.number in page) == (True, False)
    page = text(desk.post("/gestion/recherche/", {"wanted": "exemple"}))
    assert page.count("trouvée par : nom de l’assuré") == 2


def test_the_journal_says_who_was_looked_for_and_keeps_neither_a_number_nor_a_name(desk: Client, claim: Claim) -> None:
    nobody = "255081416802538"
    for wanted in (claim.insured.nir, nobody, "exemple", "EXEMPLE"):
        desk.post("/gestion/recherche/", {"wanted": wanted})
    facts = list(Entry.objects.filter(event="claim_search.ask").order_by("pk").values_list("facts", flat=True))
    bearer, none, *names = (fact["mark"] for fact in facts)
    assert (bearer, none) == (f"registry.insuredperson:{claim.insured_id}", "")
    assert len(set(names)) == 1
    assert search.mark(claim.insured.nir) not in str(facts)
    assert not any(word in str(facts).lower() for word in (claim.insured.nir, nobody, "exemple"))


def test_a_search_tells_nothing_of_a_protected_file_nor_of_somebody_close(agent: Actor) -> None:
    shut, close = factories.insured(), factories.insured()
    supervised.protected(shut)
    supervised.recused(agent.account, close)
    for person in (shut, close):
        rows(1, person)
        page = text(at_counter(agent).post("/gestion/recherche/", {"wanted": person.nir}))
        assert "Rien ne répond" in page


def test_a_supervisor_gives_many_claims_to_one_agent_and_puts_them_back(supervisor: Actor, agent: Actor) -> None:
    claims = rows(3)
    browser = at_counter(supervisor)
    typed = {"kind": "assign", "to": agent.account.pk, "request_key": uuid4(), "claim": [one.number for one in claims]}
    shown = browser.post("/gestion/lots/", typed, follow=True)
    assert "3 demandes seront changées" in text(shown)
    assert not Assignment.objects.exists()
    act = GroupedAct.objects.get()
    browser.post(f"/gestion/lots/{act.pk}/lancer/")
    act.refresh_from_db()
    assert 'http-equiv="refresh"' in browser.get(f"/gestion/lots/{act.pk}/").content.decode()
    assert desk.go_on(act=act, most=2)
    assert "2 sur 3" in text(browser.get(f"/gestion/lots/{act.pk}/"))
    assert not desk.go_on(act=act)
    assert Assignment.objects.filter(account=agent.account).count() == 3
    browser.post(f"/gestion/lots/{act.pk}/annuler/")
    act.refresh_from_db()
    assert not desk.go_on(act=act)
    assert not Assignment.objects.exists()


def test_an_agent_asks_many_for_the_same_paper_and_is_told_who_is_left_out(agent: Actor, scanning: None) -> None:
    wanted, asked, held = (factories.received() for _ in range(3))
    act = at_desk.grouped(asked, by=agent)
    desk.launch(act=act, by=agent)
    desk.go_on(act=act)
    desk.take(claim=held, by=factories.agent())
    act = at_desk.grouped(wanted, asked, held, by=agent)
    page = text(at_counter(agent).get(f"/gestion/lots/{act.pk}/"))
    assert "1 demande sera changée" in page
    assert "Cette pièce est déjà demandée." in page
    assert "lecture seule" in page
    desk.launch(act=act, by=agent)
    desk.go_on(act=act)
    assert set(AskedPaper.objects.awaited().values_list("claim", flat=True)) == {wanted.pk, asked.pk}
    desk.undo(act=act, by=agent)
    desk.go_on(act=act)
    assert list(AskedPaper.objects.awaited().values_list("claim", flat=True)) == [asked.pk]


def test_more_than_five_hundred_or_nothing_is_refused_at_the_form(desk: Client) -> None:
    typed = {"kind": "ask_paper", "paper": "mission_order", "words": "Avec ses dates.", "request_key": uuid4()}
    assert "Cochez au moins une demande" in text(desk.post("/gestion/lots/", typed))
    many = typed | {"claim": [f"A{n:04d}-AAAAA" for n in range(501)]}
    assert "500 demandes au plus" in text(desk.post("/gestion/lots/", many))


def test_a_supervisor_says_who_knows_what(supervisor: Actor, agent: Actor) -> None:
    browser = at_counter(supervisor)
    browser.post("/gestion/competences/", {"account": agent.account.pk, "value": "language:th"})
    assert "Langue des pièces : thaï" in text(browser.get("/gestion/competences/"))
    browser.post(f"/gestion/competences/{Skill.objects.get().pk}/retirer/")
    assert not Skill.objects.exists()


def test_the_queue_takes_the_same_queries_whatever_its_length(desk: Client, django_assert_num_queries) -> None:
    person = factories.insured()
    rows(1, person)
    with django_assert_num_queries(12):
        desk.get("/gestion/")
    for claim in rows(4, person):
        Holding.objects.create(
            claim=claim, account=person.account, stage=claim.status, since=claim.sent_at, seen_at=claim.sent_at
        )
    with django_assert_num_queries(12):
        desk.get("/gestion/")
