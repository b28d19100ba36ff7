"""The pages of signs, controls and draws: what they say, to whom, and in how many queries."""

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from procrastinate.contrib.django.models import ProcrastinateJob

from escale.domain.accounts.actor import Actor
from escale.domain.accounts.models import Role
from escale.domain.controls import actions as controls
from escale.domain.controls.lifecycle import ControlStatus, SignalStatus
from escale.domain.controls.models import Control, ControlReason, Draw, Signal
from escale.rules.doubles import Kind, Weight
from tests import factories
from tests.domain.controls import cases
from tests.web.agents.conftest import at_counter, post_line, text

pytestmark = pytest.mark.usefixtures("scanning")


@pytest.fixture
def board() -> Client:
    """The browser of a supervisor."""
    return at_counter(cases.supervisor())


def owner(control: Control) -> Client:
    return at_counter(Actor(Role.INSURED, control.claim.insured.account))


def test_an_agent_compares_two_papers_and_says_what_a_sign_is_worth(desk: Client) -> None:
    first, second = factories.received(), factories.received()
    papers = [claim.attachments.order_by("pk")[0] for claim in (first, second)]
    signal = cases.signal(
        claim=second, other=first, kind=Kind.SAME_BYTES, weight=Weight.STRONG, paper=papers[1], other_paper=papers[0],
        facts={},
    )  # fmt: skip
    address = f"/gestion/demandes/{second.number}/signalements/{signal.pk}/"
    page = desk.get(address)
    assert f"est joint à la demande {first.number}" in text(page)
    shown = page.content.decode()
    assert all(f"/demandes/{paper.claim.number}/pieces/{paper.pk}/pages/1.jpg" in shown for paper in papers)
    assert "Dites ce que vaut" in text(desk.post(address, {"outcome": "rien"}))
    desk.post(address, {"outcome": "harmless", "note": "Facture en deux pages."})
    signal.refresh_from_db()
    assert (signal.status, signal.note) == (SignalStatus.HARMLESS, "Facture en deux pages.")
    assert first.insured.readings.filter(number=first.number).exists()


def test_a_sign_on_another_claim_is_not_found_under_the_number_of_this_one(desk: Client) -> None:
    signal, other = cases.signal(), factories.received()
    assert desk.get(f"/gestion/demandes/{other.number}/signalements/{signal.pk}/").status_code == 404


def test_the_supervisor_reads_the_signs_and_what_each_kind_is_worth(
    board: Client, django_assert_max_num_queries
) -> None:
    cases.settled()
    signal = cases.signal()
    with django_assert_max_num_queries(12):
        page = board.get("/gestion/signalements/")
    assert "Un montant rond et élevé : 500 USD." in text(page)
    assert "Montant rond 1 1 0 0 100" in text(page)
    assert "Voir la demande" in text(page)
    assert signal.claim.number not in text(board.get("/gestion/signalements/?suite=harmless"))
    lines = b"".join(board.get("/gestion/signalements.csv?suite=raised").streaming_content).decode().splitlines()
    assert len(lines) == 2
    assert lines[1].startswith(f"{signal.claim.number};;round;weak;raised;2026-09-15;;")


def test_a_supervisor_opens_a_control_and_an_agent_leads_it_to_its_end(board: Client, desk: Client) -> None:
    claim = cases.paid()
    typed = {"number": claim.number.replace("-", " ").lower(), "reason": ControlReason.REPORTED, "words": ""}
    assert "Erreur" in text(board.post("/gestion/controles/ouvrir/", typed))
    board.post("/gestion/controles/ouvrir/", typed | {"words": "Deux appels reçus."})
    control = Control.objects.get()
    address = f"/gestion/controles/{control.pk}/"
    assert "Demander les originaux" in text(desk.get(address))
    desk.post(address, {"step": "ask"})
    assert claim.number in text(desk.get("/gestion/controles/"))
    assert "Ce jour n’est pas possible" in text(desk.post(address, {"step": "receive", "received_on": "2026-09-16"}))
    desk.post(address, {"step": "receive", "received_on": "2026-09-15"})
    answer = desk.post(address, {"step": "compare"})
    assert "Dites ce qu’est cet original." in text(answer)
    copies = [reverse("agents:page", args=[claim.number, one.attachment_id, 1]) for one in control.papers.all()]
    assert all(copy in answer.content.decode() for copy in copies)
    assert "Les gestionnaires voient ici la copie reçue." in text(board.get(address))
    said = {f"finding-{paper.pk}": "conform" for paper in control.papers.all()}
    desk.post(address, said | {"step": "compare"})
    desk.post(address, {"step": "close", "result": "Tout est conforme."})
    control.refresh_from_db()
    assert (control.status, control.outcome) == (ControlStatus.CLOSED, "conform")
    assert "Tout est conforme." in text(owner(control).get(f"/mon-compte/demandes/{claim.number}/controle/"))


