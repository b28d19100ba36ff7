"""Somebody abroad, without an account nor a French telephone, gets one by a letter; later they lose everything."""

import re
from pathlib import Path

import pypdfium2
import pytest

from escale.domain.accounts.models import Role
from escale.domain.notices.models import Notice, PaperLetter
from escale.domain.registry.models import InsuredPerson
from tests import enrolling, factories
from tests.journeys.conftest import Enter, Visitor, waits
from tests.journeys.test_a_paper_replaced import PASSWORD, arrives, scripts
from tests.web.access.reading import link_in

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.timeout(600)]
EMAIL, NEW = "alix@exemple.invalid", "une phrase toute neuve"

__all__ = ["scripts"]


def asks(visitor: Visitor, person: InsuredPerson) -> None:
    visitor.goes_to("/connexion/")
    visitor.presses("Pas encore de compte CNMSS")
    visitor.presses("Je crée mon compte CNMSS")
    page = visitor.page
    page.get_by_label("Numéro de sécurité sociale").fill(f"{person.nir[0]} {person.nir[1:]}")
    page.get_by_label("Nom de naissance").fill(person.birth_name.upper())
    page.get_by_label("Prénoms").fill(person.first_names.split()[0])
    for label, value in (("Jour", person.born_on.day), ("Mois", person.born_on.month), ("Année", person.born_on.year)):
        page.get_by_label(f"{label} de naissance").fill(str(value))
    page.get_by_label("Adresse e-mail").fill(EMAIL)
    visitor.presses("Demander mon compte")
    visitor.reads("Lisez vos messages")


def reads_mail(visitor: Visitor, home: Path, kind: str, *, number: int = 1) -> None:
    waits(lambda: Notice.objects.filter(kind=kind, status="sent").count() == number)
    visitor.goes_to(link_in(home))


def posts(enter: Enter, tmp_path: Path, kind: str) -> str:
    """Somebody at the counter prints and posts; return the code that the letter holds."""
    waits(lambda: PaperLetter.objects.filter(kind=kind).exists())
    agent = arrives(enter, factories.account(Role.COUNTER, password=PASSWORD).email)
    agent.goes_to("/gestion/courrier/")
    agent.presses("Préparer un envoi")
    with agent.page.expect_download() as taken:
        agent.page.get_by_role("button", name=re.compile("Prendre le fichier")).click()
    file = tmp_path / "envoi.pdf"
    taken.value.save_as(file)
    agent.goes_to("/gestion/courrier/")
    agent.page.get_by_role("button", name=re.compile("C’est posté")).click()
    agent.reads("est détruit")
    _slip, letter = (sheet.get_textpage().get_text_bounded() for sheet in pypdfium2.PdfDocument(file))
    (code,) = re.findall(r"\b[2-9A-Z]{4}-[2-9A-Z]{4}-[2-9A-Z]{4}\b", letter)
    return code


def enters_with(visitor: Visitor, email: str, code: str, password: str) -> None:
    visitor.goes_to("/creer-mon-compte/code/")
    visitor.page.get_by_label("Adresse e-mail").fill(email)
    visitor.page.get_by_label("Code reçu par courrier").fill(code)
    visitor.page.get_by_label("Choisissez un mot de passe").fill(password)
    visitor.presses("Entrer dans mon compte")
    visitor.reads("Remboursement des soins à l’étranger")


def asks_back(visitor: Visitor, home: Path, *, number: int) -> None:
    visitor.goes_to("/connexion/")
    visitor.presses("Mot de passe ou seconde preuve perdus")
    visitor.page.get_by_label("Adresse e-mail").fill(EMAIL)
    visitor.presses("Recevoir le message")
    reads_mail(visitor, home, "recovery_asked", number=number)


def test_somebody_abroad_gets_an_account_by_a_letter_loses_everything_and_comes_back(
    enter: Enter, night_shift: None, home: Path, tmp_path: Path
) -> None:
    # Given a soldier whom the registry knows, with an address and no account
    person = enrolling.newcomer()

    # When they ask for an account on their phone, and read their message
    alix = enter(phone=True)
    asks(alix, person)
    reads_mail(alix, home, "account_asked")
    alix.presses("Confirmer mon adresse")
    alix.reads("Votre adresse est confirmée")

    # Then a letter comes, and its code opens the account
    enters_with(alix, EMAIL, posts(enter, tmp_path, "account_code"), enrolling.PASSWORD)
    person.refresh_from_db()
    assert person.account

    # When they have lost their password, the message alone does not let them in
    lost = enter(phone=True)
    asks_back(lost, home, number=1)
    lost.reads("il faut une autre preuve")
    lost.presses("Recevoir un code par la poste")
    lost.reads("Un code part par la poste")

    # Then the code of another letter does, with another message and another password
    code = posts(enter, tmp_path, "recovery_code")
    asks_back(lost, home, number=2)
    lost.page.get_by_label("Code reçu par courrier").fill(code)
    lost.page.get_by_label("Choisissez un mot de passe").fill(NEW)
    lost.presses("Retrouver mon compte")
    lost.reads("Remboursement des soins à l’étranger")


def test_somebody_comes_to_a_counter_and_leaves_with_a_code(
    enter: Enter, night_shift: None, home: Path, tmp_path: Path
) -> None:
    # Given somebody whom no letter reaches
    person = enrolling.newcomer(address="")
    enrolment = enrolling.recognised(person, email=EMAIL)

    # When an agent checks their identity
    agent = arrives(enter, factories.account(Role.COUNTER, password=PASSWORD).email)
    agent.goes_to("/gestion/accueil/")
    agent.page.get_by_label("Numéro de sécurité sociale").fill(person.nir)
    agent.presses("Chercher")
    agent.reads(f"Demande de compte {enrolment.number}")
    agent.reads("Aucune adresse postale n’est connue")
    agent.page.locator("label", has_text="une carte d’identité militaire").click()
    agent.presses("Remettre un code")
    code = agent.page.locator(".house-code").inner_text().strip()
    agent.presses("C’est recopié")

    # Then the code opens the account
    enters_with(enter(phone=True), EMAIL, code, enrolling.PASSWORD)
