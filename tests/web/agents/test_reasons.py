"""The coded reasons at the counter « Barèmes »: worded anew by one, put in force by another, for what comes after."""

import pytest
from django.urls import reverse

from escale.domain.claims import letters
from escale.domain.tariffs import actions as tariffs
from escale.domain.tariffs import queries
from escale.domain.tariffs.models import Edition
from escale.rules import parameters
from tests import factories
from tests.domain.tariffs import editions
from tests.web.agents.conftest import at_counter, text

TYPED = {
    "label": "Soins de confort", "category": "not_reimbursable", "articles": "CSS, art. R. 160-4", "appeal": "amicable",
    "valid_from": "2026-09-16", "source": "Décision d’essai", "confidence": "default",
}  # fmt: skip
PROPOSE = "/gestion/baremes/motifs/R01/"


@pytest.fixture
def office(db):
    """A supervisor's browser."""
    return at_counter(editions.supervisor())


def test_the_fourteen_reasons_are_shown_with_their_articles(office):
    page = text(office.get(reverse("agents:reasons")))
    assert all(f"R{n:02d} – " in page for n in range(1, 15))
    assert "CSS, art. L. 713-1 et D. 713-1" in page


@pytest.mark.usefixtures("scanning")
def test_other_words_serve_from_their_day_on_and_a_letter_keeps_its_own(office, frozen):
    letter = factories.deposited()
    office.post(PROPOSE, TYPED)
    edition = Edition.objects.get()
    read = text(office.get(reverse("agents:tariff_edition", args=[edition.pk])))
    assert "Soins de confort" in read
    assert "au lieu de : Prestation non remboursable" in read
    assert "D’autres mots sont à vérifier" in text(office.get(reverse("agents:reasons")))
    tariffs.put_in_force(edition=edition, by=editions.supervisor())
    frozen.shift(86_400)
    with parameters.reading(queries.edition()):
        later = factories.deposited()
    assert "Soins de confort" in str(letters.opened(later, veiled=False))
    assert "Soins de confort" not in str(letters.opened(letter, veiled=False))


def test_what_is_decided_already_is_not_worded_anew(office):
    assert "Les décisions déjà prises gardent leurs mots" in text(
        office.post(PROPOSE, TYPED | {"valid_from": "2026-09-14"})
    )
    assert not Edition.objects.exists()


def test_a_new_reason_takes_a_code_that_nobody_had(office):
    add = reverse("agents:add_reason")
    assert "Ce code sert déjà" in text(office.post(add, TYPED | {"code": "R14"}))
    assert "Écrivez R et deux chiffres" in text(office.post(add, TYPED | {"code": "r1"}))
    office.post(add, TYPED | {"code": "R15"})
    assert "Nouveau motif" in text(office.get(reverse("agents:tariff_edition", args=[Edition.objects.get().pk])))


def test_an_unknown_code_has_no_page(office):
    assert office.get("/gestion/baremes/motifs/R99/").status_code == 404
