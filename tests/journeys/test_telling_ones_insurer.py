"""Somebody far away lets their insurer be told of what is paid, sees what left, and takes it back."""

import pytest

from tests import factories
from tests.domain.statements import sharing
from tests.journeys.conftest import Enter, Night
from tests.journeys.test_an_estimate_and_what_came_of_it import PASSWORD, photographs

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.timeout(600)]


@pytest.fixture(params=[True, False], ids=["scripts", "no scripts"])
def scripts(request: pytest.FixtureRequest) -> bool:
    return bool(request.param)


def test_a_payment_is_told_until_the_consent_is_taken_back(
    enter: Enter, night: Night, scanning: None, scripts: bool
) -> None:
    # Given an insurer, and Alix on a phone
    insurer, person = sharing.insurer(), factories.insured(password=PASSWORD)
    alix = enter(phone=not scripts)
    alix.signs_in(person.account.email, PASSWORD)
    alix.goes_to("/mon-compte/donnees/")
    alix.presses("Voir et gérer la transmission")
    alix.reads("rien n’est transmis")

    # When Alix consents, once everything is typed
    alix.presses("Transmettre mes décomptes")
    alix.page.get_by_label("Votre numéro d’adhérent ou de contrat").fill("A-123456")
    alix.presses("Donner mon consentement")
    alix.reads("Cochez la case pour donner votre consentement.")
    photographs(alix, "sharing_error")
    assert alix.page.get_by_label("Votre numéro d’adhérent ou de contrat").input_value() == "A-123456"
    alix.page.get_by_label("Votre mutuelle ou organisme complémentaire").select_option(label=str(insurer))
    alix.page.locator("label[for=id_agreed]").click()
    alix.presses("Donner mon consentement")
    alix.reads("En vigueur")

    # Then what the bank pays is told, and the very file may be had
    sharing.executed(person)
    night()
    alix.goes_to("/mon-compte/mutuelle/")
    photographs(alix, "sharing")
    [told] = sharing.laid(insurer).values()
    with alix.page.expect_download() as file:
        alix.page.get_by_role("link", name=f"Le fichier transmis (JSON) : {told['reference']}").click()
    assert told["reference"] in file.value.path().read_text()

    # And nothing more leaves once it is taken back
    alix.presses(f"Retirer ce consentement : {insurer}")
    alix.reads("plus rien ne part, dès maintenant")
    photographs(alix, "sharing_withdrawn")
    sharing.executed(person)
    night()
    assert list(sharing.laid(insurer)) == [told["reference"]]
