"""Nobody of the Fund treats their own case, their family's, or one from which they stand aside."""

from collections.abc import Callable
from datetime import date

import pytest
from django.urls import reverse

from escale.domain.accounts.actor import Actor
from escale.domain.accounts.models import Account, Hat, Role
from escale.domain.claims.models import Attachment, Claim
from escale.domain.desk import queries as desk
from escale.domain.desk.filters import Filters
from escale.domain.payments import actions as payments
from escale.domain.payments.models import Batch, PaymentOrder
from escale.domain.registry import actions as registry
from escale.domain.registry.models import Beneficiary, InsuredPerson, Link, OpeningReason, closeness
from escale.rules.lifecycle import StepRefused
from tests import factories, supervised
from tests.domain.mandates import mandates
from tests.web.agents.conftest import at_counter

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("frozen", "scanning")]

HATS = (Role.AGENT, Role.PHYSICIAN, Role.ACCOUNTANT, Role.SECOND_ACCOUNTANT, Role.SUPERVISOR, Role.COUNTER)


def tie(sponsor: InsuredPerson, member: InsuredPerson, link: Link) -> None:
    """Have the sponsor answer for somebody who has an account of their own."""
    known = sponsor.beneficiaries.filter(link=link, person=None).first() or Beneficiary(
        insured=sponsor, link=link, last_name="Exemple", first_names="Lou", born_on=date(2008, 1, 1),
        valid_from=date(2008, 1, 1),
    )  # fmt: skip
    known.person = member
    known.save()


def oneself() -> tuple[InsuredPerson, Account]:
    person = factories.insured()
    return person, person.account


def spouse() -> tuple[InsuredPerson, Account]:
    """The agent is the sponsor, the claim is that of their spouse."""
    agent, person = factories.insured(), factories.insured()
    tie(agent, person, Link.SPOUSE)
    return person, agent.account


def child() -> tuple[InsuredPerson, Account]:
    agent, person = factories.insured(), factories.insured()
    tie(agent, person, Link.ADULT_CHILD)
    return person, agent.account


def sponsor() -> tuple[InsuredPerson, Account]:
    """The agent is a dependant, the claim is that of the sponsor."""
    agent, person = factories.insured(), factories.insured()
    tie(person, agent, Link.ADULT_CHILD)
    return person, agent.account


def sibling() -> tuple[InsuredPerson, Account]:
    """Both are dependants of one sponsor."""
    parent, agent, person = factories.insured(), factories.insured(), factories.insured()
    tie(parent, agent, Link.ADULT_CHILD)
    tie(parent, person, Link.OTHER)
    return person, agent.account


def recused() -> tuple[InsuredPerson, Account]:
    agent, person = factories.insured(), factories.insured()
    supervised.recused(agent.account, person)
    return person, agent.account


def serving(agent: InsuredPerson) -> Account:
    """The account with which somebody who is insured serves the Fund: it is another than theirs."""
    return supervised.proposed_hat(Role.AUDITOR, to=factories.account(), insured=agent).account


def oneself_at_work() -> tuple[InsuredPerson, Account]:
    person = factories.insured()
    return person, serving(person)


def sibling_at_work() -> tuple[InsuredPerson, Account]:
    parent, agent, person = factories.insured(), factories.insured(), factories.insured()
    tie(parent, agent, Link.ADULT_CHILD)
    tie(parent, person, Link.OTHER)
    return person, serving(agent)


def trusting_at_work() -> tuple[InsuredPerson, Account]:
    """The agent acts for them, under their own account."""
    agent, person = factories.insured(), factories.insured()
    mandates.accepted(person, by=agent.account)
    return person, serving(agent)


def trusted() -> tuple[InsuredPerson, Account]:
    """They act for the agent."""
    agent, person = factories.insured(), factories.insured()
    mandates.accepted(agent, by=person.account)
    return person, agent.account


def trusted_at_work() -> tuple[InsuredPerson, Account]:
    person, account = trusted()
    return person, serving(account.insured)


AT_WORK = [oneself_at_work, sibling_at_work, trusting_at_work, trusted, trusted_at_work]
close = pytest.mark.parametrize("tied", [oneself, spouse, child, sponsor, sibling, recused, *AT_WORK])
Tied = Callable[[], tuple[InsuredPerson, Account]]


