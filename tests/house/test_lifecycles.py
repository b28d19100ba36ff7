"""Every lifecycle of the house, walked from end to end: every step × every status × every hat."""

from collections.abc import Iterator

import pytest
from django.db import transaction
from django.utils import timezone

from escale.domain.accounts.actor import SYSTEM, Actor
from escale.domain.accounts.models import Role
from escale.domain.case import Case
from escale.domain.claims.lifecycle import Status as ClaimStatus
from escale.domain.claims.models import Claim
from escale.domain.desk.lifecycle import GroupedStatus
from escale.domain.desk.models import GroupedAct
from escale.domain.documents.lifecycle import Status as DocumentStatus
from escale.domain.documents.lifecycle import UploadStatus
from escale.domain.documents.models import Document, Upload
from escale.domain.enrolment.lifecycle import Status as EnrolmentStatus
from escale.domain.enrolment.models import Enrolment
from escale.domain.journal.models import Entry
from escale.domain.mandates.acts import STEPS
from escale.domain.mandates.lifecycle import Status as MandateStatus
from escale.domain.mandates.models import Mandate
from escale.domain.notices import actions as notices
from escale.domain.notices.lifecycle import LetterBatchStatus, PaperStatus
from escale.domain.notices.lifecycle import Status as NoticeStatus
from escale.domain.notices.models import LetterBatch, Notice, PaperLetter
from escale.domain.rates.lifecycle import Status as RateStatus
from escale.domain.rates.models import Rate
from escale.domain.tariffs.lifecycle import Status as EditionStatus
from escale.domain.tariffs.models import Edition
from escale.jobs.management.commands.draw_lifecycles import cases as all_cases
from escale.rules.lifecycle import ENDS, STAYS, StepRefused
from tests import at_desk, enrolling, factories
from tests.domain.mandates import mandates
from tests.domain.rates import rates
from tests.domain.tariffs import editions
from tests.house.lives_of_accounts import REACH_ACCOUNTS, declared
from tests.house.lives_of_after import REACH_AFTER, make_room_after, own_after
from tests.house.lives_of_bank import REACH_BANK, make_room_at_bank, own_at_bank
from tests.house.lives_of_controls import REACH_CONTROLS, make_room_in_controls, own_controls
from tests.house.lives_of_ledger import REACH_LEDGER, make_room_in_ledger, own_in_ledger
from tests.house.lives_of_payments import REACH_PAYMENTS, make_room_for_payment, own_payments
from tests.house.lives_of_sharing import REACH_SHARING, make_room_in_sharing


def _document(*steps: str) -> Document:
    document = factories.attachment(factories.draft()).document
    for step in steps:
        document.advance(step, by=SYSTEM)
    return document


def _upload(*steps: str) -> Upload:
    person = factories.insured()
    upload = Upload.open(by=Actor(Role.INSURED, person.account), insured=person, name="facture.pdf", size=1000)
    for step in steps:
        upload.advance(step, by=Actor(Role.INSURED, person.account))
    return upload


def _notice(*steps: str) -> Notice:
    claim = factories.sent()
    notice = notices.write(kind="claim_sent", to=claim.insured.account, about=claim, claim=claim, receipt=())
    for step in steps:
        notice.advance(step, by=SYSTEM)
    return notice


def _grouped(*steps: str) -> GroupedAct:
    by = factories.agent()
    act = at_desk.grouped(by=by)
    for step in steps:
        act.advance(step, by=SYSTEM if step == "finish" else by)
    return act


