"""A day at the desk, hands on the keyboard: a claim of every kind, from the queue and back to it."""

from collections.abc import Callable
from decimal import Decimal
from functools import partial

import pytest

from escale.domain.accounts.actor import Actor
from escale.domain.accounts.models import Role
from escale.domain.appeals.lifecycle import Status as AppealStatus
from escale.domain.appeals.models import Appeal
from escale.domain.claims.lifecycle import Status
from escale.domain.claims.models import AskedPaper, Claim, DecisionLetter
from escale.domain.controls.lifecycle import SignalStatus
from escale.domain.controls.models import Signal
from escale.domain.desk.models import GroupedLine
from escale.domain.documents.models import Field, Finding
from escale.domain.registry.models import Opening
from escale.rules import second_look
from tests import factories
from tests.journeys import twenty_claims
from tests.journeys.conftest import Enter, Night
from tests.journeys.keyboard import PASSWORD, Keyboard

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.timeout(1200)]

WHY = second_look.why  # before the tests of the house have it ask for nobody
WORDS = "La facture ne dit pas quel soin a été donné."


@pytest.fixture
def scripts() -> bool:
    return True


def decide(desk: Keyboard) -> None:
    desk.goes_on("d")
    desk.presses("Décider les lignes cochées")


def accept(desk: Keyboard, *, lines: int = 1) -> None:
    for _ in range(lines):
        desk.writes("Acte retenu", "G")
        desk.presses("Calculer")
    decide(desk)


def give_amount(desk: Keyboard, amount: str) -> None:
    desk.opens("Réduire, ou retenir")
    desk.writes("Montant décidé", amount)
    desk.writes("Votre motif", "Montant de l’acte en France.")
    desk.presses("Calculer")


def refuse(desk: Keyboard, button: str) -> None:
    """Choose the first reason, and say why."""
    desk.reaches("Motif")
    desk.types("ArrowDown")
    desk.writes("Explication pour la personne", WORDS)
    desk.presses(button)


def ask_for(desk: Keyboard, *papers: str) -> None:
    desk.presses("Demander")
    desk.opens("Toute autre pièce")
    for paper in papers:
        desk.ticks(paper)
    desk.presses("Continuer")
    desk.presses("Demander ce")


def some_refused_some_reduced(desk: Keyboard) -> None:
    desk.presses("Refuser cette ligne")
    refuse(desk, "Refuser la ligne")
    give_amount(desk, "10")
    accept(desk)


def without_a_rate(desk: Keyboard) -> None:
    desk.reads("Taux à proposer", "Aucun taux n’est en usage")
    desk.reaches("Proposer un cours")
    desk.presses("Rendre")


def to_the_physicians(desk: Keyboard) -> None:
    desk.reads("Pièce sous pli confidentiel médical, réservée aux médecins-conseils")
    desk.presses("Demander un avis médical")
    desk.writes("Votre question", "Ces soins étaient-ils imprévus ?")
    desk.presses("Envoyer la question")


def a_stay_in_hospital(desk: Keyboard) -> None:
    desk.writes("Acte retenu", "HOSP_MED")
    desk.writes("Nombre de jours", "2")
    desk.opens("Réduire, ou retenir")
    desk.writes("Tarif français", "300")
    desk.writes("Votre motif", "Prix de journée.")
    desk.presses("Calculer")
    desk.reads("Ligne calculée.")
    decide(desk)


def judge_signal(desk: Keyboard, outcome: SignalStatus) -> None:
    desk.presses("Comparer et conclure")
    desk.writes("Ce que vous avez trouvé", "Deux consultations du même jour.")
    desk.presses(str(outcome.label))
    accept(desk)


def another_paper(desk: Keyboard) -> None:
    desk.presses("Illisible")
    desk.presses("Demander une autre pièce")
    desk.presses("Rendre")


def what_is_not_disputed(desk: Keyboard) -> None:
    ask_for(desk, "Devis de la prothèse")
    accept(desk)


def a_paper_that_came(desk: Keyboard) -> None:
    desk.presses("Acceptée", after="autre.pdf")
    accept(desk)


def what_the_machine_read(desk: Keyboard) -> None:
    desk.opens("Réduire, ou retenir")
    desk.reaches("Montant décidé")
    desk.types("Escape")
    desk.reaches("45,00")
    desk.types("Enter")
    desk.types("Tab", "Tab")
    desk.page.keyboard.type("Tout est remboursable.")
    desk.presses("Calculer")
    decide(desk)


def whose_opinion_came_back(desk: Keyboard) -> None:
    desk.reads("Favorable, M01 Soins médicalement justifiés")
    assert "Rien à redire" not in desk.page.content()
    accept(desk)


def a_large_amount(desk: Keyboard, amount: str) -> None:
    give_amount(desk, amount)
    decide(desk)
    desk.reads("un autre gestionnaire la relit")


def refused_whole(desk: Keyboard) -> None:
    desk.presses("Tout refuser")
    refuse(desk, "Refuser la demande")


HOW: dict[str, Callable[[Keyboard], None]] = {
    "plain": accept,
    "lines": some_refused_some_reduced,
    "no rate": without_a_rate,
    "union": accept,
    "overseas": accept,
    "dental": to_the_physicians,
    "hospital": a_stay_in_hospital,
    "double": partial(judge_signal, outcome=SignalStatus.HARMLESS),
    "round": partial(judge_signal, outcome=SignalStatus.UNCLEAR),
    "missing": lambda desk: ask_for(desk, "Ordre de mission", "Certificat de scolarité"),
    "faulty": another_paper,
    "in part": what_is_not_disputed,
    "arrived": a_paper_that_came,
    "large": partial(a_large_amount, amount="1500"),
    "sent back": partial(a_large_amount, amount="1200"),
    "refused": refused_whole,
    "machine": what_the_machine_read,
    "considered": whose_opinion_came_back,
}


