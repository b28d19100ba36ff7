"""Who sees a claim, its papers and its notes; what one may not see does not exist."""

from collections.abc import Callable

import pytest

from escale.domain.accounts.actor import SYSTEM, Actor
from escale.domain.accounts.models import Role
from escale.domain.claims import actions as claims
from escale.domain.claims import queries
from escale.domain.claims.models import Attachment, Claim, MedicalNote
from escale.domain.desk import queries as desk
from escale.domain.desk.filters import Filters
from escale.domain.payments import actions as payments
from escale.domain.payments.models import Batch, PaymentOrder
from escale.domain.registry.models import InsuredPerson
from escale.rules.lifecycle import StepRefused
from tests import factories

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("scanning")]

A, P, C, S, X = Role.AGENT, Role.PHYSICIAN, Role.ACCOUNTANT, Role.SUPERVISOR, Role.SYSTEM


@pytest.mark.parametrize(
    ("made", "seen_by"),
    [
        (factories.draft, {X}),
        (factories.sent, {X}),
        (factories.unusable, {A, S, X}),
        (factories.received, {A, S, X}),
        (lambda: factories.asked().claim, {A, S, P, X}),
        (lambda: factories.answered().claim, {A, S, P, X}),
        (factories.approved, {A, S, X}),
        (factories.refused, {A, S, X}),
    ],
    ids=["draft", "sent", "unusable", "received", "asked", "answered", "approved", "refused"],
)
def test_the_fund_sees_what_it_received_and_the_physician_what_is_asked_of_them(
    made: Callable[[], Claim], seen_by: set[Role]
):
    claim = made()
    actors = [factories.actor(role) for role in Role if role != Role.SYSTEM] + [SYSTEM]
    assert {actor.role for actor in actors if Claim.objects.visible_to(actor).exists()} == seen_by
    assert list(Claim.objects.visible_to(factories.owner(claim))) == [claim]


def test_nobody_sees_or_treats_their_own_claim_from_behind_the_counter():
    person = factories.insured(A, P, C, S)
    claim = factories.approved(factories.answered(factories.asked(factories.received(person))).claim)
    for role in (A, P, C, S):
        oneself = Actor(role, person.account)
        assert not Claim.objects.visible_to(oneself).exists()
        assert not Attachment.objects.visible_to(oneself).exists()
        assert not PaymentOrder.objects.visible_to(oneself).exists()
        assert claim.steps_open_to(oneself) == frozenset()
    assert list(Claim.objects.visible_to(Actor(Role.INSURED, person.account))) == [claim]
    with pytest.raises(StepRefused):
        payments.visa(orders=[factories.ordered(claim)], by=Actor(C, person.account))


def sealed() -> tuple[Claim, Attachment]:
    """A claim with a paper under medical seal."""
    claim = factories.complete()
    medical = factories.attachment(claim, paper="discharge_report", medical=True, name="compte rendu.pdf")
    return factories.received(claim=claim), medical


def test_an_agent_never_sees_a_paper_under_medical_seal():
    claim, medical = sealed()
    agent, supervisor = factories.agent(), factories.actor(Role.SUPERVISOR)
    assert medical not in queries.attachments(claim, actor=agent)
    assert len(queries.attachments(claim, actor=agent)) == claim.attachments.count() - 1
    assert list(queries.attachments(claim, actor=supervisor)) == []
    assert list(queries.all_papers(claim, actor=agent).filter(seen=False)) == [medical]


def test_the_physician_sees_the_sealed_papers_and_those_that_the_agent_chose():
    claim, medical = sealed()
    agent, physician = factories.agent(), factories.physician()
    chosen = queries.attachments(claim, actor=agent)[0]
    claims.ask_opinion(claim=claim, question="Ces soins sont-ils justifiés ?", attachments=[chosen], by=agent)
    assert set(queries.attachments(claim, actor=physician)) == {chosen, medical}


def test_only_physicians_read_the_note():
    opinion = factories.answered()
    for role in Role:
        sees = MedicalNote.objects.visible_to(SYSTEM if role == X else factories.actor(role))
        assert [note.opinion for note in sees] == ([opinion] if role == P else [])


def test_a_file_that_is_not_clean_is_shown_to_its_sender_only():
    claim = factories.unusable()
    agent = factories.agent()
    assert "recu.pdf" not in [str(attachment) for attachment in queries.attachments(claim, actor=agent)]
    assert len(queries.attachments(claim, actor=factories.owner(claim))) == claim.attachments.count()


def test_each_sees_the_people_and_the_money_of_their_work_only():
    batch = factories.batch()
    person = InsuredPerson.objects.get()
    seen = {Role.AGENT, Role.PHYSICIAN, Role.ACCOUNTANT, Role.COUNTER}
    money = {Role.ACCOUNTANT, Role.SECOND_ACCOUNTANT}
    for role in [role for role in Role if role != X]:
        actor = factories.actor(role)
        assert InsuredPerson.objects.visible_to(actor).exists() == (role in seen)
        assert Batch.objects.visible_to(actor).exists() == (role in money)
        assert PaymentOrder.objects.visible_to(actor).exists() == (role in money)
    assert list(InsuredPerson.objects.visible_to(Actor(Role.INSURED, person.account))) == [person]
    assert batch.orders.count() == 1


def test_search_finds_ones_own_claims_by_number_country_and_beneficiary():
    claim = factories.draft(territory="US")
    person, owner = claim.insured, factories.owner(claim)
    other, stranger = factories.draft(person, territory="DJ"), factories.draft(territory="US")
    for text in ("Etats unis", "usa", claim.number, claim.number.replace("-", "").lower(), claim.number[:4]):
        assert list(queries.search(text, actor=owner)) == [claim], text
    assert list(queries.search("  ", actor=owner)) == [other, claim]
    assert set(queries.search("Alix", actor=owner)) == {claim, other}
    assert list(queries.search(stranger.number, actor=owner)) == []


def test_the_queue_comes_by_date_due_and_goes_on_where_it_stopped(frozen):
    agent = factories.agent()
    expected = [factories.received() for _ in range(2)]
    frozen.shift(86_400)
    expected += [factories.received()]
    assert list(desk.queue(actor=agent, filters=Filters())) == expected
    first = expected[0]
    assert list(desk.queue(actor=agent, filters=Filters(), after=(first.due_on, first.pk))) == expected[1:]
    assert queries.stock(actor=agent) == {"in_progress": 3, "medical_opinion": 0, "late": 0}
    frozen.shift(86_400 * 30)
    assert queries.stock(actor=agent)["late"] == 3


def test_the_five_latest_claims_are_shown():
    person = factories.insured()
    made = [factories.draft(person) for _ in range(7)]
    assert list(queries.latest(actor=Actor(Role.INSURED, person.account))) == made[:1:-1]
