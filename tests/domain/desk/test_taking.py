"""One claim in one pair of hands."""

from datetime import timedelta
from uuid import uuid4

import pytest
import time_machine

from escale.domain.accounts.actor import Actor
from escale.domain.accounts.models import Account, Role
from escale.domain.claims import actions as claims
from escale.domain.claims.lifecycle import Status
from escale.domain.claims.models import Claim
from escale.domain.desk import actions as desk
from escale.domain.desk import queries
from escale.domain.desk.actions import people
from escale.domain.desk.models import Assignment, GroupedAct, GroupedKind, Holding, SkillKind
from tests import factories, supervised
from tests.domain.claims.test_at_once import at_once
from tests.domain.desk.conftest import rows

pytestmark = pytest.mark.django_db


def test_what_is_due_first_is_given_first_and_each_to_one_agent() -> None:
    later, sooner = rows(1)[0], rows(1, days=2)[0]
    first, second, third = factories.agent(), factories.agent(), factories.agent()
    assert desk.take_next(by=first) == sooner
    assert desk.take_next(by=first) == sooner
    assert desk.take_next(by=second) == later
    assert desk.take_next(by=third) is None


def test_a_claim_comes_back_ten_minutes_after_the_last_sign(frozen: time_machine.Traveller) -> None:
    [claim] = rows(1)
    first, second = factories.agent(), factories.agent()
    desk.take_next(by=first)
    frozen.shift(timedelta(minutes=9))
    desk.arrive(claim=claim, by=first)
    frozen.shift(timedelta(minutes=9))
    assert desk.take_next(by=second) is None
    frozen.shift(timedelta(minutes=2))
    assert desk.take_next(by=second) == claim
    assert desk.arrive(claim=claim, by=first).account == second.account


def test_what_one_gives_back_goes_to_others_and_to_oneself_last() -> None:
    sooner, later = rows(1, days=1)[0], rows(1)[0]
    by = factories.agent()
    assert desk.take_next(by=by) == sooner
    desk.give_back(claim=sooner, by=by)
    assert desk.take_next(by=by) == later
    desk.give_back(claim=later, by=by)
    assert desk.take_next(by=factories.agent()) == sooner
    assert desk.take_next(by=by) == later


def test_a_claim_that_somebody_has_is_taken_by_nobody_else() -> None:
    [claim] = rows(1)
    first, second = factories.agent(), factories.agent()
    desk.take(claim=claim, by=first)
    with pytest.raises(desk.InOtherHands, match=rf"Ouverte par {first.account.name} depuis 10:00 : lecture seule"):
        desk.take(claim=claim, by=second)


def test_only_those_whose_turn_it_is_have_a_claim_in_hand() -> None:
    [claim] = rows(1)
    assert desk.arrive(claim=claim, by=factories.physician()) is None
    assert desk.arrive(claim=claim, by=factories.agent()) is not None


@pytest.mark.usefixtures("scanning")
def test_what_waits_for_somebody_else_is_not_given() -> None:
    by, other = factories.agent(), factories.agent()
    awaited, asked = factories.received(), factories.received()
    claims.ask_papers(claim=awaited, wanted={"mission_order": "Avec ses dates."}, by=other)
    assert desk.take_next(by=by) == asked
    factories.asked(asked, by=by)
    assert desk.take_next(by=by) is None
    physician = factories.physician()
    assert desk.arrive(claim=Claim.objects.get(pk=asked.pk), by=physician).account == physician.account


def test_nobody_is_given_their_own_claim_nor_a_protected_one_nor_one_they_stand_aside_from() -> None:
    person = factories.insured(Role.AGENT)
    by = factories.agent()
    own = rows(1, person)[0]
    rows(1, supervised.opened(factories.insured(), by=factories.agent()).insured)
    aside = factories.insured()
    supervised.recused(by.account, aside)
    rows(1, aside)
    assert own not in queries.treatable(by=Actor(Role.AGENT, person.account))
    assert desk.take_next(by=by) == own
    assert list(queries.treatable(by=by)) == [own]


def test_skills_say_what_one_is_given_and_what_nobody_knows_goes_to_all() -> None:
    supervisor = factories.actor(Role.SUPERVISOR)
    thai, english, dentist, anybody = (factories.agent() for _ in range(4))
    desk.give_skill(account=thai.account, kind=SkillKind.TERRITORY, value="TH", by=supervisor)
    desk.give_skill(account=english.account, kind=SkillKind.LANGUAGE, value="en", by=supervisor)
    desk.give_skill(account=dentist.account, kind=SkillKind.CARE, value="dental", by=supervisor)
    [bangkok] = rows(1, territory="TH", days=3)
    [boston] = rows(1, territory="US", days=2)
    [teeth] = rows(1, territory="DJ", cares=["dental", "imaging"], days=1)
    [djibouti] = rows(1)

    def given(by: object) -> list[Claim]:
        return list(queries.skilled(queries.treatable(by=by), by=by))

    assert given(anybody) == [bangkok, boston, teeth, djibouti]
    assert given(thai) == [bangkok, teeth, djibouti]
    assert given(english) == [boston, teeth, djibouti]
    assert given(dentist) == [bangkok, boston, teeth, djibouti]
    people.assign(claim=boston, to=thai.account, by=supervisor)
    assert given(thai) == [bangkok, boston, teeth, djibouti]
    assert boston not in given(english)