@close
def test_what_is_close_does_not_exist_under_any_hat_of_the_fund(tied: Tied):
    person, account = tied()
    order = factories.ordered(factories.approved(factories.answered(factories.asked(factories.received(person))).claim))
    batch = factories.batch(order)
    supervised.opened(person)
    for role in HATS:
        actor = Actor(role, account)
        assert not InsuredPerson.objects.visible_to(actor).filter(pk=person.pk).exists()
        for model in (Claim, PaymentOrder):
            assert not model.objects.within_reach_of(actor).filter(insured=person).exists()
            assert not model.objects.visible_to(actor).filter(insured=person).exists()
        assert not Attachment.objects.visible_to(actor).filter(claim__insured=person).exists()
        assert batch not in Batch.objects.visible_to(actor)
    supervisor = Actor(Role.SUPERVISOR, account)
    for files in (person.openings.model, person.recusals.model, type(person.protection)):
        assert not files.objects.visible_to(supervisor).filter(insured=person).exists()


@close
def test_what_is_close_is_not_decided_nor_paid_nor_opened_by_breaking_the_glass(tied: Tied):
    person, account = tied()
    claim = factories.assessed(factories.received(person))
    for step in ("approve", "refuse"):
        with pytest.raises(StepRefused):
            claim.advance(step, by=Actor(Role.AGENT, account))
    order = factories.ordered(factories.approved(factories.received(person)))
    with pytest.raises(StepRefused):
        payments.visa(orders=[order], by=Actor(Role.ACCOUNTANT, account))
    supervised.protected(person)
    with pytest.raises(registry.ByAnother):
        registry.open_protected(
            insured=person, subject=claim, reason=OpeningReason.TREATMENT, words="C’est vraiment urgent, croyez-moi.",
            by=Actor(Role.AGENT, account),
        )  # fmt: skip


@close
def test_an_accountant_leaves_to_another_the_transfer_of_somebody_close(tied: Tied):
    person, account = tied()
    theirs, other = (
        factories.visaed(factories.ordered(factories.approved(factories.received(person)))),
        factories.visaed(),
    )
    batch = payments.prepare_batch(by=Actor(Role.ACCOUNTANT, account))
    assert list(batch.orders.all()) == [other]
    assert theirs in payments.prepare_batch(by=factories.accountant()).orders.all()


@close
def test_every_page_of_a_close_file_answers_as_if_it_did_not_exist(tied: Tied):
    person, account = tied()
    Hat.objects.bulk_create(Hat(account=account, role=role) for role in HATS)
    claim = factories.received(person)
    paper = claim.attachments.earliest("pk")
    factories.asked(claim)
    order = factories.ordered(factories.approved(factories.received(person)))
    batch = factories.paid(factories.ordered(factories.approved(factories.received(person))))
    at_page = [claim.number, paper.pk, 1]
    for role, route, of in (
        (Role.AGENT, "agents:case", [claim.number]),
        (Role.AGENT, "agents:open_case", [claim.number]),
        (Role.AGENT, "agents:page", at_page),
        (Role.AGENT, "agents:decide", [claim.number]),
        (Role.AGENT, "agents:refuse", [claim.number]),
        (Role.PHYSICIAN, "agents:opinion", [claim.number]),
        (Role.PHYSICIAN, "agents:open_opinion", [claim.number]),
        (Role.PHYSICIAN, "agents:medical_page", at_page),
        (Role.ACCOUNTANT, "agents:order", [order.reference]),
        (Role.ACCOUNTANT, "agents:open_order", [order.reference]),
        (Role.ACCOUNTANT, "agents:reject", [order.reference]),
        (Role.ACCOUNTANT, "agents:batch_file", [batch.reference]),
        (Role.SECOND_ACCOUNTANT, "agents:order", [order.reference]),
        (Role.SECOND_ACCOUNTANT, "agents:batch_file", [batch.reference]),
    ):
        assert at_counter(Actor(role, account)).get(reverse(route, args=of)).status_code == 404, (role, route)
    assert claim not in desk.queue(actor=Actor(Role.AGENT, account), filters=Filters())
    assert order.reference not in at_counter(Actor(Role.ACCOUNTANT, account)).get("/gestion/comptabilite/").text


def test_what_a_request_shows_rests_on_one_answer_and_what_it_decides_on_another(django_assert_num_queries):
    person, account = factories.insured(), factories.account(Role.AGENT)
    visible = InsuredPerson.objects.visible_to
    with closeness.asked_once():
        assert person in visible(Actor(Role.AGENT, account))
        supervised.recused(account, person)
        with django_assert_num_queries(1):
            assert person in visible(Actor(Role.AGENT, account))
        assert person.is_close_to(account)
    assert person not in visible(Actor(Role.AGENT, account))
