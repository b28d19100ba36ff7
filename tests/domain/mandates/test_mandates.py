"""A mandate is offered, accepted, serves between two days for some acts, and is taken back at will."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.utils import timezone

from escale.domain.accounts.actions import TooManyAttempts
from escale.domain.accounts.models import Role
from escale.domain.case import BeyondAuthority, Unacceptable
from escale.domain.claims import actions as claims
from escale.domain.claims.models import Claim
from escale.domain.journal.models import Entry
from escale.domain.mandates import actions, queries
from escale.domain.mandates.acts import Act
from escale.domain.mandates.models import Mandate
from escale.domain.registry.models import InsuredPerson
from escale.rules.lifecycle import StepRefused
from tests import factories
from tests.domain.mandates import mandates
from tests.domain.mandates.mandates import AFTER, FIRST, oneself

pytestmark = pytest.mark.django_db
PARIS = ZoneInfo("Europe/Paris")


def is_acting(mandate: Mandate) -> bool:
    return queries.acting(mandate.pk, account=mandate.delegate, on=timezone.localdate()) is not None


@pytest.mark.parametrize(
    ("traits", "field"),
    [
        ({"valid_from": FIRST - timedelta(days=1)}, "valid_from"),
        ({"valid_until": FIRST}, "valid_until"),
        ({"valid_until": date(2028, 9, 16)}, "valid_until"),
    ],
)
def test_days_that_make_no_sense_are_refused(traits: dict, field: str):
    with pytest.raises(Unacceptable) as refusal:
        mandates.offered(**traits)
    assert set(refusal.value.errors) == {field}


def test_two_years_are_not_too_long():
    assert mandates.offered(valid_until=date(2028, 9, 15)).valid_until == date(2028, 9, 15)


def test_one_offers_nothing_to_oneself_nor_twice_to_the_same_person_nor_to_many():
    person = factories.insured()
    with pytest.raises(Unacceptable):
        mandates.offered(person, to=person.account.email)
    for rank in range(actions.MOST):
        mandates.offered(person, to=f"lou-{rank}@exemple.invalid")
        with pytest.raises(Unacceptable):
            mandates.offered(person, to=f"Lou-{rank}@exemple.invalid")
    with pytest.raises(Unacceptable, match="retirez-en un"):
        mandates.offered(person, to="encore@exemple.invalid")


def test_a_day_has_room_for_ten_offers_even_taken_back():
    person = factories.insured()
    for rank in range(actions.OFFERED_A_DAY):
        actions.revoke(mandate=mandates.offered(person, to=f"lou-{rank}@exemple.invalid"), by=oneself(person.account))
    with pytest.raises(TooManyAttempts):
        mandates.offered(person)
    assert person.mandates.count() == actions.OFFERED_A_DAY


def test_a_mandate_is_renewed_before_it_ends_and_serves_without_a_gap(frozen: time_machine.Traveller):
    mandate = mandates.accepted()
    person, helper = mandate.principal, mandate.delegate
    with pytest.raises(Unacceptable) as refusal:
        mandates.offered(person, to=mandate.address, valid_from=AFTER - timedelta(days=1), valid_until=date(2027, 9, 1))
    assert set(refusal.value.errors) == {"valid_from"}
    after = {"valid_from": AFTER, "valid_until": date(2027, 9, 1)}
    again = mandates.accepted(person, by=helper, **after)
    assert (is_acting(mandate), is_acting(again)) == (True, False)
    frozen.move_to(datetime(2027, 3, 1, 0, 1, tzinfo=PARIS))
    assert (is_acting(mandate), is_acting(again)) == (False, True)


def test_a_mandate_is_followed_by_one_other_at_most():
    mandate = mandates.accepted()
    later = {"valid_from": AFTER, "valid_until": date(2027, 9, 1)}
    mandates.offered(mandate.principal, to=mandate.address, **later)
    with pytest.raises(Unacceptable, match="déjà renouvelé"):
        mandates.offered(
            mandate.principal, to=mandate.address, valid_from=date(2027, 9, 1), valid_until=date(2027, 10, 1)
        )


def test_only_the_invited_address_may_answer():
    mandate, stranger = mandates.offered(), oneself(factories.account())
    for answer in (actions.accept, actions.decline):
        with pytest.raises(StepRefused):
            answer(mandate=mandate, by=stranger)
    assert not Mandate.objects.visible_to(stranger).exists()


def test_only_its_own_people_take_a_mandate_back():
    mandate, stranger = mandates.accepted(), oneself(factories.account())
    for step, by in [
        (actions.revoke, stranger),
        (actions.revoke, oneself(mandate.delegate)),
        (actions.give_up, stranger),
        (actions.give_up, oneself(mandate.principal.account)),
    ]:
        with pytest.raises(StepRefused):
            step(mandate=mandate, by=by)
    assert is_acting(mandate)


@pytest.mark.parametrize("over", [mandates.declined, mandates.revoked, mandates.given_up, mandates.ended])
def test_what_is_over_lets_nobody_act(over):
    mandate = over()
    assert not (mandate.delegate and is_acting(mandate))
    with pytest.raises(StepRefused):
        actions.take_up(mandate=mandate, by=oneself(mandate.delegate))


def test_a_mandate_serves_from_its_first_minute_to_its_last(frozen: time_machine.Traveller):
    mandate = mandates.accepted(valid_from=date(2026, 9, 20), valid_until=date(2026, 10, 25))
    for moment, serves in [
        (datetime(2026, 9, 19, 23, 59, tzinfo=PARIS), False),
        (datetime(2026, 9, 20, 0, 1, tzinfo=PARIS), True),
        (datetime(2026, 10, 24, 23, 59, tzinfo=PARIS), True),
        (datetime(2026, 10, 25, 0, 1, tzinfo=PARIS), False),
    ]:
        frozen.move_to(moment)
        assert is_acting(mandate) is serves, moment
    assert actions.end_some() == 1
    mandate.refresh_from_db()
    assert mandate.status == "ended"


def test_a_mandate_that_is_over_makes_room_for_its_renewal(frozen: time_machine.Traveller):
    mandate = mandates.accepted()
    frozen.move_to(datetime(2027, 3, 2, tzinfo=PARIS))
    again = {"valid_from": AFTER + timedelta(days=1), "valid_until": AFTER + timedelta(days=90)}
    assert mandates.offered(mandate.principal, to=mandate.address, **again).status == "offered"


def test_the_acts_given_are_those_that_may_be_done_and_the_journal_says_for_whom():
    mandate = mandates.accepted(acts=[Act.PREPARE])
    helper = mandates.acting(mandate)
    claim = factories.complete(mandate.principal)
    assert "change" in claim.steps_open_to(helper)
    assert "submit" not in claim.steps_open_to(helper)
    with pytest.raises(BeyondAuthority):
        claims.submit(claim=claim, certified=True, by=helper)
    claims.choose_beneficiary(claim=claim, beneficiary=claim.beneficiary, by=helper)
    entry = Entry.objects.latest("pk")
    assert (entry.actor, entry.facts["mandate"]) == (mandate.delegate, mandate.pk)


def test_a_mandate_to_answer_opens_no_new_claim():
    mandate = mandates.accepted(acts=[Act.ANSWER])
    with pytest.raises(BeyondAuthority):
        Claim.open(by=mandates.acting(mandate), **_stay(mandate.principal))
    assert not Claim.objects.exists()


def _stay(person: InsuredPerson) -> dict:
    held = factories.draft()
    words = {name: getattr(held, name) for name in ("territory", "stay", "stay_from", "request_key")}
    Claim.objects.all().delete()
    return words | {"number": "AAAAA-AAAAA", "insured": person, "beneficiary": person.beneficiaries.get(link="self")}


def test_whoever_acts_for_another_gives_no_mandate_in_their_name_and_sees_none():
    mandate = mandates.accepted()
    helper = mandates.acting(mandate)
    assert not Mandate.objects.visible_to(helper).exists()
    with pytest.raises(StepRefused):
        actions.revoke(mandate=mandate, by=helper)
    with pytest.raises(StepRefused):
        actions.offer(
            principal=mandate.principal, name="Sam", address="sam@exemple.invalid", tie="spouse", acts=[],
            valid_from=FIRST, valid_until=AFTER, request_key=mandate.request_key, by=helper,
        )  # fmt: skip


def test_the_fund_does_not_treat_the_claims_of_those_whom_one_helps():
    agent = factories.account(Role.AGENT)
    mandate = mandates.accepted(by=agent)
    assert mandate.principal.is_close_to(agent)


def test_the_usual_period_is_that_of_the_posting():
    person = factories.insured()
    assert queries.usual_period(person, on=FIRST)[1] == FIRST + timedelta(days=180)
    person.postings.create(territory="DJ", valid_from=date(2026, 1, 1), valid_until=date(2027, 1, 1))
    assert queries.usual_period(person, on=FIRST) == (FIRST, date(2027, 1, 1))
