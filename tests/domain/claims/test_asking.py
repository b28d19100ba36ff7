"""The papers that never came: asked for at once, sent one by one, and no longer waited for."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError

from escale.domain.accounts.actor import SYSTEM
from escale.domain.accounts.models import Role
from escale.domain.claims import actions as claims
from escale.domain.claims import asking, queries, waiting
from escale.domain.claims.lifecycle import WORKED_ON, Status
from escale.domain.claims.models import AskedPaper, PaperVerdict, PauseReason
from escale.domain.desk import queries as desk
from escale.domain.desk.filters import Filters
from escale.domain.documents.lifecycle import Status as DocumentStatus
from escale.domain.journal.models import Entry
from escale.domain.notices.models import Notice
from escale.rules.intake import Care
from escale.rules.lifecycle import StepRefused
from tests import factories, requested
from tests.conftest import Work
from tests.domain.claims.test_papers import CLAIMS, VIRUS
from tests.domain.documents.test_files import path_of
from tests.house.test_letters import HEALTH

pytestmark = pytest.mark.usefixtures("scanning")

WANTED = {"mission_order": "Avec ses dates.", "schooling": "Pour l’année des soins."}


def letters(kind: str = "papers_asked") -> int:
    return Notice.objects.filter(kind=kind).count()


@pytest.mark.django_db
@pytest.mark.parametrize("status", CLAIMS)
def test_only_an_agent_asks_for_papers_and_only_for_a_claim_in_progress(status: Status):
    claim = CLAIMS[status]()
    for role in Role:
        by = SYSTEM if role == Role.SYSTEM else factories.actor(role)
        if (status, role) == (Status.IN_PROGRESS, Role.AGENT):
            assert len(claims.ask_papers(claim=claim, wanted=WANTED, by=by)) == 2
            AskedPaper.objects.all().delete()
        elif status in WORKED_ON and role == Role.PHYSICIAN:
            assert not claims.ask_papers(claim=claim, wanted=WANTED, by=by), "physicians ask for what only they read"
        else:
            with pytest.raises(StepRefused):
                claims.ask_papers(claim=claim, wanted=WANTED, by=by)
    assert not AskedPaper.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize("status", CLAIMS)
def test_what_was_asked_for_is_waited_for_while_the_claim_is_worked_on(status: Status):
    claim = CLAIMS[status]()
    asked = AskedPaper.objects.create(
        claim=claim, paper="schooling", label="Certificat", words="Pour l’année.", asked_by=factories.agent().account,
        asked_at=claim.sent_at,
    )  # fmt: skip
    [row] = queries.latest(actor=factories.owner(claim))
    assert row.awaited == (status in WORKED_ON)
    if status in WORKED_ON:
        assert requested.sent(asked).answers == asked
    else:
        with pytest.raises((claims.NotReplaceable, StepRefused)):
            requested.sent(asked)


@pytest.mark.django_db
def test_what_the_claim_misses_is_offered_first_then_its_other_papers_then_all_others():
    claim = factories.draft()
    factories.line(factories.bill(claim), care=Care.PHYSIOTHERAPY)
    for code in ("bill", "cerfa", "prescription"):
        factories.attachment(claim, paper=code)
    agent = factories.agent()
    factories.received(claim=claim)
    claim.attachments.filter(paper="prescription").update(paper="other")
    bill = claim.bills.get()
    offered = asking.askable(claim, by=factories.agent())
    assert (offered[0].key, offered[0].joined, offered[0].paper.mandatory) == ("prescription", False, True)
    assert f"bill-{bill.pk}" in [one.key for one in offered if one.joined]
    assert [one.listed for one in offered] == sorted([one.listed for one in offered], reverse=True)
    assert {"accident", "schooling"} <= {one.key for one in offered if not one.listed}
    claims.ask_papers(claim=claim, wanted={f"bill-{bill.pk}": "Acquittée.", "prescription": "Datée."}, by=agent)
    assert {(one.paper, one.bill) for one in waiting.asked(claim)} == {("prescription", None), ("bill", bill)}
    assert not {"prescription", f"bill-{bill.pk}"} & {one.key for one in asking.askable(claim, by=factories.agent())}


@pytest.mark.django_db
def test_a_paper_is_not_asked_for_without_a_sentence():
    with pytest.raises(claims.Unexplained):
        claims.ask_papers(claim=factories.received(), wanted={"schooling": " "}, by=factories.agent())
    assert not AskedPaper.objects.exists()


def test_papers_asked_at_once_are_one_step_one_letter_and_one_pause_without_their_names(work: Work):
    claim, agent = factories.received(), factories.agent()
    for _ in range(2):
        claims.ask_papers(claim=claim, wanted=WANTED, by=agent)
    work()
    letter = Notice.objects.get(kind="papers_asked")
    assert Entry.objects.get(event="claim.ask_papers").facts == {"papers": 2}
    assert letter.title == f"2 pièces sont demandées pour votre demande {claim.number}"
    assert [one for one in waiting.asked(claim) if one.label.lower() in letter.body.lower()] == []
    assert HEALTH.findall(letter.body.replace("Caisse nationale militaire de sécurité sociale", "")) == []
    assert claim.pauses.get().reason == PauseReason.PAPERS
    claims.ask_papers(claim=claim, wanted={"accident": "Le lieu et le jour."}, by=agent)
    work()
    assert (letters(), claim.pauses.count()) == (2, 1)


@pytest.mark.django_db
def test_the_database_holds_one_open_request_of_a_paper():
    asked = requested.paper()
    asked.pk = None
    with pytest.raises(IntegrityError, match="asked_paper_once_at_a_time"):
        asked.save(force_insert=True)


def test_a_paper_asked_for_is_sent_scanned_at_once_and_shown_to_the_agent(work: Work):
    agent = factories.agent()
    asked = requested.paper(by=agent)
    claim = asked.claim
    [row] = desk.queue(actor=agent, filters=Filters())
    assert row.awaited
    new = requested.sent(asked)
    assert (new.paper, new.answers, new.replaces) == ("mission_order", asked, None)
    assert new not in queries.attachments(claim, actor=agent)
    assert not claim.pauses.filter(paused_until=None).exists()
    work()
    assert new in queries.attachments(claim, actor=agent)
    [row] = desk.queue(actor=agent, filters=Filters())
    assert (row.awaited, row.came_at) == (False, new.document.received_at)
    claims.judge(attachment=new, verdict=PaperVerdict.ACCEPTED, by=agent)
    [row] = desk.queue(actor=agent, filters=Filters())
    assert row.came_at is None
    assert letters("paper_to_replace") == 0


@pytest.mark.django_db
def test_the_same_bytes_twice_answer_once_and_other_bytes_come_too_late():
    asked, content = requested.paper(), factories.pdf()
    first = requested.sent(asked, content=content)
    assert requested.sent(asked, content=content) == first
    with pytest.raises(claims.NotReplaceable, match="ordre.pdf"):
        requested.sent(asked)
    assert Entry.objects.filter(event="claim.provide_paper").count() == 1


@pytest.mark.django_db
def test_a_file_that_the_claim_holds_already_may_be_the_paper_asked_for():
    claim, content = factories.complete(), factories.pdf()
    held = factories.attachment(claim, paper="other", content=content)
    asked = requested.paper(factories.received(claim=claim))
    new = requested.sent(asked, content=content)
    assert (new.document, new.paper) == (held.document, "mission_order")
    assert waiting.asked(claim) == []


@pytest.mark.parametrize("failure", ["infected", "unscannable", "lost"])
def test_a_file_that_comes_to_nothing_is_asked_for_again_and_the_claim_goes_on(work: Work, failure: str):
    asked = requested.paper()
    claim = asked.claim
    new = requested.sent(asked, content=factories.pdf() + VIRUS if failure == "infected" else None)
    if failure == "lost":
        path_of(new.document).unlink()
    if failure == "unscannable":
        new.document.advance("set_aside", by=SYSTEM)
    work()
    claim.refresh_from_db()
    new.document.refresh_from_db()
    assert (claim.status, new.document.status) == (Status.IN_PROGRESS, DocumentStatus(failure))
    assert waiting.awaited(claim) == [new]
    assert claim.pauses.filter(reason=PauseReason.PAPERS, paused_until=None).exists()
    assert letters("paper_to_replace") == 1
    factories.replacement(new)
    work()
    assert waiting.awaited(claim) == []


@pytest.mark.django_db
def test_a_paper_that_is_not_the_one_asked_for_is_asked_for_again():
    agent = factories.agent()
    new = requested.sent(requested.paper(by=agent))
    factories.scanned(new.claim)
    claims.judge(attachment=new, verdict=PaperVerdict.WRONG_KIND, words="L’ordre entier.", by=agent)
    assert waiting.awaited(new.claim) == [new]


@pytest.mark.django_db
def test_an_agent_waits_no_more_and_the_clock_goes_on_but_not_for_a_paper_that_came(frozen):
    agent = factories.agent()
    claim = factories.received()
    first, second = claims.ask_papers(claim=claim, wanted=WANTED, by=agent)
    claims.forgo_paper(asked=first, by=agent)
    frozen.shift(timedelta(days=1))
    assert claim.pauses.filter(paused_until=None).exists()
    for _ in range(2):
        claims.forgo_paper(asked=second, by=agent)
    assert Entry.objects.filter(event="claim.forgo_paper").count() == 2
    assert claim.pauses.get().paused_until == claim.pauses.get().paused_from + timedelta(days=1)
    with pytest.raises(claims.NotReplaceable, match="plus demandée"):
        requested.sent(first)
    again = requested.paper(claim, by=agent)
    requested.sent(again)
    with pytest.raises(StepRefused, match="arrivée entre-temps"):
        claims.forgo_paper(asked=again, by=agent)


@pytest.mark.django_db
def test_nothing_is_approved_while_a_paper_is_asked_for_or_scanned():
    agent = factories.agent()
    claim = factories.assessed(by=agent)
    asked = requested.paper(claim, by=agent)
    with pytest.raises(claims.PaperAwaited):
        claims.decide(claim=claim, by=agent)
    requested.sent(asked)
    with pytest.raises(claims.PaperAwaited, match="antivirus"):
        claims.decide(claim=claim, by=agent)
    factories.scanned(claim)
    assert claims.decide(claim=claim, by=agent).total > Decimal(0)


@pytest.mark.django_db
def test_a_claim_that_is_full_still_has_room_for_what_is_asked_of_it(settings):
    agent, claim = factories.agent(), factories.received()
    settings.FILES_PER_CLAIM = claim.attachments.count()
    new = requested.sent(requested.paper(claim, by=agent))
    factories.scanned(claim)
    claims.judge(attachment=new, verdict=PaperVerdict.UNREADABLE, words="À plat.", by=agent)
    assert factories.replacement(new).paper == "mission_order"


@pytest.mark.django_db
def test_a_paper_for_physicians_stays_under_their_seal_when_it_is_asked_for():
    agent = factories.agent()
    new = requested.sent(requested.paper(code="discharge_report", by=agent))
    factories.scanned(new.claim)
    assert new.medical
    assert new not in queries.attachments(new.claim, actor=agent)