def test_a_number_that_is_of_no_claim_is_said(board: Client) -> None:
    typed = {"number": "AAAAA-AAAAA", "reason": ControlReason.AMOUNT, "words": "Pourquoi."}
    assert "Aucune demande ne porte ce numéro" in text(board.post("/gestion/controles/ouvrir/", typed))


def test_the_insured_person_reads_what_is_asked_and_notes_that_it_left() -> None:
    control = cases.opened()
    browser = owner(control)
    claim, address = control.claim, f"/mon-compte/demandes/{control.claim.number}/controle/"
    assert browser.get(address).status_code == 404
    assert "originaux sont demandés" not in text(browser.get(f"/mon-compte/demandes/{claim.number}/"))
    cases.asked(control=control)
    assert "Vos originaux sont demandés" in text(browser.get(f"/mon-compte/demandes/{claim.number}/"))
    page = text(browser.get(address))
    assert "15 octobre 2026" in page
    assert all(paper.name in page for paper in control.papers.all())
    assert "numéro de suivi" in text(browser.post(address, {"proof": "12"}))
    browser.post(address, {"proof": "1A 234 567 8901 2"})
    control.refresh_from_db()
    assert control.proof == "1A23456789012"


def test_the_insured_person_reads_the_truth_when_nothing_came(frozen: time_machine.Traveller, desk: Client) -> None:
    control = cases.asked()
    page = f"/mon-compte/demandes/{control.claim.number}/"
    assert "Gardez-les" not in text(owner(control).get(page))
    assert "pendant 48 mois" in text(owner(control).get(f"{page}controle/"))
    frozen.move_to("2026-10-16 09:00")
    controls.give_up(control=control, by=factories.agent())
    for address in (page, f"{page}controle/"):
        shown = text(owner(control).get(address))
        assert "ne nous sont pas parvenus" in shown
        assert "comparons" not in shown
    here = text(at_counter(factories.agent()).get(f"/gestion/controles/{control.pk}/"))
    assert "Des originaux arrivent quand même" in here
    assert "Proposer un indu" in here


def test_a_strong_sign_is_told_before_the_decision_and_a_control_on_the_claim(desk: Client) -> None:
    person = factories.insured()
    first, second = factories.received(person), factories.received(person)
    controls.look_again(claim=first)
    decision = f"/gestion/demandes/{second.number}/decider/"
    told = text(desk.get(decision))
    assert "Comparaison avec les autres demandes en cours" in told
    assert "indice fort" not in told
    assert not Signal.objects.exists(), "a page that is read writes nothing"
    post_line(desk, second, act="G")
    assert ProcrastinateJob.objects.filter(task_name="look_again_at_claim").count() == 1
    controls.look_again(claim=second)
    asked = desk.get(decision)
    assert "indice fort" in text(asked)
    assert "Comparaison avec les autres demandes" not in text(asked)
    assert f"/signalements/{Signal.objects.get().pk}/" in asked.content.decode()
    control = cases.opened()
    page = desk.get(f"/gestion/demandes/{control.claim.number}/")
    assert f"/gestion/controles/{control.pk}/" in page.content.decode()


def test_whoever_claims_for_an_adult_reads_no_name_of_a_paper() -> None:
    person = factories.insured()
    spouse = person.beneficiaries.get(link="spouse")
    claim = factories.complete(person)
    claim.beneficiary = spouse
    claim.save(update_fields=["beneficiary"])
    control = cases.asked(control=cases.opened(claim=cases.paid(claim=factories.received(claim=claim))))
    page = text(owner(control).get(f"/mon-compte/demandes/{claim.number}/controle/"))
    assert not any(paper.name in page for paper in control.papers.all())
    assert "personne majeure" in page


def test_a_draw_is_announced_drawn_and_read(board: Client) -> None:
    cases.paid_before()
    page = board.get("/gestion/tirages/")
    typed = {"request_key": page.context["form"]["request_key"].value(), "paid_from": "2026-09-01",
             "paid_until": "2026-09-14", "strata": ["zone", "provider"], "percent": "100"}  # fmt: skip
    board.post("/gestion/tirages/", typed)
    draw = Draw.objects.get()
    address = f"/gestion/tirages/{draw.pk}/"
    assert "Tirer au sort" in text(board.get(address))
    assert board.get(f"{address}liste.csv").status_code == 404
    board.post(address)
    assert "1 s’ouvre encore" in text(board.get(address))
    controls.open_drawn(draw=draw)
    draw.refresh_from_db()
    page = text(board.get(address))
    assert draw.seed in page
    assert draw.digest in page
    assert "Hors de l’Union européenne, autre praticien" in page
    listed = b"".join(board.get(f"{address}liste.csv")).decode()
    assert listed == f"{draw.controls.get().claim.number};world/other\r\n"
