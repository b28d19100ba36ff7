"""How a payment is told to the complementary insurers that a consent names: once, and never without it."""

from collections.abc import Sequence
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from escale.domain.accounts.actor import SYSTEM
from escale.domain.claims.models import Award
from escale.domain.documents import queries as documents
from escale.domain.payments.lifecycle import OrderStatus
from escale.domain.payments.models import PaymentOrder
from escale.domain.statements import exchange, queries
from escale.domain.statements.lifecycle import TransmissionStatus
from escale.domain.statements.models import SharingConsent, Transmission
from escale.gateways import complementary, outbox
from escale.gateways.complementary import Kind


@transaction.atomic
def follow_payment(*, order: PaymentOrder) -> None:
    """
    Prepare what is to be told of an order as it stands: that it was paid, or that what was told came back.

    Asked again, it prepares nothing more.
    """
    order.lock()
    left = Transmission.objects.filter(order=order).exclude(status=TransmissionStatus.WITHHELD)
    last = {one.consent_id: one for one in left.select_related("consent__insurer").order_by("rank")}
    if order.status != OrderStatus.EXECUTED:
        for told in last.values():
            if told.kind == Kind.STATEMENT and told.status == TransmissionStatus.SENT and told.consent.lets_correct:
                _prepare(told.consent, order, cancels=told)
    else:
        awards = queries.awards(order)
        for consent in exchange.consents(order, awards):
            if consent.pk not in last or last[consent.pk].kind == Kind.CANCELLATION:
                _prepare(consent, order, awards)


def _prepare(
    consent: SharingConsent, order: PaymentOrder, awards: Sequence[Award] = (), *, cancels: Transmission | None = None
) -> None:
    rank = Transmission.objects.filter(order=order).aggregate(last=Max("rank"))["last"] or 0
    kind = Kind.CANCELLATION if cancels else Kind.STATEMENT
    prepared = Transmission(consent=consent, order=order, rank=rank + 1, kind=kind, cancels=cancels)
    told = exchange.message(prepared, awards, on=timezone.localdate())
    stored = documents.vault().put([complementary.as_json(told)])
    Transmission.open(
        by=SYSTEM,
        consent=consent,
        order=order,
        rank=prepared.rank,
        kind=kind.value,
        cancels=cancels,
        key=stored.key,
        sha256=stored.sha256,
    )


@transaction.atomic
def transmit(*, transmission: Transmission) -> None:
    """
    Lay a message in the folder of its insurer, once, whatever stops in between; keep it if it may no more leave.

    It may as long as the consent was not taken back and, for a payment, as long as it would be prepared today.
    """
    transmission.lock()
    if transmission.status != TransmissionStatus.PREPARED:
        return
    folder, name = Path(settings.INSURERS_FOLDER) / transmission.consent.insurer.code, f"{transmission}.json"
    if _is_shown(transmission, folder, name):
        Transmission.objects.filter(pk=transmission.pk).update(sent_at=timezone.now())
        transmission.advance("send", by=SYSTEM)
    else:
        outbox.give_up(folder, name)
        _withhold(transmission)
    follow_payment(order=transmission.order)  # the bank may have taken it back meanwhile, or executed it after all


def _is_shown(transmission: Transmission, folder: Path, name: str) -> bool:
    """Have a message show if it may leave, while nobody takes the consent back; tell whether it did, now or before."""
    if outbox.was_shown(folder, name):
        return True
    if not _may_leave(transmission):
        return False
    outbox.make_ready(folder, name, documents.vault().chunks(transmission.key))  # nobody waits for a share that hangs
    transmission.order.lock()
    transmission.consent.lock()
    if not _may_leave(transmission):
        return False
    outbox.show(folder, name)
    return True


def _may_leave(transmission: Transmission) -> bool:
    """Tell whether what was prepared is still true, still agreed to, and still no secret from who agreed."""
    consent, order = transmission.consent, transmission.order
    if transmission.kind == Kind.CANCELLATION:
        return consent.lets_correct
    return consent in exchange.consents(order, queries.awards(order))


def _withhold(transmission: Transmission) -> None:
    key = transmission.key
    Transmission.objects.filter(pk=transmission.pk).update(key="")
    transmission.advance("withhold", by=SYSTEM)
    transaction.on_commit(lambda: documents.vault().delete(key))
