"""The coded reasons at the counter « Barèmes »: worded anew by one, put in force by another, for what comes after."""

from datetime import date

import pytest
from django.urls import reverse

from escale.domain.claims import letters
from escale.domain.tariffs import actions as tariffs
from escale.domain.tariffs import queries
from escale.domain.tariffs.models import Edition
from escale.rules import parameters, refusal
from escale.rules.lifecycle import StepRefused
from escale.rules.scope import RuleSet
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


def test_words_put_in_force_too_late_are_refused(office, frozen):
    office.post(PROPOSE, TYPED)
    frozen.shift(86_400)
    with pytest.raises(StepRefused, match="demain au plus tôt"):
        tariffs.put_in_force(edition=Edition.objects.get(), by=editions.supervisor())


def test_a_reason_to_come_may_be_ended_and_what_was_said_before_does_not_come_back(office):
    office.post(reverse("agents:add_reason"), TYPED | {"code": "R15"})
    tariffs.put_in_force(edition=Edition.objects.get(), by=editions.supervisor())
    assert "Servira à partir du 16/09/2026" in text(office.get(reverse("agents:reasons")))
    office.post("/gestion/baremes/motifs/R15/", TYPED | {"valid_from": "2026-09-17", "valid_until": "2026-10-01"})
    edition = Edition.objects.latest("pk")
    assert "01/10/2026" in text(office.get(reverse("agents:tariff_edition", args=[edition.pk])))
    tariffs.put_in_force(edition=edition, by=editions.supervisor())
    days = [date(2026, 9, 15), date(2026, 9, 16), date(2026, 9, 30), date(2026, 10, 1)]
    with parameters.reading(queries.edition()):
        given = [day for day in days if "R15" in {one.code for one in refusal.reasons(on=day)}]
    assert given == days[1:3]


def test_other_words_for_the_same_articles_leave_those_of_each_stay(office):
    office.post(PROPOSE, TYPED | {"articles": "CSS, art. L. 160-8"})
    tariffs.put_in_force(edition=Edition.objects.get(), by=editions.supervisor())
    with parameters.reading(queries.edition()):
        found = refusal.reason("R01", on=date(2026, 9, 16), rule_set=RuleSet.PRIVATE_WORLD)
    assert (found.label, found.articles) == ("Soins de confort", "CSS, art. L. 160-8 et R. 160-4, al. 1")


def test_an_unknown_code_has_no_page(office):
    assert office.get("/gestion/baremes/motifs/R99/").status_code == 404