@pytest.mark.usefixtures("scanning")
def test_an_agent_treats_a_claim_of_every_kind_without_a_mouse(
    enter: Enter, night: Night, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(second_look, "why", lambda total, **known: WHY(total, **known | {"lot": Decimal(1)}))
    account = factories.insured(Role.AGENT, password=PASSWORD).account
    agent = Actor(Role.AGENT, account)
    own = twenty_claims.claim(person=account.insured)
    day, beside = twenty_claims.of_the_day(agent), twenty_claims.beside()
    desk = Keyboard(enter())
    desk.signs_in(account)
    desk.presses("Passer : Gestionnaire", within="body")

    # What is due first comes first, and each kind is led to its end
    for kind, claim in reversed(day.items()):
        if "/gestion/demandes/" in desk.page.url:
            desk.goes_to("/gestion/")
        desk.goes_on("n")
        assert claim.number in desk.page.url, kind
        HOW[kind](desk)

    looks_beside(desk, own, **beside)
    reads_again(desk, Keyboard(enter()), large=day["large"], sent_back=day["sent back"])
    asks_several_at_once(desk, night, day["no rate"], twenty_claims.claim())
    each_is_where_it_must_be(day)


def looks_beside(desk: Keyboard, own: Claim, held: Claim, protected: Claim, contested: Claim) -> None:
    """What somebody else has, what is protected, what is one's own, what is contested."""
    desk.goes_to("/gestion/?tout=1")
    assert own.number not in desk.page.content()
    assert desk.page.request.get(f"{desk.visitor.address}/gestion/demandes/{own.number}/").status == 404
    desk.presses(held.number)
    desk.reads("lecture seule")
    desk.goes_to("/gestion/?tout=1")
    desk.presses(protected.number)
    desk.reaches("Traiter la demande")
    desk.types("Space", "ArrowDown")
    desk.writes("Expliquez en une phrase", "Rapatriement demandé ce matin par l’ambassade.")
    desk.presses("Ouvrir ce dossier")
    accept(desk)
    assert Opening.objects.count() == 1
    appeal = Appeal.objects.get(decision__claim=contested)
    desk.goes_to("/gestion/recours/")
    desk.presses(appeal.reference)
    desk.presses("Préparer ce recours")
    appeal.refresh_from_db()
    assert appeal.status == AppealStatus.EXAMINED


def reads_again(desk: Keyboard, other: Keyboard, *, large: Claim, sent_back: Claim) -> None:
    """A second agent agrees with one, sends the other back; it is made again, and agreed with."""
    other.signs_in(factories.account(Role.AGENT, password=PASSWORD))
    reads_one(other, large)
    other.presses("Confirmer cette décision")
    reads_one(other, sent_back)
    other.writes("Ce qu’il faut revoir", "Le tarif est celui d’un autre acte.")
    other.presses("Renvoyer la décision")
    desk.goes_to("/gestion/")
    desk.goes_on("n")
    assert sent_back.number in desk.page.url
    desk.reads("La relecture a renvoyé la décision", "Le tarif est celui d’un autre acte.")
    decide(desk)
    reads_one(other, sent_back)
    other.presses("Confirmer cette décision")


def reads_one(other: Keyboard, claim: Claim) -> None:
    other.goes_to("/gestion/?tout=1")
    other.presses("À relire")
    other.presses(claim.number)
    other.presses("Relire cette décision")


def asks_several_at_once(desk: Keyboard, night: Night, *some: Claim) -> None:
    """Ask the same paper of many, see it before, and put it back."""
    desk.goes_to("/gestion/?tout=1")
    for claim in some:
        desk.ticks(f"Cocher la demande {claim.number}")
    desk.opens("Agir sur plusieurs demandes")
    desk.picks("Avec les demandes cochées", "Demander la même")
    desk.picks("Pièce", "Ordre de mission")
    desk.writes("Phrase pour l’assuré", "Avec les dates de la mission.")
    desk.presses("Voir ce qui sera fait")
    desk.presses("Faire")
    night()
    desk.waits()
    desk.reads("2 sur 2")
    desk.presses("Annuler ce qui a été fait")
    night()
    assert list(GroupedLine.objects.values_list("result", flat=True)) == ["undone", "undone"]


def each_is_where_it_must_be(day: dict[str, Claim]) -> None:
    for claim in day.values():
        claim.refresh_from_db()
    waiting = {"no rate", "missing", "faulty", "in part"}
    expected = dict.fromkeys(day, Status.PROCESSED) | dict.fromkeys(waiting, Status.IN_PROGRESS)
    expected |= {"dental": Status.MEDICAL_OPINION, "refused": Status.REFUSED}
    assert {name: claim.status for name, claim in day.items()} == expected
    assert AskedPaper.objects.filter(claim=day["missing"], ended_at=None).count() == 2
    assert not day["arrived"].pauses.filter(paused_until=None).exists()
    assert day["faulty"].pauses.filter(paused_until=None).exists()
    assert day["in part"].decisions.get().final is False
    assert {one.status for one in Signal.objects.filter(claim=day["double"])} == {SignalStatus.HARMLESS}
    told = {name for name, claim in day.items() if DecisionLetter.objects.filter(decision__claim=claim).exists()}
    assert told == set(day) - (waiting - {"in part"}) - {"dental"}
    read = {one.field: one for one in Finding.objects.filter(document__attachments__claim=day["machine"])}
    assert read[Field.TOTAL].agreed
    assert read[Field.PROVIDER].kept == "Clinique de l’Escale"
