"""A day of a supervisor, hands on the keyboard: what is late, who treats it, what two people sign, what is drawn."""

from datetime import timedelta

import pytest
from django.utils import timezone

from escale.domain.accounts.models import Account, Role
from escale.domain.appeals.lifecycle import Status as AppealStatus
from escale.domain.appeals.models import Appeal
from escale.domain.claims.models import Claim
from escale.domain.controls.models import Draw
from escale.domain.debts.lifecycle import Status as DebtStatus
from escale.domain.desk import actions as desk
from escale.domain.desk.models import Skill
from escale.domain.payments.models import PaymentOrder
from escale.domain.registry.models import Opening
from escale.domain.statistics import actions as statistics
from escale.domain.tariffs.lifecycle import Status as EditionStatus
from escale.domain.tariffs.models import Edition
from tests import factories, supervised
from tests.domain.appeals import appeals
from tests.domain.debts import debts
from tests.journeys.conftest import Enter, Night
from tests.journeys.keyboard import Keyboard, arrives
from tests.journeys.twenty_claims import claim

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.timeout(600)]


@pytest.fixture
def scripts() -> bool:
    return True


def sent_days_ago(days: int) -> Claim:
    """A claim that has waited since then, of which agents and supervisors were told."""
    late = claim()
    Claim.objects.filter(pk=late.pk).update(sent_at=timezone.now() - timedelta(days=days))
    desk.alert_agents()
    desk.alert_supervisors()
    return late


@pytest.mark.usefixtures("scanning")
def test_a_supervisor_keeps_the_promise_without_a_mouse(enter: Enter, night: Night) -> None:
    # Given a late claim, an agent who could treat it, a debt to sign, an appeal to answer, an opening to read again
    agent = factories.account(Role.AGENT, name="Noa Essai")
    late, debt = sent_days_ago(10), debts.proposed()
    appeal = appeals.examined()
    PaymentOrder.objects.update(paid_on=timezone.localdate() - timedelta(days=2))
    supervised.opened(factories.insured())
    statistics.fold()
    office, colleague = (arrives(enter, Role.SUPERVISOR) for _ in range(2))

    reads_the_board(office)
    gives_to_somebody(office, night, late, agent)
    gives_a_skill(office, agent)
    words_a_reason_anew(office, colleague)
    draws_a_control(office)

    office.goes_to("/gestion/indus/")
    office.presses(debt.reference)
    office.presses("Signer et notifier")
    debt.refresh_from_db()
    assert debt.status == DebtStatus.NOTIFIED

    answers(office, appeal)

    office.goes_to("/gestion/dossiers-proteges/")
    office.reads("Rapatriement demandé ce matin par l’ambassade.")
    office.presses("Vu")
    assert Opening.objects.get().reviewed_at

    office.goes_to("/donnees-ouvertes/")
    office.reads("Données ouvertes")


def reads_the_board(office: Keyboard) -> None:
    """Each chart has its table beside it, and its figures to take away."""
    office.goes_to("/gestion/supervision/")
    office.reads("Entrées et sorties", "Part décidée dans le délai annoncé", "Ouvertures de dossiers protégés à revoir")
    charts = office.page.locator(".house-charts svg[role=img]").count()
    assert charts
    assert office.page.locator(".house-charts table").count() >= charts
    address = office.page.get_by_role("link", name="Télécharger tous les chiffres").get_attribute("href")
    taken = office.page.request.get(f"{office.visitor.address}{address}")
    assert taken.text().lstrip("\ufeff").startswith("jour")


def gives_to_somebody(office: Keyboard, night: Night, late: Claim, agent: Account) -> None:
    office.goes_to("/gestion/")
    office.opens("Filtrer")
    office.picks("Envoyée depuis au moins", "4")
    office.presses("Appliquer")
    office.reads("en retard de")
    office.ticks(f"Cocher la demande {late.number}")
    office.opens("Agir sur plusieurs demandes")
    office.picks("Avec les demandes cochées", "Attribuer")
    office.picks("Gestionnaire", agent.name)
    office.presses("Voir ce qui sera fait")
    office.presses("Faire")
    night()
    office.waits()
    late.refresh_from_db()
    assert late.assignment.account == agent


def gives_a_skill(office: Keyboard, agent: Account) -> None:
    office.goes_to("/gestion/competences/")
    office.picks("Gestionnaire", agent.name)
    office.picks("Compétence", "Djibouti")
    office.presses("Donner cette compétence")
    assert Skill.objects.get().account == agent


def words_a_reason_anew(office: Keyboard, colleague: Keyboard) -> None:
    """One writes, another puts in force."""
    office.goes_to("/gestion/baremes/motifs/")
    office.presses("Proposer d’autres mots : R01")
    office.writes("Libellé", "Soins de confort")
    office.dates("S’applique à compter du", timezone.localdate() + timedelta(days=1))
    office.writes("Source", "Décision d’essai")
    office.reaches("", within="input[name=confidence]")
    office.types("Space")
    office.presses("Proposer ce motif")
    edition = Edition.objects.get()
    colleague.goes_to(office.page.url.removeprefix(office.visitor.address))
    colleague.reads("Soins de confort")
    colleague.presses("Mettre en vigueur")
    edition.refresh_from_db()
    assert edition.status == EditionStatus.IN_FORCE


def draws_a_control(office: Keyboard) -> None:
    """The seed is drawn once the list is fixed, and shown."""
    today = timezone.localdate()
    office.goes_to("/gestion/tirages/")
    for label, day in {"Payées du": today - timedelta(days=10), "au (inclus)": today - timedelta(days=1)}.items():
        office.dates(label, day)
    office.writes("Nombre par groupe", "1")
    office.presses("Annoncer ce tirage")
    office.presses("Tirer au sort")
    office.reads("Graine :", Draw.objects.get().seed)


def answers(office: Keyboard, appeal: Appeal) -> None:
    """What the commission decided is written down."""
    office.goes_to("/gestion/recours/")
    office.presses(appeal.reference)
    office.reaches("Accueilli", within="input[name=outcome]")
    office.types("Space")
    office.dates("Séance du", timezone.localdate())
    office.writes("Motifs, que l’assuré lira", "La pièce est suffisante.")
    office.presses("Enregistrer et prévenir l’assuré")
    appeal.refresh_from_db()
    assert appeal.status == AppealStatus.GRANTED
