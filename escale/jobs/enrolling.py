"""The work of the night shift at the door: it writes to those who ask for an account, and posts them their code."""

from django.db import transaction
from django.utils import timezone

from escale.domain.accounts.actor import SYSTEM
from escale.domain.accounts.models import Account
from escale.domain.enrolment import actions as enrolments
from escale.domain.enrolment import queries
from escale.domain.enrolment.lifecycle import KNOWN, Status
from escale.domain.enrolment.models import CODE_KEPT, Enrolment, Purpose
from escale.domain.journal.models import Entry
from escale.domain.notices import actions as notices
from escale.domain.notices import queries as written
from escale.domain.registry import queries as registry
from escale.jobs.tasks import following, reaction
from escale.rules import recourse

_PAPERS = {Purpose.CREATE: "account_code", Purpose.RECOVER: "recovery_code"}


@reaction()
def answer_request(pk: int) -> None:
    """
    Write to the address that was typed; only whoever reads it learns whether it serves an account.

    While the link of an earlier message holds, it serves for this request too: nobody is flooded, nor starved, by what
    others type.
    """
    enrolment = Enrolment.objects.get(pk=pk)
    earlier = queries.waiting(enrolment.email, purpose=Purpose(enrolment.purpose)).filter(pk__lt=pk)
    if enrolment.status != Status.ASKED or written.any_about(earlier):
        return
    owner = queries.owner(enrolment.email)
    if enrolment.purpose == Purpose.CREATE:
        kind = "account_exists" if owner and queries.is_insured(owner) else "account_asked"
    else:
        kind = "recovery_asked" if owner or queries.has_code(enrolment.email) else "recovery_unknown"
    notices.write(kind=kind, to=owner or enrolment.email, about=enrolment, phone=recourse.FUND.phone)


@reaction()
def match_enrolment(pk: int) -> None:
    """Look for the owner of a confirmed request, and post them a code where the registry says that they live."""
    enrolment = Enrolment.objects.get(pk=pk)
    if enrolments.recognise(enrolment=enrolment) is not None:
        enrolment.refresh_from_db()
        _post_first_code(enrolment)


def post_waiting() -> None:
    """Post their code to those who were recognised when no letter could leave, once it can."""
    for enrolment in Enrolment.objects.filter(status=Status.RECOGNISED).order_by("pk").iterator():
        _post_first_code(enrolment)


def _post_first_code(enrolment: Enrolment) -> None:
    if enrolment.status == Status.RECOGNISED and queries.may_be_posted(enrolment):
        _post_code(enrolment, drawn=0)


@following()
def post_code_again(entry: Entry) -> None:
    _post_code(_subject(entry), drawn=entry.facts["drawn"])


@transaction.atomic
def _post_code(enrolment: Enrolment, *, drawn: int) -> None:
    """
    Draw a code and write it in a letter, in one transaction: nobody reads it before the envelope is opened.

    `drawn` is how many there were when it was asked for: a code handed over since then stays good.
    """
    enrolment.lock()
    if enrolment.status not in KNOWN or enrolment.drawn != drawn:
        return
    insured = enrolment.insured
    assert insured
    address = registry.address(insured, on=timezone.localdate())
    if not address:
        return
    code = enrolments.draw(enrolment=enrolment, step="post", by=SYSTEM)
    notices.post(
        kind=_PAPERS[Purpose(enrolment.purpose)],
        to=insured,
        about=enrolment,
        address=address,
        code=code,
        number=enrolment.number,
        email=queries.masked(enrolment.email),
        asked_at=enrolment.asked_at,
        until=timezone.now() + CODE_KEPT,
        tries=enrolments.TRIES,
    )


@following()
def withdraw_code(entry: Entry) -> None:
    """Withdraw the letter whose code is void, because another was handed over; not one that was written since."""
    enrolment = _subject(entry)
    if enrolment.drawn == entry.facts["drawn"]:
        notices.withdraw(about=enrolment)


def _subject(entry: Entry) -> Enrolment:
    return Enrolment.objects.get(pk=int(entry.subject.rpartition(":")[2]))


@reaction()
def tell_asked_elsewhere(pk: int) -> None:
    """Tell the owner of an account, where they are written to, that somebody comes back into it by another address."""
    enrolment = Enrolment.objects.select_related("account").get(pk=pk)
    account = enrolment.account
    if account and enrolment.status in KNOWN and account.email != enrolment.email:
        notices.write(kind="recovery_elsewhere", to=account, about=enrolment, phone=recourse.FUND.phone)


@reaction()
def tell_opened(pk: int) -> None:
    """Tell the owner of an account that it was opened or came back, by e-mail, and on paper if it was at a counter."""
    enrolment = Enrolment.objects.select_related("account", "insured").get(pk=pk)
    account = enrolment.account
    assert account
    kind = "account_opened" if enrolment.purpose == Purpose.CREATE else "account_recovered"
    notices.write(kind=kind, to=account, about=enrolment, phone=recourse.FUND.phone)
    if left := written.address_of(kind="recovery_elsewhere", about=enrolment):
        notices.write(kind="address_changed", to=left, about=enrolment, phone=recourse.FUND.phone)
    if enrolment.insured and enrolment.handed:
        _tell_on_paper(enrolment, account)


def _tell_on_paper(enrolment: Enrolment, account: Account) -> None:
    assert enrolment.insured
    address = registry.address(enrolment.insured, on=timezone.localdate())
    if address:
        words = {"number": enrolment.number, "email": queries.masked(account.email or ""), "at": timezone.now()}
        notices.post(kind="account_opened", to=enrolment.insured, about=enrolment, address=address, **words)
