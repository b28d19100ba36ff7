"""What follows from a consent to share one's statements: people are told, and what is paid is told to their insurer."""

from escale.domain.journal.models import Entry
from escale.domain.notices import actions as notices
from escale.domain.payments.models import PaymentOrder
from escale.domain.statements import actions as statements
from escale.domain.statements.models import SharingConsent, Transmission
from escale.jobs.tasks import following, reaction


@following()
def tell_sharing(entry: Entry) -> None:
    """Write to whoever gave a consent that they did, took it back or see it end: somebody else may have done it."""
    consent = SharingConsent.objects.select_related("insured__account").get(pk=int(entry.subject.rpartition(":")[2]))
    if consent.insured.account:
        step = entry.event.rpartition(".")[2]
        notices.write(kind="sharing_changed", to=consent.insured.account, about=entry, step=step)


@reaction()
def follow_payment(pk: int) -> None:
    statements.follow_payment(order=PaymentOrder.objects.get(pk=pk))


@reaction()
def transmit(pk: int) -> None:
    transmission = Transmission.objects.select_related("order", "consent__insurer").get(pk=pk)
    statements.transmit(transmission=transmission)
