"""« Le temps du déploiement » : a spouse sends a claim in a soldier's name, until the soldier takes it back."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.utils import timezone

from escale.domain.claims.models import Claim
from escale.domain.journal.models import Entry
from escale.domain.mandates.models import Mandate
from escale.domain.notices.models import Notice
from tests import factories
from tests.journeys.conftest import Enter, Visitor, waits
from tests.journeys.test_a_paper_replaced import PASSWORD, arrives, scripts

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.timeout(600)]

__all__ = ["scripts"]
ADDRESS = "lou@exemple.invalid"


def gives(soldier: Visitor) -> None:
    soldier.goes_to("/mon-compte/mandats/")
    soldier.presses("Donner un mandat")
    page = soldier.page
    page.get_by_label("Nom et prénom de la personne qui vous aide").fill("Lou Exemple")
    page.get_by_label("Son adresse e-mail").fill(ADDRESS)
    page.get_by_label("Cette personne est votre").select_option("spouse")
    for act in ("Préparer une demande", "Certifier et envoyer"):
        page.locator("label", has_text=act).click()
    page.get_by_label("Dernier jour du mandat").fill(str(timezone.localdate() + timedelta(days=90)))
    page.locator("label", has_text="J’autorise cette personne").click()
    soldier.presses("Proposer ce mandat")
    soldier.reads("Votre proposition est partie")


def opens_an_account(enter: Enter) -> Visitor:
    notice = Notice.objects.get(kind="mandate_offered")
    spouse = enter()
    spouse.goes_to(f"/mon-compte/mandats/invitation/{notice.token}/")
    spouse.page.get_by_label("Votre nom et votre prénom").fill("Lou Exemple")
    spouse.page.get_by_label("Choisissez un mot de passe").fill(f"trois mots {uuid4()}")
    spouse.presses("Ouvrir mon compte")
    return spouse


def test_a_spouse_acts_for_a_soldier_until_the_soldier_takes_it_back(enter: Enter, night_shift: None) -> None:
    # Given a soldier about to leave, who lets their spouse prepare and send claims
    person = factories.insured(password=PASSWORD)
    claim = factories.complete(person)
    gives(arrives(enter, person.account.email))

    # When the spouse reads the message, opens an account for that alone, and accepts
    waits(lambda: Notice.objects.filter(kind="mandate_offered", status="sent").exists())
    spouse = opens_an_account(enter)
    spouse.presses("Accepter")
    waits(lambda: Notice.objects.filter(kind="mandate_accepted", status="sent").exists())

    # Then they act, every page says for whom, and a claim leaves
    spouse.presses("Agir au nom de Alix Exemple")
    spouse.reads("Vous agissez au nom de Alix Exemple")
    spouse.goes_to(f"/mon-compte/demandes/{claim.number}/envoi/")
    spouse.page.locator("label", has_text="Je certifie sur l’honneur").click()
    spouse.presses("Envoyer")
    spouse.reads("Lou Exemple, au nom de Alix Exemple")
    waits(lambda: Notice.objects.filter(kind="claim_followed", address=ADDRESS, status="sent").exists())
    entry = Entry.objects.get(event="claim.submit")
    assert (entry.actor.email, entry.facts["mandate"]) == (ADDRESS, Mandate.objects.get().pk)
    assert Claim.objects.get().insured == person

    # When the soldier, from their phone, takes it back
    soldier = arrives(enter, person.account.email, phone=True)
    soldier.goes_to(f"/mon-compte/demandes/{claim.number}/")
    soldier.reads("Par Lou Exemple, au nom de Alix Exemple.")
    soldier.goes_to("/mon-compte/mandats/")
    soldier.presses("Retirer ce mandat : Lou Exemple")
    soldier.reads("Ce mandat est retiré")

    # Then the spouse's next click opens nothing more
    spouse.page.goto(f"{spouse.address}/mon-compte/demandes/")
    spouse.reads("Ce mandat a pris fin")
    spouse._noise.clear()  # the browser says in its console that it was refused
    spouse.presses("Revenir à mon espace")
    spouse.reads("Retiré")
