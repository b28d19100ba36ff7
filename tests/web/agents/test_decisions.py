"""What an agent decides: a question, an approval, a refusal."""

from django.test import Client

from escale.domain.accounts.actor import Actor
from escale.domain.claims.lifecycle import Status
from escale.domain.claims.models import Claim, ClaimLine, MedicalOpinion
from escale.domain.desk.actions import take_next
from escale.domain.payments import actions as payments
from tests import at_desk, factories
from tests.web.agents.conftest import at_counter, post_line, text


def here(claim: Claim, act: str = "") -> str:
    return f"/gestion/demandes/{claim.number}/{act}"


def seen(claim: Claim) -> dict[str, list[str]]:
    """The lines that have an amount, as an agent who sees them ticks them all."""
    lines = ClaimLine.objects.filter(bill__claim=claim, due__isnull=False)
    return {"lines": [f"{line.pk}:{line.due}" for line in lines]}


def status(claim: Claim) -> str:
    return Claim.objects.values_list("status", flat=True).get(pk=claim.pk)


def test_an_agent_accepts_after_seeing_the_total_and_the_account(desk: Client, claim: Claim) -> None:
    post_line(desk, claim, act="G")
    page = text(desk.get(here(claim, "decider/")))
    assert "Total des lignes proposées 19,00 €" in page
    assert "FR•• •••• 0189" in page
    assert factories.IBAN not in page
    assert desk.post(here(claim, "decider/"), seen(claim))["Location"] == "/gestion/"
    assert status(claim) == Status.PROCESSED
    assert "Décidée : 19,00 €" in text(desk.get(here(claim)))


def test_a_line_without_an_amount_holds_the_approval_back(desk: Client, claim: Claim) -> None:
    page = text(desk.get(here(claim, "decider/")))
    assert "1 ligne n’a encore ni montant ni motif de refus" in page
    assert "Décider les lignes cochées" not in page
    line = ClaimLine.objects.get(bill__claim=claim)
    forced = desk.post(here(claim, "decider/"), {"lines": f"{line.pk}:19.00"})
    assert "vérifiez les montants avant de décider" in text(forced)
    assert "Cochez au moins une ligne" in text(desk.post(here(claim, "decider/")))
    assert status(claim) == Status.IN_PROGRESS


def test_a_claim_on_which_nothing_is_due_is_to_be_refused(desk: Client, claim: Claim) -> None:
    post_line(desk, claim, amount="0", reason="Déjà pris en charge")
    assert "Rien n’est à rembourser" in text(desk.post(here(claim, "decider/"), seen(claim)))


def test_nothing_is_paid_without_a_bank_account(desk: Client, claim: Claim) -> None:
    post_line(desk, claim, act="G")
    claim.insured.bank_accounts.all().delete()
    assert "Aucun compte connu" in text(desk.get(here(claim, "decider/")))
    assert "Aucun compte bancaire connu" in text(desk.post(here(claim, "decider/"), seen(claim)))


def test_the_amounts_that_were_seen_are_those_that_are_paid(desk: Client, claim: Claim) -> None:
    post_line(desk, claim, act="G")
    ticked = seen(claim)
    post_line(desk, claim, amount="3", reason="Recalculé dans un autre onglet")
    assert "Une ligne a été recalculée entre-temps" in text(desk.post(here(claim, "decider/"), ticked))
    assert status(claim) == Status.IN_PROGRESS


def test_of_two_agents_on_one_claim_the_second_learns_who_decided_and_when(desk: Client, claim: Claim) -> None:
    first: Actor = factories.agent()
    post_line(at_counter(first), claim, act="G")
    ticked = seen(claim)
    at_counter(first).post(here(claim, "decider/"), ticked)
    told = f"{first.account} a déjà décidé de cette demande le 15/09/2026 à 10:0"
    refusal = {"reason_code": "R01", "explanation": "Non."}
    for act, typed in [("decider/", ticked), ("refuser/", refusal), ("avis/", {"question": "Oui ?"})]:
        response = desk.post(here(claim, act), typed, follow=True)
        assert told in text(response)
        assert "n’est plus possible" in text(desk.get(here(claim, act)))
    assert claim.decisions.count() == 1


def test_what_a_second_look_sends_back_is_in_the_queue_at_once(desk: Client, claim: Claim) -> None:
    first: Actor = factories.agent()
    at_desk.proposed(claim, by=first)
    desk.get(here(claim))
    sent_back = desk.post(here(claim, "relire/"), {"send_back": "on", "words": "Le tarif est d’un autre acte."})
    assert sent_back["Location"] == "/gestion/"
    assert take_next(by=first) == claim


def test_a_refusal_takes_a_coded_reason_and_words_for_the_person(desk: Client, claim: Claim) -> None:
    form = desk.get(here(claim, "refuser/")).content.decode()
    assert '<optgroup label="Droits non ouverts">' in form
    empty = desk.post(here(claim, "refuser/"), {"explanation": "Vos droits étaient fermés."})
    assert "Choisissez un motif." in text(empty)
    assert "Vos droits étaient fermés." in text(empty), "nothing typed is lost"
    assert "<title>Erreur" in empty.content.decode()
    typed = {"reason_code": "R02", "explanation": "Vos droits étaient fermés."}
    assert desk.post(here(claim, "refuser/"), typed)["Location"] == "/gestion/"
    assert status(claim) == Status.REFUSED
    assert "Vos droits étaient fermés." in text(desk.get(here(claim)))


def test_a_question_goes_to_the_physicians_with_the_papers_chosen(desk: Client, claim: Claim) -> None:
    bill = claim.attachments.get(paper="bill")
    sealed = claim.attachments.get(medical=True)
    assert "Facture acquittée (facture.pdf)" in text(desk.get(here(claim, "avis/")))
    stolen = desk.post(here(claim, "avis/"), {"question": "Imprévu ?", "attachments": [sealed.pk]})
    assert stolen.status_code == 200
    assert status(claim) == Status.IN_PROGRESS
    desk.post(here(claim, "avis/"), {"question": "Imprévu ?", "attachments": [bill.pk]})
    assert list(MedicalOpinion.objects.get(claim=claim).attachments.all()) == [bill]
    page = text(desk.get(here(claim)))
    assert "En attente de la réponse du service médical" in page
    assert "Calculer" not in page


def test_the_agent_reads_the_outcome_and_the_code_never_the_note(desk: Client, claim: Claim) -> None:
    factories.answered(factories.asked(claim))
    page = text(desk.get(here(claim)))
    assert "Favorable , M01 Soins médicalement justifiés" in page
    assert "Rien à redire." not in page


def test_the_reason_of_a_refused_visa_comes_back_to_the_agent(desk: Client, claim: Claim, work) -> None:
    factories.approved(claim)
    order = factories.ordered(claim)
    payments.reject(order=order, reason="Titulaire du compte à vérifier.", by=factories.accountant())
    work()
    page = text(desk.get(here(claim)))
    assert "Titulaire du compte à vérifier." in page
    assert "Demande rouverte" in page
    desk.post(here(claim, "decider/"), seen(claim))
    assert status(claim) == Status.PROCESSED
