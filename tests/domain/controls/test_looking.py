"""A claim is looked at beside all the others: what is seen, once, and what is left alone."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date
from decimal import Decimal

import pytest
from django.db import connection

from escale.domain.accounts.models import Role
from escale.domain.claims.models import Claim
from escale.domain.controls import actions as controls
from escale.domain.controls import comparing, explaining, queries
from escale.domain.controls.lifecycle import SignalStatus
from escale.domain.controls.models import Glance, Likeness, LineTrace, Signal
from escale.domain.journal import queries as journal
from escale.domain.journal.actions import name_of
from escale.domain.registry.models import InsuredPerson
from escale.jobs import controlling
from escale.jobs.reactions import REACTIONS
from escale.rules.doubles import Kind, Weight
from escale.rules.lifecycle import StepRefused
from tests import factories
from tests.domain.controls import papers

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("frozen", "scanning")]


def received(person: InsuredPerson | None = None, *, content: bytes | None = None, **traits) -> Claim:
    """A claim that the Fund has: one bill of 125.50 dollars, and its photograph where one is given."""
    typed = {"amount": Decimal("125.50"), "given_on": date(2026, 9, 1)} | traits
    stay = {name: typed.pop(name) for name in ("territory", "stay_from", "stay") if name in typed}
    bill = {name: typed.pop(name) for name in ("provider", "currency") if name in typed}
    claim = factories.draft(person, **stay)
    factories.line(factories.bill(claim, **bill), **typed)
    one = claim.bills.get()
    for paper in factories.queries.papers(claim):
        if paper.mandatory:
            mine = {"content": content, "name": "photo.jpg", "declared_type": "image/jpeg"} if content else {}
            is_bill = paper.code == "bill"
            factories.attachment(claim, paper=paper.code, bill=one if is_bill else None, **mine if is_bill else {})
    return factories.received(claim=claim)


def seen(claim: Claim) -> dict[str, Signal]:
    return {signal.kind: signal for signal in Signal.objects.filter(claim=claim)}


def test_the_same_bill_typed_in_another_claim_is_told_with_its_number_and_raised_once() -> None:
    person = factories.insured()
    first = received(person)
    assert controls.look(claim=first) == 0
    second = received(person, provider="CLINIQUE DE L’ESCALE SARL")
    assert controls.look(claim=second) == 1
    assert controls.look(claim=second) == controls.look(claim=first) == 0
    signal = queries.of_claim(second, actor=factories.agent()).get()
    assert (signal.kind, signal.weight, signal.other) == (Kind.SAME_BILL, Weight.STRONG, first)
    assert explaining.why(signal, beside=second) == (
        f"La demande {first.number} a le même praticien et le même montant (125.5 USD), pour des soins du 01/09/2026."
    )
    back = queries.of_claim(first, actor=factories.agent()).get()
    assert second.number in explaining.why(back, beside=first)


def test_a_claim_that_changes_waits_to_be_compared_anew() -> None:
    claim = received()
    one_line = {"lines": 1}
    assert not queries.is_compared(claim, **one_line)
    controls.look(claim=claim)
    assert queries.is_compared(claim, **one_line)
    factories.assessed(claim)
    assert not queries.is_compared(claim, **one_line)
    controls.look_again(claim=claim)
    assert queries.is_compared(claim, **one_line)


def test_a_claim_is_compared_anew_after_each_change_that_asks_for_it() -> None:
    looks = {controlling.look_at_claim, controlling.look_again_at_claim}
    assert set(queries.COMPARED_AFTER) == {event for event, follow in REACTIONS.items() if looks.intersection(follow)}


def test_a_bill_is_compared_with_those_that_are_paid_and_not_with_those_that_were_refused() -> None:
    person = factories.insured()
    paid = received(person)
    factories.batch(factories.ordered(factories.approved(paid)))
    controls.look(claim=paid)
    refused = received(person)
    factories.refused(refused)
    controls.look(claim=refused)
    claim = received(person)
    controls.look(claim=claim)
    assert [signal.other for signal in Signal.objects.filter(claim=claim)] == [paid]


def test_one_file_in_two_families_is_known_by_its_bytes_and_its_picture_once_recompressed() -> None:
    page = papers.bill(1)
    first = received(content=papers.jpeg(page), amount=Decimal(40))
    assert controls.look(claim=first) == 0
    same = received(content=papers.jpeg(page), amount=Decimal(41))
    again = received(content=papers.turned(page, papers.random.Random(1)), amount=Decimal(42))
    other = received(content=papers.jpeg(papers.bill(2)), amount=Decimal(43))
    for claim in (same, again, other):
        controls.look(claim=claim)
    assert seen(same).keys() == {Kind.SAME_BYTES}
    assert seen(same)[Kind.SAME_BYTES].other == first
    assert seen(again).keys() == {Kind.SAME_PICTURE}
    assert seen(other) == {}
    document = first.attachments.get(paper="bill").document
    assert Glance.objects.filter(document=document).count() == Likeness.objects.filter(document=document).count() == 1
    document.pages.all().delete()
    assert not Likeness.objects.filter(document=document).exists()


@pytest.mark.django_db(transaction=True)
def test_whoever_died_before_the_claims_of_a_paper_were_looked_at_looks_at_them_again() -> None:
    page = papers.jpeg(papers.bill(1))
    first, second = received(content=page, amount=Decimal(40)), received(content=page, amount=Decimal(41))
    document = second.attachments.get(paper="bill").document
    controls.examine(document=document)
    controlling.look_at_document(entry=journal.of(name_of(document)).last().pk)
    assert seen(second)[Kind.SAME_BYTES].other == first


def test_refused_claims_that_look_like_a_bill_leave_room_for_the_one_that_stands(monkeypatch) -> None:
    page = papers.bill(4)
    monkeypatch.setattr(comparing, "_NEAREST", 1)
    standing = received(content=papers.recompressed(page, papers.random.Random(2)), amount=Decimal(45))
    gone = received(content=papers.jpeg(page, 79), amount=Decimal(46))
    for claim in (standing, gone):
        controls.look(claim=claim)
    factories.refused(gone)
    Signal.objects.all().delete()
    claim = received(content=papers.jpeg(page), amount=Decimal(47))
    controls.look(claim=claim)
    assert seen(claim)[Kind.SAME_PICTURE].other == standing


def test_a_provider_that_everybody_goes_to_hides_none_of_the_family(monkeypatch) -> None:
    monkeypatch.setattr(comparing, "_MOST", 2)
    person = factories.insured()
    own = received(person)
    controls.look(claim=own)
    for _ in range(2):
        controls.look(claim=received(amount=Decimal(10)))
    again = received(person)
    controls.look(claim=again)
    assert seen(again)[Kind.SAME_BILL].other == own


@pytest.mark.django_db(transaction=True)
def test_two_doubles_that_come_together_see_each_other_and_raise_one_sign() -> None:
    person = factories.insured()
    twins = [received(person), received(person)]
    with ThreadPoolExecutor(2) as pool:
        assert sum(pool.map(_looked, twins)) == 1
    assert Signal.objects.get().kind == Kind.SAME_BILL


def _looked(claim: Claim) -> int:
    try:
        return controls.look(claim=claim)
    finally:
        connection.close()


def test_what_only_physicians_open_is_not_looked_into() -> None:
    claim = factories.complete()
    sealed = factories.attachment(claim, content=papers.jpeg(papers.bill(3)), medical=True, name="radio.jpg",
                                  declared_type="image/jpeg")  # fmt: skip
    factories.received(claim=claim)
    sealed.document.refresh_from_db()
    assert controls.examine(document=sealed.document) is False
    controls.look(claim=claim)
    assert not Likeness.objects.filter(document=sealed.document).exists()


def test_two_countries_on_one_day_and_a_posting_elsewhere_are_told() -> None:
    person = factories.insured()
    person.postings.create(territory="DJ", valid_from=date(2025, 9, 1))
    controls.look(claim=received(person))
    away = received(person, territory="GA", provider="Hôpital de Libreville", currency="EUR")
    controls.look(claim=away)
    found = seen(away)
    assert found.keys() == {Kind.TRAVEL, Kind.POSTED}
    actor = factories.agent()
    told = {signal.kind: explaining.why(signal) for signal in queries.of_claim(away, actor=actor)}
    assert told[Kind.TRAVEL].startswith("Soins le 01/09/2026 dans deux pays : Gabon ici, Djibouti dans la demande ")
    assert "Djibouti" in told[Kind.POSTED]
    travel = queries.of_claim(away, actor=actor).get(kind=Kind.TRAVEL)
    beside = queries.of_claim(travel.other, actor=actor).get(kind=Kind.TRAVEL)
    assert "Djibouti ici, Gabon dans la demande " + away.number in explaining.why(beside, beside=travel.other)


def test_a_claim_taken_up_again_is_not_its_own_double() -> None:
    unusable = factories.unusable()
    copy = factories.claims.start_again(claim=unusable, request_key=factories.uuid4(), by=factories.owner(unusable))
    faulty = copy.attachments.filter(document__status="infected")
    assert not faulty
    factories.received(claim=copy)
    controls.look(claim=copy)
    assert not Signal.objects.exists()


def test_a_claim_that_was_not_received_is_not_looked_at() -> None:
    claim = factories.sent()
    assert controls.look(claim=claim) == 0
    assert not LineTrace.objects.exists()


def test_the_other_file_is_not_named_to_whoever_may_not_open_it() -> None:
    person = factories.insured()
    first = received(person)
    controls.look(claim=first)
    other_parent = factories.insured()
    second = received(other_parent)
    controls.look(claim=second)
    agent = factories.agent()
    person.recusals.create(account=agent.account, declared_by=factories.account())
    signal = queries.of_claim(second, actor=agent).get()
    assert explaining.why(signal, beside=second) == "Un autre dossier est en cause : même facture."


def test_an_agent_says_once_what_a_sign_was_worth_and_its_precision_is_counted() -> None:
    person = factories.insured()
    for _ in range(2):
        controls.look(claim=received(person))
    signal, agent = Signal.objects.get(), factories.agent()
    controls.settle(signal=signal, outcome=SignalStatus.CONFIRMED, note="Facture envoyée deux fois.", by=agent)
    with pytest.raises(StepRefused):
        controls.settle(signal=signal, outcome=SignalStatus.HARMLESS, by=factories.agent())
    worth = {row.kind: row for row in queries.precision()}[Kind.SAME_BILL]
    assert (worth.confirmed, worth.harmless, worth.raised, worth.share) == (1, 0, 0, 100)
    controls.review(signal=signal, by=factories.actor(Role.SUPERVISOR))
    assert {row.kind: row for row in queries.precision()}[Kind.SAME_BILL].raised == 1


def test_nobody_settles_a_sign_on_their_own_claim() -> None:
    person = factories.insured(Role.AGENT)
    for _ in range(2):
        controls.look(claim=received(person))
    with pytest.raises(StepRefused):
        controls.settle(
            signal=Signal.objects.get(), outcome=SignalStatus.HARMLESS, by=factories.Actor(Role.AGENT, person.account)
        )
