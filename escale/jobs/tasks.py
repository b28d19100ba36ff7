"""The work of the night shift; each task may be run again without harm."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from typing import Any

from django.db import close_old_connections
from django.db.models import Model
from django.utils import timezone
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app
from procrastinate.tasks import Task

from escale.domain.accounts.actor import Actor
from escale.domain.accounts.models import Account, Device, Identity, Role
from escale.domain.claims import actions as claims
from escale.domain.claims import completeness, queries, secrecy, upkeep, waiting
from escale.domain.claims.lifecycle import Status
from escale.domain.claims.models import Claim, Decision
from escale.domain.documents import actions as documents
from escale.domain.documents import queries as of_documents
from escale.domain.documents.models import Document
from escale.domain.journal import queries as journal
from escale.domain.journal.actions import name_of
from escale.domain.journal.models import Entry
from escale.domain.mandates import queries as mandates
from escale.domain.mandates.models import Mandate
from escale.domain.notices import actions as notices
from escale.domain.notices import queries as letters
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


def following(*, queue: str = "default") -> Callable[[Callable[[Entry], None]], Task]:
    """Make a task that gets an entry, and is tried again until it succeeds: an outage only delays."""

    def decorate(function: Callable[[Entry], None]) -> Task:
        @wraps(function)
        def run(entry: int) -> None:
            with fresh_connections():
                written = Entry.objects.select_related("actor").get(pk=entry)
                with parameters.reading(tariffs.edition()):
                    function(written)

        patience = RetryStrategy(wait=AGAIN_AFTER, linear_wait=AGAIN_AFTER)
        return app.task(name=function.__name__, queue=queue, retry=patience)(run)

    return decorate


def reaction(*, queue: str = "default") -> Callable[[Callable[[int], None]], Task]:
    """Make such a task that gets the key of the subject of the entry."""

    def decorate(function: Callable[[int], None]) -> Task:
        @wraps(function)
        def of_subject(entry: Entry) -> None:
            function(int(entry.subject.rpartition(":")[2]))

        return following(queue=queue)(of_subject)

    return decorate


def recipient(claim: Claim) -> Account | str:
    """Return the account of the sender; once it is closed, the last address at which they were written to."""
    return claim.insured.account or letters.last_address(kind="claim_sent", about=claim)


def _tell(claim: Claim, *, kind: str, about: Model, **words: Any) -> None:
    """Write to the sender of a claim; those who follow it in their name learn its number, and no more."""
    notices.write(kind=kind, to=recipient(claim), about=about, claim=claim, **words)
    for follower in mandates.followers(claim.insured, on=timezone.localdate()):
        notices.write(kind="claim_followed", to=follower, about=about, claim=claim)


@reaction(queue="scan")
def scan_claim(pk: int) -> None:
    scan(pk)


def scan(pk: int) -> None:
    """Scan the files of a claim that wait for it, and have the claim follow."""
    claim = Claim.objects.get(pk=pk)
    for document in Document.objects.waiting_for_scan().filter(attachments__claim=claim).order_by("pk"):
        documents.scan(document=document)
    claims.settle(claim=claim)


@reaction(queue="scan")
def scan_replacement(pk: int) -> None:
    """Scan what came in the place of a paper, or because it was asked for; ask again for what came to nothing."""
    scan(pk)
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
    sending = journal.of(name_of(claim)).filter(event="claim.submit").select_related("actor").latest("pk")
    helper = sending.actor.name if sending.actor and "mandate" in sending.facts else ""
    _tell(claim, kind="claim_sent", about=claim, receipt=receipt, helper=helper)


@reaction()
def tell_unusable(pk: int) -> None:
    claim = Claim.objects.select_related("insured__account").get(pk=pk)
    faulty = completeness.faulty(claim)
    _tell(claim, kind="claim_unusable", about=claim, faulty=faulty)


@reaction()
def tell_papers_to_replace(pk: int) -> None:
    _tell_papers_to_replace(pk)


def _tell_papers_to_replace(pk: int) -> None:
    """Write once for each verdict, and once for each file that was waited for and came to nothing."""
    claim = Claim.objects.select_related("insured__account").get(pk=pk)
    for why in waiting.reasons_to_replace(claim):
        _tell(claim, kind="paper_to_replace", about=why)


@reaction()
def tell_papers_asked(pk: int) -> None:
    """Write once for all the papers asked for at once."""
    claim = Claim.objects.select_related("insured__account").get(pk=pk)
    for asked in waiting.askings(claim):
        _tell(claim, kind="papers_asked", about=asked[0], asked=len(asked))


@following()
def tell_decision(entry: Entry) -> None:
    """Deposit the letter of a decision in the account, then write that it is there."""
    claims_of = Claim.objects.select_related("insured__account", "beneficiary__person__account")
    claim = claims_of.get(pk=entry.subject.rpartition(":")[2])
    taken = claim.decisions.taken().select_related("by", "order")
    decision = taken.get(pk=entry.facts["decision"]) if "decision" in entry.facts else taken.latest("pk")
    decision.claim = claim
    if claims.deposit_letter(decision=decision) is None:
        return  # annulled since: the next decision will be told
    refused = decision.lines.filter(refused=True).exists()
    kind = {
        (True, False): "claim_processed",
        (True, True): "claim_processed",
        (False, True): "claim_refused" if entry.event == "claim.refuse" else "claim_partly_refused",
    }.get((decision.approved, refused), "claim_settled")
    hidden = secrecy.hides_nature(claim, reader=Actor(Role.INSURED, claim.insured.account))
    refusals = [] if hidden else queries.refusals(decision.lines.order_by("pk"))
    categories = dict.fromkeys(one.reason.category.lower() for one in refusals)
    _tell(claim, kind=kind, about=decision, decision=decision, categories=list(categories))
    cared_for = claim.beneficiary.person and claim.beneficiary.person.account
    if cared_for and cared_for != claim.insured.account:
        notices.write(kind="answered_for_you", to=cared_for, about=decision, claim=claim)


@following()
def tell_reopened(entry: Entry) -> None:
    decision = Decision.objects.select_related("claim__insured__account").get(pk=entry.facts["decision"])
    _tell(decision.claim, kind="claim_reopened", about=decision)


@reaction()
def tell_new_device(pk: int) -> None:
    for device in Device.objects.select_related("account").filter(pk=pk):
        notices.write(kind="new_device", to=device.account, about=device, device=device)


_PASSWORDS = ["account.change_password", "account.choose_password"]


@reaction()
def tell_password(pk: int) -> None:
    """Write that a password was changed, or chosen by whoever entered without one; who begins by it knows."""
    past = journal.of(name_of(Account.objects.get(pk=pk)))
    changed = past.filter(event__in=_PASSWORDS).last()
    entered = past.filter(event="account.sign_in").first()
    if changed and (changed.event == "account.change_password" or (entered and entered.pk < changed.pk)):
        _tell_last(pk, "password_changed", _PASSWORDS)


@reaction()
def tell_identity(pk: int) -> None:
    for identity in Identity.objects.select_related("account").filter(pk=pk):
        notices.write(kind="identity_bound", to=identity.account, about=identity, identity=identity)


@reaction()
def tell_unbound(pk: int) -> None:
    _tell_last(pk, "identity_unbound", ["account.unbind_identity"])


@reaction()
def tell_factors(pk: int) -> None:
    events = ["account.add_factor", "account.remove_factor", "account.use_code", "account.draw_codes"]
    _tell_last(pk, "factor_changed", events)


def _tell_last(pk: int, kind: str, events: list[str]) -> None:
    """Write to the owner of an account what was last done to it: once, even if it was done twice at once."""
    account = Account.objects.get(pk=pk)
    last = journal.of(name_of(account)).filter(event__in=events).last()
    assert last
    notices.write(kind=kind, to=account, about=last, event=last.event, what=last.facts.get("kind", ""), at=last.at)


@reaction()
def invite_delegate(pk: int) -> None:
    """Write to whoever is offered a mandate, on their account if the address has one."""
    mandate = Mandate.objects.get(pk=pk)
    known = Account.objects.filter(email=mandate.address, is_active=True).first()
    notices.write(kind="mandate_offered", to=known or mandate.address, about=mandate)


@reaction()
def tell_accepted(pk: int) -> None:
    mandate = Mandate.objects.with_people().get(pk=pk)
    if mandate.principal.account:
        notices.write(kind="mandate_accepted", to=mandate.principal.account, about=mandate)


@reaction()
def tell_given_up(pk: int) -> None:
    mandate = Mandate.objects.with_people().get(pk=pk)
    if mandate.principal.account:
        notices.write(kind="mandate_over", to=mandate.principal.account, about=mandate)


@reaction()
def tell_revoked(pk: int) -> None:
    mandate = Mandate.objects.with_people().get(pk=pk)
    if mandate.delegate:
        notices.write(kind="mandate_over", to=mandate.delegate, about=mandate)


@reaction()
def send_notice(pk: int) -> None:
    notices.send(notice=Notice.objects.get(pk=pk))


@reaction()
def reopen_claim(pk: int) -> None:
    claims.reopen(order=PaymentOrder.objects.get(pk=pk))


@reaction()
def send_batch(pk: int) -> None:
    payments.send_batch(batch=Batch.objects.get(pk=pk))
