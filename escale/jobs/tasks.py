"""The work of the night shift; each task may be run again without harm."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps

from django.db import close_old_connections
from django.utils import timezone
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app
from procrastinate.tasks import Task

from escale.domain.accounts import staff
from escale.domain.accounts.models import Account, Grant, Hat
from escale.domain.claims import actions as claims
from escale.domain.claims import completeness, queries, upkeep, waiting
from escale.domain.claims.lifecycle import Status
from escale.domain.claims.models import Claim
from escale.domain.documents import actions as documents
from escale.domain.documents import queries as of_documents
from escale.domain.documents.models import Document
from escale.domain.journal.models import Entry
from escale.domain.notices import actions as notices
from escale.domain.notices.models import Notice
from escale.domain.payments import actions as payments
from escale.domain.payments.models import Batch, PaymentOrder
from escale.domain.tariffs import queries as tariffs
from escale.rules import parameters, recourse
from escale.rules.deadlines import Residence

AGAIN_AFTER = 10
"""Seconds before what failed is tried again; as many more after each new failure."""


@contextmanager
def fresh_connections() -> Iterator[None]:
    """Work on connections to the database that are not too old, and leave none that is."""
    close_old_connections()
    try:
        yield
    finally:
        close_old_connections()


def reaction(*, queue: str = "default") -> Callable[[Callable[[int], None]], Task]:
    """Make a task that gets the subject of an entry, and is tried again until it succeeds: an outage only delays."""

    def decorate(function: Callable[[int], None]) -> Task:
        @wraps(function)
        def run(entry: int) -> None:
            with fresh_connections():
                subject = Entry.objects.values_list("subject", flat=True).get(pk=entry)
                with parameters.reading(tariffs.edition()):
                    function(int(subject.rpartition(":")[2]))

        patience = RetryStrategy(wait=AGAIN_AFTER, linear_wait=AGAIN_AFTER)
        return app.task(name=function.__name__, queue=queue, retry=patience)(run)

    return decorate


def recipient(claim: Claim) -> Account:
    """Return the account of the sender, who signed in to send the claim."""
    account = claim.insured.account
    assert account
    return account


@reaction(queue="scan")
def scan_claim(pk: int) -> None:
    _scan(pk)


def _scan(pk: int) -> None:
    claim = Claim.objects.get(pk=pk)
    for document in Document.objects.waiting_for_scan().filter(attachments__claim=claim).order_by("pk"):
        documents.scan(document=document)
    claims.settle(claim=claim)


@reaction(queue="scan")
def scan_replacement(pk: int) -> None:
    """Scan what came in the place of a paper, or because it was asked for; ask again for what came to nothing."""
    _scan(pk)
    _tell_papers_to_replace(pk)


@reaction(queue="scan")
def verify_document(pk: int) -> None:
    for document in Document.objects.filter(pk=pk):
        documents.verify(document=document)


@reaction()
def follow_document(pk: int) -> None:
    """Have claims follow a file that is infected or lost; those whose files are being scanned do so by themselves."""
    waiting = Document.objects.waiting_for_scan().values("pk")
    being_scanned = Claim.objects.filter(status=Status.SENT, attachments__document__in=waiting)
    followers = Claim.objects.filter(attachments__document=pk).exclude(pk__in=being_scanned.values("pk"))
    for claim in followers.order_by("pk").distinct():
        claims.settle(claim=claim)


@reaction()
def warn_readers(pk: int) -> None:
    for document in Document.objects.filter(pk=pk):
        seen = list(upkeep.shown_of(document))
        for account in of_documents.readers(document):
            notices.write(kind="virus_after_reading", to=account, about=document, claims=seen)


@reaction()
def acknowledge_claim(pk: int) -> None:
    claim = Claim.objects.with_people().select_related("insured__account").get(pk=pk)
    received_on = timezone.localdate(claim.sent_at)
    receipt = recourse.receipt(received_on=received_on, residence=Residence(claim.insured.residence))
    notices.write(kind="claim_sent", to=recipient(claim), about=claim, claim=claim, receipt=receipt)


@reaction()
def tell_unusable(pk: int) -> None:
    claim = Claim.objects.select_related("insured__account").get(pk=pk)
    faulty = completeness.faulty(claim)
    notices.write(kind="claim_unusable", to=recipient(claim), about=claim, claim=claim, faulty=faulty)


@reaction()
def tell_papers_to_replace(pk: int) -> None:
    _tell_papers_to_replace(pk)


def _tell_papers_to_replace(pk: int) -> None:
    """Write once for each verdict, and once for each file that was waited for and came to nothing."""
    claim = Claim.objects.select_related("insured__account").get(pk=pk)
    for why in waiting.reasons_to_replace(claim):
        notices.write(kind="paper_to_replace", to=recipient(claim), about=why, claim=claim)


@reaction()
def tell_papers_asked(pk: int) -> None:
    """Write once for all the papers asked for at once."""
    claim = Claim.objects.select_related("insured__account").get(pk=pk)
    for asked in waiting.askings(claim):
        notices.write(kind="papers_asked", to=recipient(claim), about=asked[0], claim=claim, asked=len(asked))


@reaction()
def tell_decision(pk: int) -> None:
    claim = Claim.objects.select_related("insured__account").get(pk=pk)
    decision = claim.decisions.latest("pk")
    kind = "claim_processed" if decision.approved else "claim_refused"
    notices.write(
        kind=kind,
        to=recipient(claim),
        about=decision,
        claim=claim,
        reason=queries.refusal(decision),
    )


@reaction()
def tell_reopened(pk: int) -> None:
    claim = Claim.objects.select_related("insured__account").get(pk=pk)
    decision = claim.decisions.latest("pk")
    notices.write(kind="claim_reopened", to=recipient(claim), about=decision, claim=claim)


@reaction()
def send_notice(pk: int) -> None:
    notices.send(notice=Notice.objects.get(pk=pk))


@reaction()
def reopen_claim(pk: int) -> None:
    claims.reopen(order=PaymentOrder.objects.get(pk=pk))


@reaction()
def send_batch(pk: int) -> None:
    payments.send_batch(batch=Batch.objects.get(pk=pk))


@reaction()
def invite(pk: int) -> None:
    """Invite whoever was given a hat and has no password yet."""
    _invite(Hat.objects.filter(pk=pk).select_related("account").first())


@reaction()
def invite_again(pk: int) -> None:
    """Invite somebody of the Fund to prove themselves anew."""
    _invite(Grant.objects.select_related("account").get(pk=pk))


def _invite(given: Hat | Grant | None) -> None:
    if given and not given.account.has_usable_password():
        notices.write(kind="staff_invited", to=staff.address(given.account), about=given, name=given.account.name)
