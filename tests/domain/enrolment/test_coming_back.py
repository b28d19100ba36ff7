"""The way back into an account: the code and a message just read, never the code alone."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from escale.domain.accounts.actor import SYSTEM
from escale.domain.accounts.models import Account, Provider, Role, Session
from escale.domain.accounts.sessions import SessionStore
from escale.domain.enrolment import actions as enrolments
from escale.domain.enrolment.models import Enrolment
from escale.domain.journal.models import Entry
from escale.domain.registry.models import InsuredPerson
from escale.rules.lifecycle import StepRefused
from tests import enrolling, factories

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("frozen")]
NEW = "nouvelle@exemple.invalid"
GIVEN = {"password": enrolling.PASSWORD, "place": enrolling.HERE}


@pytest.fixture
def person() -> InsuredPerson:
    person = factories.insured(password="un vieux mot de passe")
    person.account.passkeys.create(credential_id=b"1", public_key=b"2", name="Téléphone")
    person.account.identities.create(provider=Provider.FRANCECONNECT, subject="ancienne")
    return person


def coded(person: InsuredPerson, *, email: str = "") -> tuple[Enrolment, str]:
    """The code of somebody who comes back by their address, or by another and their number."""
    asked = enrolling.asked(person, email=email) if email else enrolling.recovery(person.account.email)
    enrolments.confirm(enrolment=asked)
    enrolments.recognise(enrolment=asked)
    return asked, enrolments.draw(enrolment=asked, step="post", by=SYSTEM)


@pytest.mark.parametrize("email", ["", NEW])
def test_a_code_and_an_address_alone_give_no_account_back(person: InsuredPerson, email: str):
    asked, code = coded(person, email=email)
    with pytest.raises(enrolments.WrongCode):
        enrolments.redeem(email=asked.email, code=code, **GIVEN)
    assert person.account.passkeys.exists()


@pytest.mark.parametrize("email", ["", NEW])
def test_a_code_and_a_message_just_read_give_it_back_with_new_proofs(person: InsuredPerson, email: str):
    asked, code = coded(person, email=email)
    reading = enrolling.recovery(asked.email)
    account = enrolments.come_back(read=reading, code=code, **GIVEN)
    assert (account.pk, account.email) == (person.account.pk, asked.email)
    assert account.check_password(enrolling.PASSWORD)
    assert account.get_session_auth_hash() != person.account.get_session_auth_hash()
    assert not account.passkeys.exists()
    assert not account.identities.exists()
    with pytest.raises(StepRefused):
        enrolments.come_back(read=reading, code=code, **GIVEN)


def test_a_message_that_is_too_old_gives_nothing_back(person: InsuredPerson, frozen):
    asked, code = coded(person)
    reading = enrolling.recovery(asked.email)
    frozen.shift(3601)
    with pytest.raises(StepRefused):
        enrolments.come_back(read=reading, code=code, **GIVEN)


def test_the_code_of_another_address_is_of_no_use(person: InsuredPerson):
    _asked, code = coded(person)
    with pytest.raises(enrolments.WrongCode):
        enrolments.come_back(read=enrolling.recovery(factories.insured().account.email), code=code, **GIVEN)


def test_an_address_that_became_another_accounts_is_not_taken_from_it(person: InsuredPerson):
    asked, code = coded(person, email=NEW)
    reading = enrolling.recovery(NEW)
    Account.objects.create_account(email=NEW, password=None, name="Autre")
    with pytest.raises(enrolments.WrongCode):
        enrolments.come_back(read=reading, code=code, **GIVEN)


def test_a_hat_of_the_fund_given_meanwhile_shuts_the_way(person: InsuredPerson):
    asked, code = coded(person)
    person.account.hats.create(role=Role.AGENT)
    with pytest.raises(enrolments.WrongCode):
        enrolments.come_back(read=enrolling.recovery(asked.email), code=code, **GIVEN)


def test_an_address_left_since_does_not_come_back_without_the_number(person: InsuredPerson):
    asked, code = coded(person)
    left = asked.email
    person.account.email = NEW
    person.account.save()
    with pytest.raises(enrolments.WrongCode):
        enrolments.come_back(read=enrolling.recovery(left), code=code, **GIVEN)


@pytest.mark.parametrize("whose", [["{email}"], ["--all"]])
def test_who_runs_the_service_closes_sessions_and_it_is_written(person: InsuredPerson, whose: list[str]):
    for account in (person.account, factories.insured().account):
        session = SessionStore()
        session.update({"_auth_user_id": str(account.pk)})
        session.create()
    said = StringIO()
    call_command("close_sessions", *[word.format(email=person.account.email) for word in whose], stdout=said)
    left = 0 if whose == ["--all"] else 1
    assert Session.objects.count() == left
    assert Entry.objects.filter(event="account.close_sessions", actor=None).count() == 2 - left
    with pytest.raises(CommandError):
        call_command("close_sessions", "personne@exemple.invalid")
