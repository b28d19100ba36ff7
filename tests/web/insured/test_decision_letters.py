"""« Courrier de décision »: read on the page or on paper by whom it is for, its first reading noted."""

import io
from datetime import date

import pypdfium2
import pytest
from django.test import Client
from django.urls import reverse

from escale.domain.accounts.models import Role
from escale.domain.appeals import queries as appeals
from escale.domain.claims import letters
from escale.domain.claims.models import Claim, Decision, DecisionLetter
from escale.domain.journal.models import Entry
from escale.domain.registry.models import Link, Reading
from tests import factories
from tests.domain.claims.families import draft_for, own_account, telling
from tests.domain.mandates import mandates
from tests.web.agents.conftest import at_counter
from tests.web.insured.conftest import signed_in, text
from tests.web.insured.test_family_secrecy import decided
from tests.web.insured.test_mandates import acting

pytestmark = pytest.mark.usefixtures("scanning")


def at(name: str, letter: DecisionLetter) -> str:
    return reverse(name, args=[letter.decision.claim.number, letter.decision_id])


def written(client: Client, address: str) -> str:
    response = client.get(address)
    assert response["Content-Type"] == "application/pdf"
    return "".join(
        sheet.get_textpage().get_text_bounded() for sheet in pypdfium2.PdfDocument(io.BytesIO(response.content))
    )


def test_a_refusal_is_read_on_the_page_and_on_paper_and_its_first_reading_is_noted_once(visitor, person):
    letter = factories.deposited(factories.refused(factories.received(person)))
    claim = letter.decision.claim
    on_claim = text(visitor.get(reverse("insured:claim", args=[claim.number])))
    assert "À lire" in on_claim
    assert at("insured:letter", letter) in on_claim
    page = text(visitor.get(at("insured:letter", letter)))
    for words in ("Prestation non remboursable", "CSS, art. L. 160-8", "dans un délai de 2 mois", "15 septembre 2026"):
        assert words in page
    paper = written(visitor, at("insured:letter_pdf", letter))
    assert "motif R01" in paper
    assert "À lire" not in text(visitor.get(reverse("insured:claim", args=[claim.number])))
    assert Entry.objects.filter(event="claim.read_letter").count() == 1


def test_to_take_the_paper_is_to_read_it_and_to_ask_for_its_head_is_not(visitor, person):
    letter = factories.deposited(factories.refused(factories.received(person)))
    visitor.head(at("insured:letter", letter))
    assert not Entry.objects.filter(event="claim.read_letter").exists()
    visitor.get(at("insured:letter_pdf", letter))
    assert Entry.objects.filter(event="claim.read_letter").count() == 1


def test_of_an_adults_care_the_sponsors_letter_tells_amounts_and_theirs_tells_all(visitor, person):
    spouse = person.beneficiaries.get(link=Link.SPOUSE)
    claim = decided(draft_for(spouse))
    letter = factories.deposited(claim)
    veiled = text(visitor.get(at("insured:letter", letter))) + written(visitor, at("insured:letter_pdf", letter))
    assert {word for word in telling(claim) if word in veiled.lower()} == set()
    total = f"{claim.decisions.get().total:.2f}".replace(".", ",")
    assert total in veiled
    theirs = signed_in(own_account(spouse).insured)
    whole = text(theirs.get(at("insured:for_me_letter", letter)))
    assert claim.bills.get().provider in whole
    assert claim.bills.get().provider in written(theirs, at("insured:for_me_letter_pdf", letter))
    assert theirs.get(at("insured:letter", letter)).status_code == 404
    assert Entry.objects.filter(event="claim.read_letter").count() == 1


def test_who_acts_in_somebodys_name_reads_their_letter_and_starts_no_delay(person):
    letter = factories.deposited(factories.refused(factories.received(person)))
    helper = acting(mandates.accepted(person))
    assert "Prestation non remboursable" in text(helper.get(at("insured:letter", letter)))
    letter.refresh_from_db()
    assert letter.first_read_at is None


def test_the_agent_sees_since_when_it_is_there_and_until_when_it_may_be_contested(visitor, person, frozen):
    letter = factories.deposited(factories.refused(factories.received(person)))
    desk = at_counter(factories.actor(Role.AGENT))
    case = reverse("agents:case", args=[letter.decision.claim.number])
    assert "le délai de recours ne court pas" in text(desk.get(case))
    visitor.get(at("insured:letter", letter))
    assert "recours possible jusqu’au 15/11/2026 inclus" in text(desk.get(case))
    assert "motif R01" in written(desk, at("agents:letter", letter))
    assert Reading.objects.filter(number=letter.decision.claim.number).exists()


def test_a_letter_is_found_under_its_own_claim_only(visitor, person):
    letter = factories.deposited(factories.refused(factories.received(person)))
    other: Claim = factories.refused(factories.received(person))
    assert visitor.get(reverse("insured:letter", args=[other.number, letter.decision_id])).status_code == 404
    assert visitor.get(reverse("insured:letter", args=[other.number, other.decisions.get().pk])).status_code == 404


def test_a_letter_that_cannot_be_opened_is_for_later_and_starts_no_delay(visitor, person):
    letter = factories.deposited(factories.refused(factories.received(person)))
    DecisionLetter.objects.filter(pk=letter.pk).update(sealed=b"something else")
    for name in ("insured:letter", "insured:letter_pdf"):
        later = visitor.get(at(name, letter))
        assert later.status_code == 503
        assert "Revenez plus tard" in later.content.decode()
    assert not Entry.objects.filter(event="claim.read_letter").exists()


def test_who_moves_keeps_the_later_of_the_delay_that_was_written_and_of_their_new_one(visitor, person):
    decision = factories.deposited(factories.refused(factories.received(person))).decision
    assert letters.appeal_until(decision) is None
    visitor.get(at("insured:letter", decision.letter))
    decision = Decision.objects.get(pk=decision.pk)
    assert letters.appeal_until(decision) == appeals.appealable_until(decision) == date(2026, 11, 15)
    decision.claim.insured.residence = "abroad"
    assert letters.appeal_until(decision) == date(2027, 1, 15)
    decision.letter.appeal_months = 5
    assert letters.appeal_until(decision) == appeals.appealable_until(decision) == date(2027, 2, 15)


def test_the_page_of_a_letter_asks_few_questions(visitor, person, django_assert_max_num_queries):
    letter = factories.deposited(factories.refused(factories.received(person)))
    visitor.get(at("insured:letter", letter))
    with django_assert_max_num_queries(10):
        visitor.get(at("insured:letter", letter))
