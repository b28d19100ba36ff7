"""Two at once, or twice the same: one wins, the other is told."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from decimal import Decimal
from hashlib import sha256
from threading import Barrier
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.utils import timezone

from escale.domain.claims import actions as claims
from escale.domain.claims.lifecycle import Status
from escale.domain.claims.models import Attachment, Claim, Decision, PaperVerdict
from escale.domain.documents.lifecycle import Status as DocumentStatus
from escale.domain.documents.models import Document
from escale.domain.journal.models import Entry
from escale.domain.payments import actions as payments
from escale.domain.payments.models import Batch, PaymentOrder
from escale.rules.lifecycle import StepRefused
from tests import factories

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("scanning")]


def at_once(*acts: Callable[[], Any]) -> list[Any]:
    """Do all of these at the same moment, each on its own connection; return what each gave or raised."""
    together = Barrier(len(acts))

    def do(act: Callable[[], Any]) -> Any:
        together.wait()
        try:
            return act()
        except Exception as raised:
            return raised
        finally:
            connection.close()

    with ThreadPoolExecutor(len(acts)) as threads:
        return list(threads.map(do, acts))


def fresh(claim: Claim) -> Claim:
    return Claim.objects.get(pk=claim.pk)


def test_of_two_agents_who_approve_at_once_one_wins_and_the_other_reads_who_did():
    claim = factories.assessed()
    agents = [factories.agent(), factories.agent()]
    answers = at_once(*[lambda by=by: claims.decide(claim=fresh(claim), by=by) for by in agents])
    [decision] = [answer for answer in answers if isinstance(answer, Decision)]
    [refusal] = [answer for answer in answers if isinstance(answer, StepRefused)]
    assert str(refusal).startswith(f"{decision.by.name} a déjà décidé de cette demande le ")
    assert f"{timezone.localtime(decision.at):%d/%m/%Y à %H:%M}" in str(refusal)
    assert decision.by in [agent.account for agent in agents]
    assert PaymentOrder.objects.count() == Decision.objects.count() == 1


def test_of_an_approval_and_a_refusal_at_once_one_wins():
    claim = factories.assessed()
    one, other = factories.agent(), factories.agent()
    answers = at_once(
        lambda: claims.decide(claim=fresh(claim), by=one),
        lambda: claims.refuse(claim=fresh(claim), reason_code="R01", explanation="", by=other),
    )
    assert sorted(type(answer).__name__ for answer in answers) == ["Decision", "StepRefused"]
    assert PaymentOrder.objects.exists() == (fresh(claim).status == Status.PROCESSED)


def test_a_double_click_on_send_sends_once():
    claim = factories.complete()
    owner = factories.owner(claim)
    answers = at_once(*[lambda: claims.submit(claim=fresh(claim), certified=True, by=owner)] * 4)
    assert answers.count(None) == 1
    assert [type(answer) for answer in answers if answer is not None] == [StepRefused] * 3
    assert Entry.objects.filter(event="claim.submit").count() == 1


def test_sending_again_later_changes_neither_the_date_nor_what_is_due(frozen):
    claim = factories.sent()
    sent_at, due_on = fresh(claim).sent_at, fresh(claim).due_on
    frozen.shift(timedelta(days=10))
    with pytest.raises(StepRefused):
        claims.submit(claim=fresh(claim), certified=True, by=factories.owner(claim))
    assert (fresh(claim).sent_at, fresh(claim).due_on) == (sent_at, due_on)


def test_the_same_request_sent_many_times_at_once_opens_one_draft():
    person, key = factories.insured(), uuid4()
    answers = at_once(*[lambda: factories.draft(person, request_key=key)] * 6)
    assert {type(answer) for answer in answers} == {Claim}
    assert len({answer.pk for answer in answers if isinstance(answer, Claim)}) == 1
    assert Entry.objects.filter(event="claim.open").count() == 1


def test_taking_up_a_claim_set_aside_many_times_at_once_opens_one_draft():
    claim, key = factories.unusable(), uuid4()
    owner = factories.owner(claim)
    answers = at_once(*[lambda: claims.start_again(claim=fresh(claim), request_key=key, by=owner)] * 4)
    assert {type(answer) for answer in answers} == {Claim}
    assert Claim.objects.exclude(pk=claim.pk).count() == 1


def test_a_file_let_go_by_two_claims_at_once_is_destroyed_once():
    claim = factories.unusable()
    owner = factories.owner(claim)
    drafts = [claims.start_again(claim=claim, request_key=uuid4(), by=owner) for _ in range(2)]
    claim.attachments.all().delete()
    answers = at_once(*[lambda draft=draft: claims.discard(claim=fresh(draft), by=owner) for draft in drafts])
    assert answers == [None, None]
    assert list(Document.objects.values_list("status", flat=True)) == [DocumentStatus.INFECTED]


def test_files_sent_at_once_never_pass_the_limit(settings):
    settings.FILES_PER_CLAIM = 3
    claim = factories.draft()
    answers = at_once(*[lambda: factories.attachment(fresh(claim))] * 6)
    assert sum(isinstance(answer, Attachment) for answer in answers) == 3
    assert sum(isinstance(answer, claims.TooMuch) for answer in answers) == 3


def test_a_file_joined_while_the_claim_is_sent_is_either_sent_or_refused():
    claim = factories.complete()
    owner = factories.owner(claim)
    before = claim.attachments.count()
    joined, _ = at_once(
        lambda: factories.attachment(fresh(claim)), lambda: claims.submit(claim=fresh(claim), certified=True, by=owner)
    )
    sent = Entry.objects.get(event="claim.submit").facts["files"]
    assert isinstance(joined, Attachment | StepRefused)
    assert sent == before + isinstance(joined, Attachment) == claim.attachments.count()


def test_two_batches_at_once_hold_each_order_once():
    orders = [factories.visaed() for _ in range(3)]
    accountants = [factories.accountant(), factories.accountant()]
    answers = at_once(*[lambda by=by: payments.prepare_batch(by=by) for by in accountants])
    assert sorted(type(answer).__name__ for answer in answers) == ["Batch", "NothingToSend"]
    assert Batch.objects.get().count == len(orders)
    assert Batch.objects.get().total == sum((order.amount for order in orders), Decimal(0))


def test_of_replacements_at_once_the_same_file_is_one_and_another_comes_too_late():
    paper, content = factories.to_replace(), factories.pdf()

    def replaces(content: bytes | None = None) -> Attachment:
        return factories.replacement(Attachment.objects.get(pk=paper.pk), content=content)

    answers = at_once(*[lambda: replaces(content)] * 4, replaces)
    [new] = Attachment.objects.filter(replaces=paper)
    late = [answer for answer in answers if isinstance(answer, claims.NotReplaceable)]
    assert [answer for answer in answers if answer not in late] == [new] * (5 - len(late))
    assert len(late) == (1 if new.document.sha256 == sha256(content).hexdigest() else 4)
    assert Entry.objects.filter(event="claim.replace_paper").count() == 1


def test_of_a_verdict_lifted_and_a_replacement_at_once_one_wins():
    agent = factories.agent()
    paper = factories.to_replace(by=agent)

    def again() -> Attachment:
        return Attachment.objects.get(pk=paper.pk)

    lifted, replaced = at_once(
        lambda: claims.judge(attachment=again(), verdict=PaperVerdict.ACCEPTED, by=agent),
        lambda: factories.replacement(again()),
    )
    came = Attachment.objects.filter(replaces=paper).exists()
    assert isinstance(lifted, StepRefused) == came
    assert isinstance(replaced, claims.NotReplaceable) == (not came)
    assert again().verdict == (PaperVerdict.UNREADABLE if came else PaperVerdict.ACCEPTED)
