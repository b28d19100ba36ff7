"""Who asks for an account is recognised beyond doubt, or gets no letter."""

from datetime import date

import pytest

from escale.domain.accounts.actor import SYSTEM
from escale.domain.accounts.models import Role
from escale.domain.enrolment import actions as enrolments
from escale.domain.enrolment.lifecycle import Status
from escale.domain.enrolment.models import Purpose
from escale.domain.journal.models import Entry
from escale.rules.lifecycle import StepRefused
from tests import enrolling, factories

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    "said",
    [
        {},
        {"birth_name": "EXEMPLE", "first_names": "alix"},
        {"first_names": "Alix Marie"},
        {"born": "1985-03-00"},
        {"born": "1985-00-00"},
        {"birth_name": "Ex-Emple"},
        {"birth_name": "Modèle"},
    ],
)
def test_somebody_is_recognised_as_they_write_their_name(said):
    person = enrolling.newcomer(used_name="Modèle")
    enrolment = enrolling.confirmed(person, **said)
    assert enrolments.recognise(enrolment=enrolment) == person
    assert _status(enrolment) == Status.RECOGNISED


@pytest.mark.parametrize(
    ("known", "said"),
    [("Jean-Marie Noé", "Jeanmarie"), ("Jean-Marie", "jean marie"), ("Jean Noé", "Jean"), ("", "Jean"), ("", "")],
)
def test_first_names_are_the_same_however_they_are_cut(known, said):
    enrolment = enrolling.confirmed(enrolling.newcomer(first_names=known), first_names=said)
    enrolments.recognise(enrolment=enrolment)
    assert _status(enrolment) == Status.RECOGNISED


@pytest.mark.parametrize(
    "said",
    [
        {"birth_name": "Exempla"},
        {"first_names": "Noé Alix"},
        {"first_names": ""},
        {"born": "1985-03-13"},
        {"born": "1984-00-00"},
    ],
)
def test_one_thing_that_differs_is_left_to_a_counter_that_checks_an_identity(said):
    person = enrolling.newcomer()
    enrolment = enrolling.confirmed(person, **said)
    assert enrolments.recognise(enrolment=enrolment) == person
    assert _status(enrolment) == Status.DOUBTFUL
    by = enrolling.counter()
    assert enrolment.steps_open_to(by) == {"hand"}
    with pytest.raises(StepRefused):
        enrolments.draw(enrolment=enrolment, step="post", by=SYSTEM)
    code = enrolments.draw(enrolment=enrolment, step="hand", by=by, paper="passport")
    said = {"email": enrolment.email, "code": code, "password": enrolling.PASSWORD, "place": enrolling.HERE}
    assert enrolments.redeem(**said).insured == person


def test_a_number_that_nobody_has_is_refused_and_what_was_said_forgotten():
    enrolment = enrolling.confirmed(nir="255081416802538")
    assert enrolments.recognise(enrolment=enrolment) is None
    enrolment.refresh_from_db()
    assert enrolment.status == Status.REFUSED
    assert (enrolment.email, enrolment.nir, enrolment.birth_name, enrolment.born) == ("", "", "", "")


@pytest.mark.parametrize(("born", "known"), [(date(2010, 9, 15), True), (date(2010, 9, 16), False)])
def test_from_sixteen_one_has_an_account_of_ones_own(born, known):
    person = enrolling.newcomer(born_on=born)
    assert (enrolments.recognise(enrolment=enrolling.confirmed(person)) == person) is known


def test_who_has_an_account_gets_no_second_one_but_the_way_back():
    person = factories.insured()
    enrolment = enrolling.confirmed(person)
    assert enrolments.recognise(enrolment=enrolment) == person
    assert (enrolment.purpose, enrolment.account) == (Purpose.RECOVER, person.account)
    agent = factories.insured(Role.AGENT)
    assert enrolments.recognise(enrolment=enrolling.confirmed(agent)) is None
    owner = factories.insured()
    assert enrolments.recognise(enrolment=enrolling.confirmed(email=owner.account.email)) is None


def test_a_request_is_confirmed_once_and_recognised_once():
    enrolment = enrolling.confirmed()
    with pytest.raises(StepRefused):
        enrolments.confirm(enrolment=enrolment)
    assert enrolments.recognise(enrolment=enrolment) == enrolments.recognise(enrolment=enrolment)
    assert Entry.objects.filter(event="enrolment.recognise").count() == 1


def test_a_recovery_leads_to_who_owns_the_account_and_never_to_a_hat_of_the_fund():
    person, agent = factories.insured(), factories.agent()
    for account, known in ((person.account, person), (agent.account, None)):
        enrolment = enrolling.recovery(account.email.upper())
        enrolments.confirm(enrolment=enrolment)
        assert enrolments.recognise(enrolment=enrolment) == known


def test_requests_have_their_time(frozen):
    asked, coded = enrolling.asked(), enrolling.coded_only()
    recovery = enrolling.recovery("a@exemple.invalid")
    alive = {}
    for days, hours in ((0, 1), (0, 23), (29, 0)):
        frozen.shift(days * 86400 + hours * 3600 + 1)
        enrolments.expire()
        alive[days, hours] = [_status(one) for one in (recovery, asked, coded)]
    assert alive[0, 1] == [Status.EXPIRED, Status.ASKED, Status.CODED]
    assert alive[0, 23] == [Status.EXPIRED, Status.EXPIRED, Status.CODED]
    assert alive[29, 0] == [Status.EXPIRED, Status.EXPIRED, Status.EXPIRED]
    coded.refresh_from_db()
    assert coded.email == coded.nir == coded.code_digest == ""


def _status(enrolment):
    enrolment.refresh_from_db()
    return enrolment.status
