"""A code opens an account once, within its time and its tries, to whoever has it and to nobody else."""

from datetime import timedelta

import pytest

from escale.domain.accounts import actions as accounts
from escale.domain.accounts.actor import Actor
from escale.domain.accounts.models import Account, Role
from escale.domain.enrolment import actions as enrolments
from escale.domain.enrolment import codes
from escale.domain.enrolment.models import Enrolment
from escale.rules.lifecycle import StepRefused
from tests import enrolling, factories

pytestmark = pytest.mark.django_db
MINUTE = timedelta(seconds=61)


def redeem(enrolment: Enrolment, code: str, *, email: str = "", place: str = enrolling.HERE) -> Account:
    return enrolments.redeem(email=email or enrolment.email, code=code, password=enrolling.PASSWORD, place=place)


def mistyped(code: str) -> str:
    return code[:-1] + ("A" if code[-1] != "A" else "B")


def test_a_code_opens_an_account_of_the_insured_person_with_an_address_that_was_proven():
    person = enrolling.newcomer()
    enrolment, code = enrolling.coded(person)
    email = enrolment.email
    account = redeem(enrolment, code.lower().replace("-", " "))
    person.refresh_from_db()
    assert person.account == account
    assert (account.email, account.name) == (email, "Alix Exemple")
    assert [hat.role for hat in account.hats.all()] == [Role.INSURED]
    assert account.check_password(enrolling.PASSWORD)


def test_a_code_serves_once():
    enrolment, code = enrolling.coded()
    email = enrolment.email
    redeem(enrolment, code)
    with pytest.raises(enrolments.WrongCode):
        redeem(enrolment, code, email=email)


def test_after_five_tries_a_code_serves_no_more(frozen):
    enrolment, code = enrolling.coded()
    for _try in range(enrolments.TRIES):
        with pytest.raises(enrolments.WrongCode):
            redeem(enrolment, mistyped(code), place=f"192.0.2.{_try}")
    with pytest.raises(enrolments.WrongCode):
        redeem(enrolment, code, place="192.0.2.99")


def test_four_tries_leave_a_code_good():
    enrolment, code = enrolling.coded()
    for _try in range(enrolments.TRIES - 1):
        with pytest.raises(enrolments.WrongCode):
            redeem(enrolment, mistyped(code))
    assert redeem(enrolment, code)


def test_a_stranger_who_knows_the_address_only_uses_up_no_try(frozen):
    enrolment, code = enrolling.coded()
    strange = next(one for one in iter(codes.draw, "") if one[:3] != code[:3])
    for _try in range(20):
        frozen.shift(timedelta(hours=13))
        with pytest.raises(enrolments.WrongCode):
            redeem(enrolment, strange, place="198.51.100.7")
    assert redeem(enrolment, code)


def test_who_guesses_quickly_is_slowed_where_they_are_and_nobody_else_is():
    enrolment, code = enrolling.coded()
    for _try in range(5):
        with pytest.raises(enrolments.WrongCode):
            redeem(enrolment, "ABCD", place="198.51.100.7")
    with pytest.raises(accounts.TooManyAttempts):
        redeem(enrolment, code, place="198.51.100.7")
    assert redeem(enrolment, code)


def test_a_code_has_thirty_days(frozen):
    enrolment, code = enrolling.coded()
    frozen.shift(timedelta(days=30))
    with pytest.raises(enrolments.WrongCode):
        redeem(enrolment, code)


def test_a_code_is_that_of_one_address_and_the_new_one_voids_the_old_one():
    enrolment, code = enrolling.coded()
    other, _ = enrolling.coded()
    with pytest.raises(enrolments.WrongCode):
        redeem(other, code)
    newer = enrolments.draw(enrolment=enrolment, step="hand", by=enrolling.counter(), paper="passport")
    with pytest.raises(enrolments.WrongCode):
        redeem(enrolment, code)
    assert redeem(enrolment, newer)


def test_a_weak_password_uses_up_nothing():
    enrolment, code = enrolling.coded()
    for _try in range(6):
        with pytest.raises(accounts.WeakPassword):
            enrolments.redeem(email=enrolment.email, code=code, password="court", place=enrolling.HERE)
    assert not Account.objects.filter(email=enrolment.email).exists()
    assert redeem(enrolment, code)


def test_nothing_that_is_kept_opens_anything():
    enrolment, code = enrolling.coded()
    enrolment.refresh_from_db()
    kept = [str(getattr(enrolment, field.attname)) for field in Enrolment._meta.concrete_fields]
    assert not any(code in word or code.replace("-", "") in word for word in kept)


def test_an_address_that_became_anothers_opens_nothing():
    enrolment, code = enrolling.coded()
    Account.objects.filter(pk=factories.insured().account_id).update(email=enrolment.email)
    with pytest.raises(enrolments.WrongCode):
        redeem(enrolment, code)


def test_an_address_that_enters_an_account_without_a_file_leads_to_it_and_keeps_the_code():
    enrolment, code = enrolling.coded()
    Account.objects.create_account(email=enrolment.email, password=None, name="Autre", roles=(Role.AGENT,))
    for _ in range(6):  # a right code is no wrong try
        with pytest.raises(enrolments.HasAccount) as known:
            redeem(enrolment, code)
    assert known.value.person == enrolment.insured
    known.value.person.refresh_from_db()
    assert known.value.person.account is None


def test_two_requests_of_one_person_open_one_account():
    person = enrolling.newcomer()
    (first, code), (second, other) = enrolling.coded(person), enrolling.coded(person)
    assert redeem(first, code)
    with pytest.raises(enrolments.WrongCode):
        redeem(second, other)


def test_nobody_gives_a_code_to_themselves_nor_to_their_family():
    person = enrolling.newcomer()
    enrolment = enrolling.recognised(person)
    spouse = factories.account(Role.COUNTER, Role.INSURED)
    mate = factories.insured()
    mate.account = spouse
    mate.save()
    mate.beneficiaries.filter(link="spouse").update(person=person)
    for step in ("hand", "post_again"):
        with pytest.raises(StepRefused, match="propre demande"):
            enrolments.draw(enrolment=enrolment, step=step, by=Actor(Role.COUNTER, spouse))
    assert list(Enrolment.objects.within_reach_of(Actor(Role.COUNTER, spouse))) == []
