"""What follows from what somebody does with their own account: they are told, and what they leave is put away."""

from datetime import timedelta

from django.utils import timezone

from escale.domain.accounts import actions as accounts
from escale.domain.accounts.actor import SYSTEM
from escale.domain.accounts.models import Account, PendingAddress
from escale.domain.claims import actions as claims
from escale.domain.claims import queries
from escale.domain.claims.lifecycle import Status
from escale.domain.claims.models import Claim
from escale.domain.journal.models import Entry
from escale.domain.mandates import actions as mandates
from escale.domain.notices import actions as notices
from escale.domain.notices.models import Notice
from escale.domain.registry import actions as registry
from escale.domain.registry.lifecycle import AccountStatus
from escale.domain.registry.models import BankAccount, InsuredPerson
from escale.domain.statements import actions as statements
from escale.jobs.tasks import following, reaction
from escale.rules import recourse

PHONE = recourse.FUND.phone
LATELY = timedelta(days=30)
"""For how long an address that was left is still told of what may be stolen."""


@reaction()
def tell_address_asked(pk: int) -> None:
    """Write to the address that is left, and to the one that is wanted: that it is taken, if another account has it."""
    asked = PendingAddress.objects.select_related("account").filter(pk=pk).first()
    if asked is None:  # confirmed or given up meanwhile
        return
    notices.write(kind="address_asked", to=asked.account, about=asked, phone=PHONE)
    taken = Account.objects.filter(email=asked.address).exists()
    notices.write(kind="address_taken" if taken else "address_to_confirm", to=asked.address, about=asked)


@following()
def tell_address_changed(entry: Entry) -> None:
    """Write to the new address, and to the one that was left, where the change had been announced."""
    account = entry.actor
    assert account
    announced = Notice.objects.filter(kind="address_asked", about=entry.subject, account=account).first()
    if announced:
        notices.write(kind="address_changed", to=announced.address, about=entry, phone=PHONE)
    notices.write(kind="address_changed", to=account, about=entry, phone=PHONE)


@reaction()
def tell_bank_account(pk: int) -> None:
    """Announce another bank account wherever its owner was written to lately, by its last four characters only."""
    _tell_of_account(pk, kind="bank_account_changed")


@reaction()
def tell_bank_account_checked(pk: int) -> None:
    _tell_of_account(pk, kind="bank_account_checked")


@reaction()
def tell_bank_account_denied(pk: int) -> None:
    _tell_of_account(pk, kind="bank_account_denied")


def _tell_of_account(pk: int, *, kind: str) -> None:
    declared = BankAccount.objects.select_related("insured__account").get(pk=pk)
    owner = declared.insured.account
    if owner is None:
        return
    lately = Notice.objects.filter(account=owner, written_at__gt=timezone.now() - LATELY)
    before = {*lately.values_list("address", flat=True)} - {owner.email, ""}
    is_known = declared.status == AccountStatus.KNOWN
    told = {"last": declared.masked_iban[-4:], "is_known": is_known, "by_hand": declared.by_hand, "phone": PHONE}
    for to in (owner, *sorted(before)):
        notices.write(kind=kind, to=to, about=declared, **told)


@following()
def tell_exported(entry: Entry) -> None:
    assert entry.actor
    notices.write(kind="data_exported", to=entry.actor, about=entry)


@following()
def put_away(entry: Entry) -> None:
    """Tell somebody that their account is closed, then let go of all that only an account is for."""
    account = entry.actor
    assert account
    insured = InsuredPerson.objects.filter(account=account).first()
    going_on = queries.going_on(account).exists()
    notices.write(kind="account_closed", to=account, about=entry, going_on=going_on, phone=PHONE)
    mandates.end_all(account=account)
    statements.end_all(account=account)
    if insured:
        for draft in Claim.objects.filter(insured=insured, status=Status.DRAFT).order_by("pk"):
            claims.discard(claim=draft, by=SYSTEM)
        registry.release(insured=insured)
    accounts.erase(account=account)
