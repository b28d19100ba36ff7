"""Somebody reads what the Fund knows of them, takes a copy, moves to another address, and leaves."""

import re
from datetime import date
from pathlib import Path

import pytest

from escale.domain.accounts.models import Account
from escale.domain.notices.lifecycle import Status
from escale.domain.notices.models import Notice
from tests import factories, factors
from tests.journeys.conftest import Enter, waits
from tests.journeys.test_an_estimate_and_what_came_of_it import PASSWORD, photographs

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.timeout(600)]


@pytest.fixture(params=[True, False], ids=["scripts", "no scripts"])
def scripts(request: pytest.FixtureRequest) -> bool:
    return bool(request.param)


def test_what_is_known_is_read_taken_and_left(enter: Enter, scanning: None, night_shift: None) -> None:
    # Given somebody posted in Djibouti, with a claim in progress
    person = factories.insured(password=PASSWORD)
    person.postings.create(territory="DJ", valid_from=date(2025, 8, 1), with_family=True)
    person.addresses.create(lines="ALIX EXEMPLE\n1 RUE DE L’ESCALE\n83000 TOULON", valid_from=date(2024, 1, 1))
    claim = factories.received(person)
    alix = enter(phone=True)
    alix.signs_in(person.account.email, PASSWORD)

    # When Alix reads what is known, and shows the numbers
    alix.goes_to("/mon-compte/donnees/")
    for text in ("Mes démarches", "Djibouti", "FR•• •••• 0189", "1 RUE DE L’ESCALE"):
        alix.reads(text)
    photographs(alix, "data")
    alix.presses("Afficher les numéros en entier")
    alix.reads(person.nir)

    # Then a copy is one press away
    with alix.page.expect_download() as copy:
        alix.page.get_by_role("button", name="Copie à lire (PDF)").click()
    assert Path(copy.value.path()).read_bytes().startswith(b"%PDF")

    # And leaving is told before it is done
    alix.goes_to("/mon-compte/donnees/")
    alix.presses("Voir ce qui se passe, et fermer le compte")
    alix.reads("Vos demandes en cours continuent")
    alix.reads(claim.number)
    photographs(alix, "closing")
    alix.page.get_by_label("Pour confirmer, tapez le mot « fermer »").fill("oui")
    alix.presses("Fermer mon compte")
    alix.reads("Corrigez ce qui suit")
    photographs(alix, "closing_error")
    alix.page.get_by_label("Pour confirmer, tapez le mot « fermer »").fill("fermer")
    alix.presses("Fermer mon compte")
    alix.reads("Votre compte est fermé.")
    waits(lambda: Account.objects.filter(pk=person.account.pk, email=None).exists())
    assert Notice.objects.filter(kind="account_closed").exists()


def test_an_address_changes_by_the_message_sent_there(enter: Enter, night_shift: None, home: Path) -> None:
    # Given somebody who signs in with a second proof
    person = factories.insured(password=PASSWORD)
    alix = enter()
    factors.protect(person.account)
    alix.signs_in(person.account.email, PASSWORD)

    # When Alix asks for another address
    alix.goes_to("/mon-compte/donnees/adresse/")
    photographs(alix, "address")
    alix.page.get_by_label("Nouvelle adresse e-mail").fill("alix@exemple.invalid")
    alix.presses("Envoyer le message")
    alix.reads("Ouvrez le message que nous envoyons")
    photographs(alix, "address_pending")
    waits(lambda: Notice.objects.filter(kind="address_to_confirm", status=Status.SENT).exists())

    # Then the link that came there changes it, by a button
    letters = [file.read_text() for file in (home / "mail").iterdir()]
    mail = next(letter for letter in letters if "To: alix@exemple.invalid" in letter)
    link = re.search(r"/mon-compte/donnees/adresse/[^/\s]+/", mail.replace("=\n", "").replace("=3A", ":"))
    assert link
    alix.goes_to(link[0])
    photographs(alix, "address_confirm")
    alix.presses("Confirmer")
    alix.reads("alix@exemple.invalid")
    alix.goes_to(link[0])
    alix.presses("Confirmer")  # a second time changes nothing
    alix.reads("alix@exemple.invalid")
