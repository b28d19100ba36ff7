"""New files are joined to an appeal: scanned like any other, and the delay runs anew where nothing is medical."""

from datetime import date, timedelta
from uuid import uuid4

import pytest
import time_machine
from django.utils import timezone

from escale.domain.accounts.actor import SYSTEM, Actor
from escale.domain.accounts.models import Role
from escale.domain.appeals import actions as appeals
from escale.domain.appeals import queries
from escale.domain.appeals.models import Point
from escale.domain.case import Unacceptable
from escale.domain.claims import actions as claims
from escale.domain.claims.models import Attachment, OpinionCode, Outcome, PaperVerdict
from escale.domain.documents import actions as documents_done
from escale.domain.documents import queries as documents
from escale.domain.documents.lifecycle import Status as DocumentStatus
from escale.domain.journal.models import Entry
from escale.domain.notices.models import Notice
from escale.jobs import after
from escale.rules.lifecycle import StepRefused
from tests import factories
from tests.conftest import Work
from tests.domain.appeals import appeals as told

VIRUS = factories.pdf() + b"\n%" + factories.EICAR + b"\n%%EOF\n"

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("frozen", "scanning")]


@pytest.mark.parametrize(("points", "after"), [
    ([Point.PAPERS], date(2026, 12, 5)),
    ([Point.MEDICAL], date(2027, 1, 15)),
])  # fmt: skip
def test_a_new_file_is_scanned_and_the_delay_runs_from_it_where_nothing_is_medical(
    frozen: time_machine.Traveller, work: Work, points, after
):
    appeal = told.filed(told.medical(), points=points)
    claim = appeal.decision.claim
    known = claim.attachments.earliest("pk")
    frozen.shift(timedelta(days=20))
    before = appeal.due_on
    again = factories.attachment(claim, paper="other", content=_bytes(known), appeal=appeal.reference)
    work()
    appeal.refresh_from_db()
    assert (again.document, appeal.due_on) == (known.document, before)  # the Fund had it already
    new = factories.attachment(claim, paper="other", appeal=appeal.reference)
    work()
    appeal.refresh_from_db()
    assert appeal.due_on == after
    assert list(queries.files(appeal)) == [again, new]
    assert queries.files(appeal).last().document.status == DocumentStatus.CLEAN
    assert new not in queries.papers(claim, actor=factories.owner(claim))


def _bytes(paper: Attachment) -> bytes:
    return b"".join(documents.vault().chunks(paper.document.key))


def test_whoever_prepares_it_sees_its_files():
    appeal = told.filed()
    seen = told.joined(appeal)
    cited = appeal.decision.claim.attachments.earliest("pk")
    supervisor, agent = factories.actor(Role.SUPERVISOR), factories.agent()
    visible = {actor.role: set(Attachment.objects.visible_to(actor)) for actor in (supervisor, agent)}
    assert visible[Role.SUPERVISOR] == {seen}
    assert {seen, cited} <= visible[Role.AGENT]


def test_no_file_joins_once_the_papers_of_the_claim_are_destroyed():
    appeal = told.filed()
    claim = appeal.decision.claim
    type(claim).objects.filter(pk=claim.pk).update(papers_destroyed_at=appeal.filed_at)
    claim.refresh_from_db()
    with pytest.raises(StepRefused, match="par courrier"):
        factories.attachment(claim, paper="other", appeal=appeal.reference)


def test_a_file_that_ends_after_its_appeal_is_refused_with_the_address_to_write_to():
    appeal = told.filed()
    claim, by = appeal.decision.claim, factories.owner(appeal.decision.claim)
    content = factories.pdf()
    announced = {"bill": None, "paper": "other", "medical": False, "name": "recu.pdf", "declared_type": ""}
    arrival = claims.expect(claim=claim, size=len(content), appeal=appeal.reference, by=by, **announced)
    appeals.withdraw(appeal=appeal, by=by)
    claims.append(arrival=arrival, offset=0, arriving=iter([content]), by=by)
    assert "247 avenue Jacques Cartier" in arrival.upload.refusal
    assert not queries.files(appeal).exists()


def test_what_is_medical_joins_no_appeal():
    appeal = told.filed(told.medical(), points=[Point.MEDICAL])
    with pytest.raises(claims.ByPostOnly, match="Commission médicale de recours amiable"):
        told.joined(appeal, medical=True)


def test_silence_waits_for_a_file_of_the_last_day_to_be_scanned(frozen: time_machine.Traveller):
    appeal = told.filed()
    frozen.move_to("2026-11-15T23:00:00+01:00")
    paper = factories.attachment(appeal.decision.claim, paper="other", appeal=appeal.reference)
    frozen.move_to("2026-11-16T12:00:00+01:00")
    after.let_silence_speak()
    documents_done.scan(document=paper.document)
    after.let_silence_speak()
    appeal.refresh_from_db()
    assert (appeal.is_open, appeal.due_on) == (True, date(2027, 1, 15))
    moved = Entry.objects.get(event="appeal.run_anew")
    assert moved.facts == {"before": "2026-11-15", "due_on": "2027-01-15"}