REACH = {
    (Claim, ClaimStatus.UNUSABLE): factories.unusable,
    (Claim, ClaimStatus.DRAFT): factories.complete,
    (Claim, ClaimStatus.SENT): factories.sent,
    (Claim, ClaimStatus.IN_PROGRESS): factories.received,
    (Claim, ClaimStatus.MEDICAL_OPINION): lambda: factories.asked().claim,
    (Claim, ClaimStatus.PROCESSED): factories.approved,
    (Claim, ClaimStatus.REFUSED): factories.refused,
    (Document, DocumentStatus.QUARANTINED): _document,
    (Document, DocumentStatus.CLEAN): lambda: _document("clear"),
    (Document, DocumentStatus.INFECTED): lambda: _document("infect"),
    (Document, DocumentStatus.UNSCANNABLE): lambda: _document("set_aside"),
    (Document, DocumentStatus.LOST): lambda: _document("lose"),
    (Upload, UploadStatus.ARRIVING): _upload,
    (Upload, UploadStatus.LOCKED): lambda: _upload("lock"),
    (Upload, UploadStatus.REFUSED): lambda: _upload("refuse"),
    (Upload, UploadStatus.RECEIVED): lambda: _upload("receive"),
    (Notice, NoticeStatus.QUEUED): _notice,
    (Notice, NoticeStatus.SENT): lambda: _notice("send"),
    (Notice, NoticeStatus.REFUSED): lambda: _notice("give_up"),
    (Edition, EditionStatus.PROPOSED): editions.proposed,
    (Edition, EditionStatus.IN_FORCE): editions.in_force,
    (Edition, EditionStatus.REJECTED): editions.rejected,
    (Rate, RateStatus.PROPOSED): rates.proposed,
    (Rate, RateStatus.IN_FORCE): rates.in_force,
    (Rate, RateStatus.REJECTED): rates.rejected,
    (Rate, RateStatus.WITHDRAWN): rates.withdrawn,
    (Mandate, MandateStatus.OFFERED): mandates.offered,
    (Mandate, MandateStatus.ACCEPTED): mandates.accepted,
    (Mandate, MandateStatus.DECLINED): mandates.declined,
    (Mandate, MandateStatus.REVOKED): mandates.revoked,
    (Mandate, MandateStatus.GIVEN_UP): mandates.given_up,
    (Mandate, MandateStatus.ENDED): mandates.ended,
    (Enrolment, EnrolmentStatus.ASKED): enrolling.asked,
    (Enrolment, EnrolmentStatus.CONFIRMED): enrolling.confirmed,
    (Enrolment, EnrolmentStatus.RECOGNISED): enrolling.recognised,
    (Enrolment, EnrolmentStatus.DOUBTFUL): enrolling.doubtful,
    (Enrolment, EnrolmentStatus.CODED): enrolling.coded_only,
    (Enrolment, EnrolmentStatus.DONE): enrolling.done,
    (Enrolment, EnrolmentStatus.REFUSED): enrolling.refused,
    (Enrolment, EnrolmentStatus.EXPIRED): enrolling.expired,
    (PaperLetter, PaperStatus.WRITTEN): enrolling.letter,
    (PaperLetter, PaperStatus.GATHERED): enrolling.gathered,
    (PaperLetter, PaperStatus.POSTED): enrolling.posted,
    (PaperLetter, PaperStatus.WITHDRAWN): enrolling.withdrawn,
    (LetterBatch, LetterBatchStatus.PREPARED): enrolling.batch,
    (LetterBatch, LetterBatchStatus.POSTED): enrolling.posted_batch,
    **REACH_ACCOUNTS,
    **REACH_AFTER,
    **REACH_PAYMENTS,
    **REACH_BANK,
    **REACH_CONTROLS,
    **REACH_LEDGER,
    **REACH_SHARING,
    (GroupedAct, GroupedStatus.READY): _grouped,
    (GroupedAct, GroupedStatus.RUNNING): lambda: _grouped("launch"),
    (GroupedAct, GroupedStatus.DONE): lambda: _grouped("launch", "finish"),
    (GroupedAct, GroupedStatus.UNDOING): lambda: _grouped("launch", "finish", "undo"),
    (GroupedAct, GroupedStatus.UNDONE): lambda: _grouped("launch", "finish", "undo", "finish"),
}


def _statuses(kind: type[Case]) -> list[str]:
    return [status for status, _ in kind._meta.get_field("status").flatchoices]


def test_every_status_of_every_case_is_walked():
    assert set(REACH) == {(kind, status) for kind in all_cases() for status in _statuses(kind)}


@pytest.mark.parametrize("kind", all_cases())
def test_every_status_is_reached_from_the_start_and_no_other(kind: type[Case]):
    reached = {kind.LIFECYCLE.start}
    while more := {s.target for s in kind.LIFECYCLE.steps if s.origins & reached} - {ENDS, STAYS} - reached:
        reached |= more
    assert reached == set(_statuses(kind))


def test_the_insured_person_reads_the_seven_statuses_in_the_words_of_the_service():
    assert ClaimStatus.labels == [
        "Non exploitable",
        "Brouillon",
        "Envoyée",
        "En cours de traitement",
        "Avis médical demandé",
        "Traitée",
        "Refusée",
    ]


