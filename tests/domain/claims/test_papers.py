"""One paper at a time: what the agent finds of it, and the one that comes in its place."""

from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from uuid import uuid4

import pytest

from escale.domain.accounts.actor import SYSTEM, Actor
from escale.domain.accounts.models import Role
from escale.domain.claims import actions as claims
from escale.domain.claims import queries, waiting
from escale.domain.claims.lifecycle import WORKED_ON, Status
from escale.domain.claims.models import Attachment, Claim, PaperVerdict
from escale.domain.desk import queries as desk
from escale.domain.desk.filters import Filters
from escale.domain.documents.lifecycle import Status as DocumentStatus
from escale.domain.journal.models import Entry
from escale.domain.notices.models import Notice
from escale.rules.lifecycle import StepRefused
from tests import factories
from tests.conftest import Work
from tests.domain.documents.test_files import path_of

pytestmark = pytest.mark.usefixtures("scanning")

WORDS = "Photographiez-la à nouveau."
VIRUS = b"\n%" + factories.EICAR + b"\n%%EOF\n"


def judged(attachment: Attachment, verdict: PaperVerdict, by: Actor, *, words: str = WORDS) -> None:
    claims.judge(attachment=attachment, verdict=verdict, words=words, by=by)


def letters() -> int:
    return Notice.objects.filter(kind="paper_to_replace").count()


CLAIMS: dict[Status, Callable[[], Claim]] = {
    Status.SENT: factories.sent,
    Status.IN_PROGRESS: factories.received,
    Status.MEDICAL_OPINION: lambda: factories.asked().claim,
    Status.PROCESSED: factories.approved,
    Status.REFUSED: factories.refused,
    Status.UNUSABLE: factories.unusable,
}


@pytest.mark.django_db
@pytest.mark.parametrize("status", CLAIMS)
def test_only_an_agent_judges_a_paper_and_only_of_a_claim_in_progress(status: Status):
    paper = CLAIMS[status]().attachments.earliest("pk")
    for role in Role:
        by = SYSTEM if role == Role.SYSTEM else factories.actor(role)
        for verdict in PaperVerdict:
            if (status, role) == (Status.IN_PROGRESS, Role.AGENT):
                judged(paper, verdict, by)
                assert paper.verdict == verdict
            else:
                before = paper.verdict
                with pytest.raises(StepRefused):
                    judged(paper, verdict, by)
                paper.refresh_from_db()
                assert paper.verdict == before


@pytest.mark.django_db
@pytest.mark.parametrize("status", CLAIMS)
@pytest.mark.parametrize("verdict", PaperVerdict)
def test_the_insured_replaces_what_was_refused_while_the_claim_is_worked_on(status: Status, verdict: PaperVerdict):
    claim = CLAIMS[status]()
    paper = claim.attachments.earliest("pk")
    Attachment.objects.filter(pk=paper.pk).update(
        verdict=verdict, verdict_words=WORDS, judged_by=factories.agent().account, judged_at=claim.sent_at
    )
    if status in WORKED_ON and verdict.refuses:
        assert waiting.to_replace(claim) == [paper]
        assert list(queries.latest(actor=factories.owner(claim)).values_list("awaited", flat=True)) == [True]
        assert factories.replacement(paper).replaces == paper
        assert claim.status == Claim.objects.get(pk=claim.pk).status == status
    else:
        assert waiting.to_replace(claim) == []
        with pytest.raises((claims.NotReplaceable, StepRefused)):
            factories.replacement(paper)


@pytest.mark.django_db
def test_a_refusal_needs_words_and_an_acceptance_keeps_none():
    agent, paper = factories.agent(), factories.received().attachments.earliest("pk")
    with pytest.raises(claims.Unexplained):
        judged(paper, PaperVerdict.INCOMPLETE, agent, words="  ")
    judged(paper, PaperVerdict.ACCEPTED, agent)
    assert (paper.verdict, paper.verdict_words) == (PaperVerdict.ACCEPTED, "")


@pytest.mark.django_db
def test_an_agent_judges_no_paper_under_medical_seal():
    claim = factories.complete()
    medical = factories.attachment(claim, paper="discharge_report", medical=True)
    factories.received(claim=claim)
    with pytest.raises(StepRefused):
        judged(medical, PaperVerdict.ACCEPTED, factories.agent())