def test_a_file_that_comes_to_nothing_changes_no_delay_and_its_sender_is_told(
    frozen: time_machine.Traveller, work: Work
):
    appeal = told.filed()
    frozen.shift(timedelta(days=20))
    factories.attachment(
        appeal.decision.claim,
        paper="other",
        content=VIRUS,
        appeal=appeal.reference,
    )
    work()
    appeal.refresh_from_db()
    assert appeal.due_on == date(2026, 11, 15)
    assert appeal.reference in Notice.objects.get(kind="appeal_file_failed").title


def test_a_delay_that_was_told_never_comes_nearer(frozen: time_machine.Traveller, work: Work):
    appeal = told.filed()
    frozen.shift(timedelta(days=20))
    paper = told.joined(appeal)
    work()
    assert "5 décembre 2026" in Notice.objects.get(kind="appeal_due").body
    paper.delete()
    appeals.run_anew(appeal=appeal)
    assert appeal.due_on == date(2026, 12, 5)


@pytest.mark.parametrize("prepared", [True, False])
def test_a_file_found_infected_later_sets_the_delay_back_and_is_told(
    frozen: time_machine.Traveller, work: Work, prepared
):
    supervisor, agent = factories.actor(Role.SUPERVISOR), factories.agent()
    appeal = told.filed()
    told.joined(appeal)
    frozen.shift(timedelta(days=20))
    lost = told.joined(appeal)
    if prepared:
        told.examined(appeal, by=agent)
    work()
    lost.document.advance("infect", by=SYSTEM)
    work()
    work()
    appeal.refresh_from_db()
    assert appeal.due_on == date(2026, 11, 15)
    written = Notice.objects.filter(kind__in=["appeal_file_failed", "appeal_file_lost"]).order_by("kind")
    reader = agent if prepared else supervisor
    assert [notice.account for notice in written] == [appeal.insured.account, reader.account]
    assert all("15 novembre 2026" in notice.body for notice in written)


def test_a_delay_set_back_never_ends_before_today(frozen: time_machine.Traveller, work: Work):
    appeal = told.filed()
    frozen.shift(timedelta(days=50))
    lost = told.joined(appeal)
    work()
    frozen.shift(timedelta(days=50))
    lost.document.advance("lose", by=SYSTEM)
    work()
    appeal.refresh_from_db()
    assert (appeal.is_open, appeal.due_on) == (True, timezone.localdate())


def test_a_medical_appeal_keeps_its_delay_when_a_file_is_lost(work: Work):
    appeal = told.filed(told.medical(), points=[Point.MEDICAL])
    lost, before = told.joined(appeal), appeal.due_on
    lost.document.advance("infect", by=SYSTEM)
    work()
    appeal.refresh_from_db()
    assert appeal.due_on == before
    assert "ne change pas le délai" in Notice.objects.get(kind="appeal_file_failed").body


def test_a_file_that_takes_the_place_of_another_stays_with_the_appeal():
    appeal = told.filed()
    refused = told.joined(appeal)
    claim = appeal.decision.claim
    type(claim).objects.filter(pk=claim.pk).update(status="in_progress")
    claim.refresh_from_db()
    claims.judge(attachment=refused, verdict=PaperVerdict.UNREADABLE, words="Floue.", by=factories.agent())
    new = factories.attachment(claim, paper="other", replaces=refused)
    assert list(queries.files(appeal)) == [new]


def test_a_medical_opinion_is_contested_only_where_there_is_one():
    plain, coded = told.decision(), told.medical()
    opinion = factories.asked()
    claims.give_opinion(
        opinion=opinion, outcome=Outcome.PARTLY, code=OpinionCode.OTHER_ACT, note="Un autre acte.",
        by=factories.physician(),
    )  # fmt: skip
    advised = factories.approved(opinion.claim).decisions.get()
    offered = [
        Point.MEDICAL in queries.points(one, reader=factories.owner(one.claim)) for one in (plain, coded, advised)
    ]
    assert offered == [False, True, True]
    said = {"text": "Je ne suis pas d’accord.", "papers": [], "request_key": uuid4()}
    with pytest.raises(Unacceptable) as refused:
        appeals.file(decision=plain, points=[Point.MEDICAL], by=factories.owner(plain.claim), **said)
    assert set(refused.value.errors) == {"points"}


def test_to_whoever_must_not_learn_what_the_care_was_the_medical_point_tells_nothing():
    claim = factories.refused(factories.received())
    type(claim.beneficiary).objects.filter(pk=claim.beneficiary_id).update(link="spouse", person=None)
    claim = type(claim).objects.with_people().get(pk=claim.pk)
    decision = claim.decisions.get()
    decision.claim = claim
    parent = Actor(Role.INSURED, claim.insured.account)
    assert Point.MEDICAL in queries.points(decision, reader=parent)
