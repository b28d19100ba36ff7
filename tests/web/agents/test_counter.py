"""The counter: an identity is checked against the registry, a code is shown once, letters are posted."""

import re

import pytest
from django.test import Client
from django.urls import reverse

from escale.domain.accounts.actor import Actor
from escale.domain.accounts.models import Role
from escale.domain.enrolment import actions as enrolments
from escale.domain.journal.models import Entry
from escale.domain.notices import actions as notices
from escale.domain.notices.models import LetterBatch
from escale.domain.registry.models import Protection, Reading
from escale.rules.lifecycle import StepRefused
from tests import enrolling, factories
from tests.conftest import Work
from tests.web.agents.conftest import at_counter, text

SEARCH, OUTGOING = reverse("agents:counter"), reverse("agents:outgoing")


@pytest.fixture
def by() -> Actor:
    return enrolling.counter()


@pytest.fixture
def hall(by: Actor) -> Client:
    """The browser of an agent at the counter."""
    return at_counter(by)


def shown_code(page: str) -> str:
    (code,) = re.findall(r"\b[2-9A-Z]{4}-[2-9A-Z]{4}-[2-9A-Z]{4}\b", page)
    return code


@pytest.mark.parametrize("wanted", ["{nir}", "{spaced}", "{number}", "{lower}"])
def test_somebody_is_found_by_their_whole_number_and_it_is_in_no_address(hall: Client, wanted: str):
    person = enrolling.newcomer()
    enrolment = enrolling.recognised(person)
    spaced = f"{person.nir[0]} {person.nir[1:3]} {person.nir[3:]}"
    known = {"nir": person.nir, "spaced": spaced, "number": enrolment.number, "lower": enrolment.number.lower()}
    answer = hall.post(SEARCH, {"wanted": wanted.format(**known)})
    assert answer.url == reverse("agents:counter_request", args=[enrolment.number])


@pytest.mark.parametrize("wanted", ["Exemple", "185038313", "AAAAA-AAAAA", "185038313000199"])
def test_nobody_is_found_by_their_name_or_a_part_of_their_number(hall: Client, wanted: str):
    enrolling.recognised()
    assert "Aucune demande que vous puissiez traiter" in text(hall.post(SEARCH, {"wanted": wanted}))


def test_the_page_shows_what_an_identity_is_checked_against_and_the_reading_is_noted(hall: Client, by: Actor):
    person = enrolling.newcomer()
    factories.draft(person)
    enrolment = enrolling.recognised(person)
    page = text(hall.get(reverse("agents:counter_request", args=[enrolment.number])))
    for said in ("Exemple", "Alix Noé", "12/03/1985", f"n•••@{enrolment.email.partition('@')[2]}"):
        assert said in page
    for kept in (enrolment.email, person.nir, factories.IBAN, "Djibouti", "Charlie"):
        assert kept not in page
    assert Reading.objects.get().by == by.account


def test_a_code_is_shown_once_to_who_checked_an_identity(hall: Client, by: Actor):
    enrolment = enrolling.recognised()
    hand = reverse("agents:hand_code", args=[enrolment.number])
    assert "sans elle, pas de code" in text(hall.post(hand))
    answer = hall.post(hand, {"paper": "passport"})
    code = shown_code(text(answer))
    assert "no-store" in answer.headers["Cache-Control"]
    assert hall.get(hand).status_code == 405
    assert code not in text(hall.get(reverse("agents:counter_request", args=[enrolment.number])))
    entry = Entry.objects.get(event="enrolment.hand")
    assert (entry.actor, entry.hat, entry.facts) == (by.account, Role.COUNTER, {"paper": "passport", "drawn": 1})
    account = enrolments.redeem(email=enrolment.email, code=code, password=enrolling.PASSWORD, place=enrolling.HERE)
    assert account.insured == enrolment.insured


def test_a_second_code_voids_the_first_and_says_so(hall: Client):
    enrolment = enrolling.recognised()
    hand = reverse("agents:hand_code", args=[enrolment.number])
    first = shown_code(text(hall.post(hand, {"paper": "passport"})))
    again = text(hall.post(hand, {"paper": "military_card"}))
    assert "C’est le 2e code" in again
    with pytest.raises(enrolments.WrongCode):
        enrolments.redeem(email=enrolment.email, code=first, password=enrolling.PASSWORD, place=enrolling.HERE)


