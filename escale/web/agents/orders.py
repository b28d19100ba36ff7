"""The orders of payment as the lists of the accountants show them."""

from collections.abc import Iterable, Iterator

from escale.domain.accounts.actor import Actor
from escale.domain.payments.models import PaymentOrder


def with_steps(orders: Iterable[PaymentOrder], *, actor: Actor) -> Iterator[tuple[PaymentOrder, frozenset[str]]]:
    """Return with each order within reach what may be done of it, asked once of those that are alike."""
    known: dict[tuple[bool, str], frozenset[str]] = {}
    for one in orders:
        alike = actor.signatory.pk in one.hands, one.status
        if alike not in known:
            known[alike] = one.steps_open_to(actor)
        yield one, known[alike]