def test_what_waits_for_a_second_look_is_given_to_anyone_but_who_proposed_it() -> None:
    author, second, third = (factories.agent() for _ in range(3))
    supervisor = factories.actor(Role.SUPERVISOR)
    desk.give_skill(account=second.account, kind=SkillKind.TERRITORY, value="DJ", by=supervisor)
    desk.give_skill(account=third.account, kind=SkillKind.TERRITORY, value="TH", by=supervisor)
    [claim] = rows(1)
    claim.decisions.create(total=1, by=author.account, second_look="amount")
    claim.pauses.create(reason="papers", paused_from="2026-09-14")
    people.assign(claim=claim, to=author.account, by=supervisor)
    assert desk.take_next(by=author) is None
    assert desk.take_next(by=third) == claim
    desk.give_back(claim=claim, by=third)
    assert desk.take_next(by=second) == claim


@pytest.mark.parametrize("gone", ["left", "lost the hat", "stands aside"])
def test_what_was_given_to_somebody_who_may_no_longer_treat_it_goes_to_others(gone: str) -> None:
    supervisor, absent, by = factories.actor(Role.SUPERVISOR), factories.agent(), factories.agent()
    [claim] = rows(1)
    people.assign(claim=claim, to=absent.account, by=supervisor)
    assert desk.take_next(by=by) is None
    match gone:
        case "left":
            Account.objects.filter(pk=absent.account.pk).update(is_active=False)
        case "lost the hat":
            absent.account.hats.all().delete()
        case _:
            supervised.recused(absent.account, claim.insured)
    assert desk.take_next(by=by) == claim


def test_nothing_is_given_by_name_to_whom_it_is_not_to_treat() -> None:
    supervisor, aside = factories.actor(Role.SUPERVISOR), factories.agent()
    [theirs], [other] = rows(1), rows(1)
    supervised.recused(aside.account, theirs.insured)
    act = desk.prepare(
        kind=GroupedKind.ASSIGN, numbers=[theirs.number, other.number], request_key=uuid4(), by=supervisor,
        to=aside.account,
    )  # fmt: skip
    refused = act.lines.get(result="refused")
    assert (refused.claim, refused.why) == (theirs, people.NOT_THEIRS)
    supervised.recused(aside.account, other.insured)  # once it was shown
    desk.launch(act=act, by=supervisor)
    desk.go_on(act=act)
    assert act.lines.get(claim=other).why == people.NOT_THEIRS
    assert not Assignment.objects.exists()


def test_an_act_on_many_is_launched_under_the_hat_that_prepared_it() -> None:
    both = factories.account(Role.AGENT, Role.SUPERVISOR)
    act = desk.prepare(
        kind=GroupedKind.ASSIGN, numbers=[rows(1)[0].number], request_key=uuid4(), by=Actor(Role.SUPERVISOR, both),
        to=factories.agent().account,
    )  # fmt: skip
    assert list(GroupedAct.objects.visible_to(Actor(Role.SUPERVISOR, both))) == [act]
    assert not GroupedAct.objects.visible_to(Actor(Role.AGENT, both)).exists()


@pytest.mark.django_db(transaction=True)
def test_eight_agents_at_once_on_a_queue_of_two_hundred_take_each_claim_once_and_forget_none() -> None:
    expected = {claim.pk for claim in rows(200)}
    agents = [factories.agent() for _ in range(8)]

    def work(by: object) -> list[int]:
        done = []
        while claim := desk.take_next(by=by):
            done.append(claim.pk)
            Claim.objects.filter(pk=claim.pk).update(status=Status.REFUSED)
        return done

    taken = at_once(*[lambda by=by: work(by) for by in agents])
    assert [one for one in taken if isinstance(one, Exception)] == []
    assert sorted(pk for one in taken for pk in one) == sorted(expected)


@pytest.mark.django_db(transaction=True)
def test_the_same_agent_who_asks_eight_times_at_once_is_given_one_claim() -> None:
    rows(20)
    by = factories.agent()
    given = at_once(*[lambda: desk.take_next(by=by)] * 8)
    assert len(set(given)) == 1
    assert Holding.objects.count() == 1