def test_who_saw_a_request_never_holds_its_letter(hall: Client, by: Actor):
    enrolment = enrolling.recognised()
    hall.get(reverse("agents:counter_request", args=[enrolment.number]))
    letter = enrolling.letter(about=enrolment)
    with pytest.raises(notices.NothingToPost):
        notices.gather(by=by)
    batch = notices.gather(by=enrolling.counter())
    assert batch.steps_open_to(by) == frozenset()
    assert "une autre personne l’imprime" in text(hall.get(OUTGOING))
    notices.take(batch=batch, by=enrolling.counter())
    for act in (notices.take, notices.mark_posted):
        with pytest.raises(StepRefused):
            act(batch=batch, by=by)
    letter.refresh_from_db()
    assert letter.status == "gathered"


def test_who_printed_a_letter_never_sees_its_request(hall: Client, by: Actor):
    enrolment = enrolling.recognised()
    notices.take(batch=enrolling.batch(about=enrolment), by=by)
    shown = hall.get(reverse("agents:counter_request", args=[enrolment.number]), follow=True)
    assert "une autre personne la traite" in text(shown)
    answer = hall.post(reverse("agents:hand_code", args=[enrolment.number]), {"paper": "passport"})
    assert answer.url == SEARCH
    assert not Reading.objects.exists()


def test_several_requests_of_one_person_are_each_a_reading_and_show_no_address(hall: Client):
    person = enrolling.newcomer()
    both = [enrolling.recognised(person), enrolling.recognised(person)]
    page = text(hall.post(SEARCH, {"wanted": person.nir}))
    for enrolment in both:
        assert enrolment.number in page
        assert enrolment.email not in page
    assert Reading.objects.count() == 2


@pytest.mark.parametrize("many", [1, 2])
def test_a_protected_file_opens_at_the_counter_once_it_is_said_why(hall: Client, many: int):
    person = enrolling.newcomer()
    enrolment = [enrolling.recognised(person) for _many in range(many)][-1]
    Protection.objects.create(insured=person, reason="exposed", set_by=factories.account(Role.SUPERVISOR))
    glass = reverse("agents:open_request", args=[enrolment.number])
    found = hall.post(SEARCH, {"wanted": person.nir}, follow=True)
    assert found.redirect_chain[-1][0] == glass
    assert "Exemple" not in text(found)
    hall.post(glass, {"reason": "asked", "words": "La personne est là, avec son passeport, et part demain."})
    assert enrolment.number in text(hall.get(reverse("agents:counter_request", args=[enrolment.number])))
    assert Reading.objects.get(subject=f"enrolment.enrolment:{enrolment.pk}").opening


@pytest.mark.django_db(transaction=True)
def test_a_code_handed_after_a_letter_was_asked_for_stays_good(hall: Client, work: Work):
    enrolment = enrolling.recognised()
    work()
    hall.post(reverse("agents:post_code", args=[enrolment.number]))
    code = shown_code(text(hall.post(reverse("agents:hand_code", args=[enrolment.number]), {"paper": "passport"})))
    work()
    assert enrolments.redeem(email=enrolment.email, code=code, password=enrolling.PASSWORD, place=enrolling.HERE)


def test_letters_are_prepared_taken_and_posted(hall: Client):
    enrolling.letter()
    enrolling.letter()
    assert "2 courriers attendent" in text(hall.get(OUTGOING))
    hall.post(reverse("agents:prepare_letters"))
    batch = LetterBatch.objects.get()
    take, posted = (reverse(f"agents:{name}", args=[batch.number]) for name in ("take_letters", "letters_posted"))
    assert "C’est posté" not in text(hall.get(OUTGOING))
    answer = hall.post(take)
    assert answer.content.startswith(b"%PDF")
    assert answer.headers["Content-Disposition"] == f'attachment; filename="{batch.number}.pdf"'
    assert "no-store" in answer.headers["Cache-Control"]
    assert "C’est posté" in text(hall.get(OUTGOING))
    hall.post(posted)
    page = text(hall.get(OUTGOING))
    assert "Posté" in page
    assert "Prendre le fichier" not in page
    assert hall.post(take).url == OUTGOING


def test_the_list_of_batches_asks_the_database_the_same_for_one_or_many(hall: Client, django_assert_max_num_queries):
    for _batch in range(9):
        enrolling.batch()
    with django_assert_max_num_queries(10):
        hall.get(OUTGOING)
