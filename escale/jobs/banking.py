"""What follows from what the bank sends back: its files taken in and read, people told, payments made again."""

from contextlib import suppress
from pathlib import Path

from django.conf import settings
from django.utils import timezone

from escale.domain.accounts.actor import SYSTEM
from escale.domain.claims import actions as claims
from escale.domain.journal.models import Entry
from escale.domain.notices import actions as notices
from escale.domain.payments import actions as payments
from escale.domain.payments import reissues
from escale.domain.payments.lifecycle import OrderStatus
from escale.domain.payments.models import BankFile, Batch, Discrepancy, PaymentOrder
from escale.gateways import bank
from escale.jobs.demo import bank as demo_bank
from escale.jobs.tasks import following, reaction
from escale.rules.lifecycle import StepRefused


def collect() -> None:
    """Take in the files that the bank laid, each put away once it is kept; cut short, it begins again."""
    for path in bank.collect(Path(settings.BANK_INBOX)):
        with path.open("rb") as file:
            kept = payments.receive(name=path.name, chunks=iter(lambda: file.read(1 << 16), b""))
        bank.put_away(path, sha256=kept.sha256)


def play_the_bank() -> None:
    """Have the bank of the demonstration answer what was laid for it; a real bank answers by itself."""
    if settings.DEMO:
        demo_bank.play(Path(settings.BANK_FOLDER), Path(settings.BANK_INBOX))


def reissue_to_new_accounts() -> None:
    """Order again what came back from an account, once another one is known for long enough."""
    for order in reissues.to_reissue(today=timezone.localdate()):
        with suppress(StepRefused, payments.Unacceptable):  # somebody did it, or doubts it, meanwhile
            payments.reissue(order=order, by=SYSTEM)


@reaction()
def read_bank_file(pk: int) -> None:
    payments.read_bank_file(file=BankFile.objects.get(pk=pk))


@reaction()
def hear_what_was_early(pk: int) -> None:
    payments.hear_again(batch=Batch.objects.get(pk=pk))


@following()
def tell_payment(entry: Entry) -> None:
    """Write to whoever is paid that the money left, or that it came back: no sum, no account, no reason."""
    kind = "payment_made" if entry.event == "payment.execute" else "payment_came_back"
    order = PaymentOrder.objects.select_related("insured__account").get(pk=int(entry.subject.rpartition(":")[2]))
    if order.insured.account:
        notices.write(kind=kind, to=order.insured.account, about=order, reference=order.reference)


@reaction()
def follow_reconciled(pk: int) -> None:
    for order in Discrepancy.objects.get(pk=pk).concerned.filter(status=OrderStatus.EXECUTED, reissue__isnull=False):
        claims.follow_payment(order=order)


@reaction()
def follow_reissue(pk: int) -> None:
    claims.follow_reissue(order=PaymentOrder.objects.get(pk=pk))