@pytest.mark.django_db
def test_what_is_judged_is_journaled_in_codes_and_said_twice_it_is_said_once():
    agent, paper = factories.agent(), factories.received().attachments.earliest("pk")
    for verdict in (PaperVerdict.UNREADABLE, PaperVerdict.UNREADABLE, PaperVerdict.ACCEPTED):
        judged(paper, verdict, agent)
    facts = list(Entry.objects.filter(event="claim.judge_paper").order_by("pk").values_list("facts", flat=True))
    assert facts == [
        {"paper": paper.pk, "verdict": "unreadable", "before": ""},
        {"paper": paper.pk, "verdict": "accepted", "before": "unreadable"},
    ]


def test_the_insured_is_told_once_for_each_verdict_and_not_of_one_that_was_lifted(work: Work, home: Path):
    claim, agent = factories.received(), factories.agent()
    first, second = queries.attachments(claim, actor=agent)[:2]
    judged(first, PaperVerdict.UNREADABLE, agent)
    judged(second, PaperVerdict.WRONG_KIND, agent)
    judged(second, PaperVerdict.ACCEPTED, agent)
    work()
    assert letters() == 1
    judged(first, PaperVerdict.WRONG_PERSON, agent, words="Celle de Charlie, s’il vous plaît.")
    work()
    assert letters() == 2
    said = "\n".join(Notice.objects.filter(kind="paper_to_replace").values_list("body", flat=True))
    assert "Charlie" not in said
    assert first.document.name not in said


def test_a_paper_is_replaced_scanned_at_once_and_shown_to_the_agent(work: Work):
    agent = factories.agent()
    paper = factories.to_replace(by=agent)
    claim = paper.claim
    work()
    new = factories.replacement(paper)
    assert (new.paper, new.bill, new.replaces) == (paper.paper, paper.bill, paper)
    assert new not in queries.attachments(claim, actor=agent)
    work()
    assert new in queries.attachments(claim, actor=agent)
    assert paper not in queries.attachments(claim, actor=agent)
    assert paper in queries.all_papers(claim, actor=agent).filter(seen=True, replacement=new)
    [row] = desk.queue(actor=agent, filters=Filters())
    assert row.came_at == new.document.received_at
    assert not row.awaited
    judged(new, PaperVerdict.ACCEPTED, agent)
    [row] = desk.queue(actor=agent, filters=Filters())
    assert row.came_at is None
    assert letters() == 1


@pytest.mark.django_db
def test_the_same_bytes_twice_replace_once_and_other_bytes_come_too_late():
    paper = factories.to_replace()
    content = factories.pdf()
    first = factories.replacement(paper, content=content)
    assert factories.replacement(paper, content=content) == first
    with pytest.raises(claims.NotReplaceable, match="autre.pdf"):
        factories.replacement(paper)
    assert Attachment.objects.filter(replaces=paper).count() == 1
    assert Entry.objects.filter(event="claim.replace_paper").count() == 1


@pytest.mark.django_db
def test_the_refused_file_does_not_take_its_own_place():
    claim, content = factories.complete(), factories.pdf()
    factories.attachment(claim, paper="other", content=content, name="illisible.pdf")
    factories.received(claim=claim)
    agent, paper = factories.agent(), claim.attachments.get(paper="other")
    judged(paper, PaperVerdict.UNREADABLE, agent)
    with pytest.raises(claims.NotReplaceable):
        factories.replacement(paper, content=content)


@pytest.mark.parametrize("failure", ["infected", "unscannable", "lost"])
def test_a_file_that_comes_to_nothing_is_asked_for_again_and_the_claim_goes_on(work: Work, failure: str):
    paper = factories.to_replace()
    claim = paper.claim
    work()
    new = factories.replacement(paper, content=factories.pdf() + VIRUS if failure == "infected" else None)
    if failure == "lost":
        path_of(new.document).unlink()
    if failure == "unscannable":
        new.document.advance("set_aside", by=SYSTEM)
    work()
    claim.refresh_from_db()
    new.document.refresh_from_db()
    assert (claim.status, new.document.status) == (Status.IN_PROGRESS, DocumentStatus(failure))
    assert waiting.to_replace(claim) == [new]
    assert letters() == 2
    better = factories.replacement(new)
    work()
    assert waiting.to_replace(claim) == []
    assert better in queries.attachments(claim, actor=factories.agent())
    assert letters() == 2


