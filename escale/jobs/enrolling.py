"""The work of the night shift at the door: it writes to those who ask for an account, and posts them their code."""

from django.db import transaction
from django.utils import timezone

from escale.domain.accounts.actor import SYSTEM
from escale.domain.accounts.models import Account
from escale.domain.enrolment import actions as enrolments
from escale.domain.enrolment import queries
from escale.domain.enrolment.lifecycle import KNOWN, Status
from escale.domain.enrolment.models import CODE_KEPT, Enrolment, Purpose
from escale.domain.notices import actions as notices
from escale.domain.registry import queries as registry
from escale.jobs.tasks import reaction
from escale.rules import recourse

_PAPERS = {Purpose.CREATE: "account_code", Purpose.RECOVER: "recovery_code"}


@reaction()
def answer_request(pk: int) -> None:
    """Write to the address that was typed; only whoever reads it learns whether it serves an account."""
    enrolment = Enrolment.objects.get(pk=pk)
    if enrolment.status != Status.ASKED or not queries.may_be_written(enrolment):
        return
    owner = queries.owner(enrolment.email)
    creates = enrolment.purpose == Purpose.CREATE
    kind = {
        (True, False): "account_asked",
        (True, True): "account_exists",
        (False, True): "recovery_asked",
        (False, False): "recovery_unknown",
    }[creates, owner is not None]
    notices.write(kind=kind, to=owner or enrolment.email, about=enrolment, phone=recourse.FUND.phone)


@reaction()
def match_enrolment(pk: int) -> None:
    """Look for the owner of a confirmed request, and post them a code where the registry says that they live."""
    enrolment = Enrolment.objects.get(pk=pk)
    if enrolments.recognise(enrolment=enrolment) is not None:
        enrolment.refresh_from_db()
        if enrolment.status == Status.RECOGNISED and queries.may_be_posted(enrolment):
            _post_code(enrolment)


@reaction()
def post_code_again(pk: int) -> None:
    enrolment = Enrolment.objects.get(pk=pk)
    if enrolment.status in KNOWN:
        _post_code(enrolment)


@transaction.atomic
def _post_code(enrolment: Enrolment) -> None:
    """Draw a code and write it in a letter, in one transaction: nobody reads it before the envelope is opened."""
    enrolment.lock()
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
        email=masked(enrolment.email),
        asked_at=enrolment.asked_at,
        until=timezone.now() + CODE_KEPT,
        tries=enrolments.TRIES,
    )


@reaction()
def withdraw_code(pk: int) -> None:
    """Withdraw the letter whose code is void, because another was handed over."""
    notices.withdraw(about=Enrolment.objects.get(pk=pk))


@reaction()
def tell_opened(pk: int) -> None:
    """Tell the owner of an account that it was opened or came back, by e-mail, and on paper if it was at a counter."""
    enrolment = Enrolment.objects.select_related("account", "insured").get(pk=pk)
    account = enrolment.account
    assert account
    kind = "account_opened" if enrolment.purpose == Purpose.CREATE else "account_recovered"
    notices.write(kind=kind, to=account, about=enrolment, phone=recourse.FUND.phone)
    if enrolment.insured and enrolment.handed:
        _tell_on_paper(enrolment, account)


def _tell_on_paper(enrolment: Enrolment, account: Account) -> None:
    assert enrolment.insured
    address = registry.address(enrolment.insured, on=timezone.localdate())
    if address:
        words = {"number": enrolment.number, "email": masked(account.email or ""), "at": timezone.now()}
        notices.post(kind="account_opened", to=enrolment.insured, about=enrolment, address=address, **words)


def masked(email: str) -> str:
    """Return just enough of an address for its owner to know it again."""
    name, at, domain = email.partition("@")
    return f"{name[:2]}•••{at}{domain}"
