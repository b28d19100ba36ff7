"""What follows from what the bank sends back: its files taken in and read, people told, payments made again."""

from pathlib import Path

from django.conf import settings
from django.db import DatabaseError
from django.utils import timezone

from escale.domain.accounts.actor import SYSTEM
from escale.domain.accounts.models import Account
from escale.domain.claims import actions as claims
from escale.domain.claims.models import Decision
from escale.domain.journal.models import Entry
from escale.domain.notices import actions as notices
from escale.domain.payments import actions as payments
from escale.domain.payments import reissues
from escale.domain.payments.lifecycle import BACK, OrderStatus
from escale.domain.payments.models import BankFile, Batch, Discrepancy, PaymentOrder
from escale.gateways import bank
from escale.jobs.tasks import following, reaction, recipient
from escale.rules import parameters
from escale.rules.lifecycle import StepRefused


def collect() -> None:
    """
    Take in the files that the bank laid, each put away once it is kept; cut short, it begins again.

    :raises ExceptionGroup: if some could not be: the others were.
    """
    faults = []
    for path in bank.collect(Path(settings.BANK_INBOX)):
        try:
            _take_in(path)
        except Exception as fault:
            faults.append(fault)
    if faults:
        raise ExceptionGroup("files of the bank that could not be taken in", faults)


def _take_in(path: Path) -> None:
    with path.open("rb") as file:
        kept = payments.receive(name=path.name, chunks=iter(lambda: file.read(1 << 16), b""))
    bank.put_away(path, sha256=kept.sha256)


def reissue_to_new_accounts() -> None:
    """Order again what came back from an account, once another one is known for long enough; none stops the others."""
    faults = []
    for order in reissues.to_reissue(today=timezone.localdate()):
        try:
            payments.reissue(order=order, by=SYSTEM)
        except (StepRefused, payments.Unacceptable):
            continue  # somebody did it, or doubts it, meanwhile
        except DatabaseError as fault:
            faults.append(fault)
    if faults:
        raise ExceptionGroup("orders that could not be issued again", faults)


@reaction()
def read_bank_file(pk: int) -> None:
    payments.read_bank_file(file=BankFile.objects.get(pk=pk))


@reaction()
def refuse_denied(pk: int) -> None:
    payments.refuse_denied()


@reaction()
def hear_what_was_early(pk: int) -> None:
    payments.hear_again(batch=Batch.objects.get(pk=pk))


@following()
def tell_payment(entry: Entry) -> None:
    """Write to whoever is paid that the money left, or that it came back: no sum, no account, no reason.

    A file that the bank refused whole, or a transfer not made by hand, is ours to mend: nobody is worried
    before some days.
    """
    order = _order_of(entry)
    if entry.event == "payment.fail" and reissues.came_back_without_fault(order):
        days = int(parameters.value("refused_file_patience_days", on=timezone.localdate()))
        tell_unless_mended.configure(schedule_in={"days": days}).defer(entry=entry.pk)
    else:
        _tell("payment_made" if entry.event == "payment.execute" else "payment_came_back", order)


@following()
def tell_unless_mended(entry: Entry) -> None:
    """Write to whoever is paid that the money did not leave, unless it was ordered again meanwhile."""
    order = _order_of(entry)
    if order.status in BACK and not PaymentOrder.objects.filter(replaces=order).exists():
        _tell("payment_came_back", order)


def _order_of(entry: Entry) -> PaymentOrder:
    return PaymentOrder.objects.select_related("insured__account").get(pk=int(entry.subject.rpartition(":")[2]))


def _tell(kind: str, order: PaymentOrder) -> None:
    notices.write(kind=kind, to=_whoever_is_paid(order), about=order, reference=order.reference)


def _whoever_is_paid(order: PaymentOrder) -> Account | str:
    """Return the account of whoever is paid; once it is closed, the last address at which they were written to."""
    if order.insured.account:
        return order.insured.account
    decision = Decision.objects.select_related("claim__insured__account").filter(order=order).first()
    return recipient(decision.claim) if decision else ""


@reaction()
def follow_reconciled(pk: int) -> None:
    for order in Discrepancy.objects.get(pk=pk).concerned.filter(status=OrderStatus.EXECUTED, reissue__isnull=False):
        claims.follow_payment(order=order)


@reaction()
def follow_reissue(pk: int) -> None:
    claims.follow_reissue(order=PaymentOrder.objects.get(pk=pk))