@pytest.mark.django_db
def test_an_agent_may_stop_waiting_for_a_file_that_came_to_nothing_but_not_judge_it():
    agent = factories.agent()
    new = factories.replacement(factories.to_replace(by=agent), content=factories.pdf() + VIRUS)
    factories.scanned(new.claim)
    with pytest.raises(StepRefused):
        judged(new, PaperVerdict.UNREADABLE, agent)
    judged(new, PaperVerdict.ACCEPTED, agent)
    assert waiting.to_replace(new.claim) == []


@pytest.mark.django_db
def test_nothing_is_approved_while_a_paper_is_awaited_and_a_refusal_remains_possible():
    agent = factories.agent()
    claim = factories.assessed(by=agent)
    paper = factories.to_replace(claim, by=agent)
    with pytest.raises(claims.PaperAwaited):
        claims.decide(claim=claim, by=agent)
    new = factories.replacement(paper)
    with pytest.raises(claims.PaperAwaited, match="antivirus"):
        claims.decide(claim=claim, by=agent)
    factories.scanned(claim)
    judged(new, PaperVerdict.INCOMPLETE, agent)
    claims.refuse(claim=claim, reason_code="R14", explanation="Voir la notice.", by=agent)
    assert waiting.to_replace(claim) == []


@pytest.mark.django_db
def test_a_verdict_lifted_lets_the_claim_be_approved():
    agent = factories.agent()
    claim = factories.assessed(by=agent)
    paper = factories.to_replace(claim, by=agent)
    judged(paper, PaperVerdict.ACCEPTED, agent)
    assert claims.decide(claim=claim, by=agent).total > Decimal(0)


@pytest.mark.django_db
def test_a_replaced_paper_is_judged_no_more_and_counts_no_more(settings):
    agent, claim = factories.agent(), factories.received()
    paper = factories.to_replace(claim, by=agent)
    settings.FILES_PER_CLAIM = claim.attachments.count()
    factories.replacement(paper)
    with pytest.raises(StepRefused):
        judged(paper, PaperVerdict.ACCEPTED, agent)
    assert paper in Attachment.objects.visible_to(agent)
    assert queries.provided(claim) == set(claim.attachments.values_list("paper", flat=True))


@pytest.mark.django_db
def test_the_physician_who_was_asked_about_a_paper_gets_the_one_that_replaces_it():
    agent, physician = factories.agent(), factories.physician()
    paper = factories.to_replace(by=agent)
    claim = factories.asked(paper.claim, by=agent).claim
    new = factories.replacement(paper)
    factories.scanned(claim)
    assert new in queries.attachments(claim, actor=physician)
    assert claim.status == Status.MEDICAL_OPINION


@pytest.mark.django_db
def test_lists_ask_no_more_of_the_database_for_papers_to_replace(django_assert_num_queries):
    paper = factories.to_replace()
    factories.replacement(factories.to_replace())
    agent, owner = factories.agent(), factories.owner(paper.claim)
    with django_assert_num_queries(4):  # whom one is close to, the claims, their pauses, their alerts
        assert [claim.awaited for claim in desk.queue(actor=agent, filters=Filters())] == [True, False]
    with django_assert_num_queries(1):
        assert [claim.awaited for claim in queries.search("", actor=owner)] == [True]


@pytest.mark.django_db
def test_a_claim_taken_up_again_brings_neither_a_refused_paper_nor_a_replaced_one():
    agent, claim = factories.agent(), factories.complete()
    factories.attachment(claim, paper="other")
    factories.received(claim=claim)
    new = factories.replacement(factories.to_replace(claim, by=agent))
    factories.scanned(claim)
    refused = factories.to_replace(claim, by=agent)
    later = claim.attachments.current().exclude(pk__in=[new.pk, refused.pk]).latest("pk")
    later.document.advance("infect", by=SYSTEM)
    claims.settle(claim=claim)
    draft = claims.start_again(claim=claim, request_key=uuid4(), by=factories.owner(claim))
    brought = set(draft.attachments.values_list("document", flat=True))
    sound = claim.attachments.current().exclude(pk__in=[refused.pk, later.pk])
    assert brought == set(sound.values_list("document", flat=True))