@pytest.mark.django_db
@pytest.mark.usefixtures("frozen", "scanning")
@pytest.mark.parametrize(("kind", "status"), REACH, ids=[f"{kind.__name__}-{status}" for kind, status in REACH])
def test_only_the_table_opens_a_step(kind: type[Case], status: str):
    case = REACH[kind, status]()
    case.refresh_from_db()
    assert case.status == status
    actors = [factories.actor(role) for role in Role if role != Role.SYSTEM] + [SYSTEM]
    table = {(s.name, role, s.lands(status)) for s in case.LIFECYCLE.steps if status in s.origins for role in s.roles}

    offered = {(name, actor.role) for actor in actors for name in case.steps_open_to(actor)}
    assert offered == {(name, role) for name, role, _ in table}

    taken = {(name, actor.role, target) for actor in actors for name, target in _taken(case, actor)}
    assert taken == table


def _taken(case: Case, actor: Actor) -> Iterator[tuple[str, str]]:
    """Try every step, each from the same start; yield those that succeed, with the status after."""
    for name in [step.name for step in case.LIFECYCLE.steps]:
        trial = type(case)._default_manager.get(pk=case.pk)
        written = Entry.objects.count()
        try:
            with transaction.atomic():
                _make_room_for(name, trial)
                trial.advance(name, by=actor)
                yield name, _status(case)
                entry = Entry.objects.latest("pk")
                assert (entry.event, entry.actor, entry.hat) == (
                    f"{case.LIFECYCLE.case}.{name}", actor.account, actor.role
                )  # fmt: skip
                transaction.set_rollback(True)
        except StepRefused:
            assert Entry.objects.count() == written
            assert _status(case) == case.status


def _make_room_for(step: str, case: Case) -> None:
    """Do what the step's action does besides, without which the database refuses the step."""
    make_room_after(step, case)
    make_room_at_bank(step, case)
    make_room_in_controls(step, case)
    make_room_in_ledger(step, case)
    make_room_in_sharing(step, case)
    make_room_for_payment(step, case)
    if isinstance(case, Document) and step == "discard":
        case.attachments.all().delete()
    if isinstance(case, Claim) and step == "submit":
        Claim.objects.filter(pk=case.pk).update(sent_at=timezone.now(), due_on=timezone.localdate())
    if isinstance(case, Mandate) and step == "accept":
        Mandate.objects.filter(pk=case.pk).update(delegate=factories.account())
    if isinstance(case, PaperLetter) and step in {"post", "withdraw"}:
        PaperLetter.objects.filter(pk=case.pk).update(head=b"", sealed=b"")
    if isinstance(case, Rate) and step in {"confirm", "publish"}:
        Rate.objects.filter(pk=case.pk).update(decided_by=factories.account(), decided_at=timezone.now())
    if isinstance(case, Edition) and step == "put_in_force":
        decided = {"number": 1, "decided_by": factories.account(), "decided_at": timezone.now()}
        Edition.objects.filter(pk=case.pk, status=EditionStatus.PROPOSED).update(**decided)


def _status(case: Case) -> str:
    return type(case)._default_manager.filter(pk=case.pk).values_list("status", flat=True).first() or ENDS


@pytest.mark.django_db
@pytest.mark.usefixtures("frozen", "scanning")
def test_no_decision_is_taken_on_ones_own_case():
    person = factories.insured(*[role for role in Role if role not in {Role.INSURED, Role.SYSTEM}])
    cases = (
        factories.received(person),
        factories.asked(factories.received(person)).claim,
        factories.refused(factories.received(person)),
        factories.ordered(factories.approved(factories.received(person))),
        editions.proposed(by=Actor(Role.SUPERVISOR, person.account)),
        rates.proposed(by=Actor(Role.SUPERVISOR, person.account)),
        enrolled := enrolling.of_spouse(person),
        enrolling.batch(about=enrolled),
        declared(person),
        *own_after(person),
        *own_at_bank(person),
        *own_controls(person),
        *own_in_ledger(person),
        *own_payments(person),
    )
    refused = set()
    for case in cases:
        for step in [step for step in case.LIFECYCLE.steps if step.decides and case.status in step.origins]:
            for role in step.roles:
                oneself = Actor(Role(role), person.account)
                assert step.name not in case.steps_open_to(oneself)
                with pytest.raises(StepRefused, match="propre demande"):
                    case.advance(step.name, by=oneself)
                refused.add((type(case), step.name))
    assert refused == {(kind, s.name) for kind in all_cases() for s in kind.LIFECYCLE.steps if s.decides}


def test_every_act_that_may_be_given_to_another_is_a_step_of_the_house_and_decides_nothing():
    lives = [kind.LIFECYCLE for kind in all_cases()]
    decisions = {f"{life.case}.{one.name}" for life in lives for one in life.steps if one.decides}
    given = frozenset().union(*STEPS.values())
    assert given <= frozenset().union(*(life.events() for life in lives)) - decisions
    assert not any(event.startswith("mandate.") for event in given)
