"""The way of a euro, from the transfer of the bank to the image of a bill, and back."""

from django.db.models import Prefetch, QuerySet

from escale.domain.accounts.actor import Actor
from escale.domain.claims.models import Attachment, Award
from escale.domain.payments.models import PaymentOrder


def trace(order: PaymentOrder, *, actor: Actor) -> QuerySet[Award]:
    """
    Return what an order pays, from each of its lines to the bill, and to the files of it that this actor may open.

    One that is issued again pays what the first did not: its own lines have no award, those of the first do.
    """
    first = order
    while first.replaces:
        first = first.replaces
    readable = Attachment.objects.visible_to(actor).current().select_related("document", "claim", "bill").order_by("pk")
    files = Prefetch("line__bill__attachments", readable)
    paid = Award.objects.filter(payment_line__order=first).select_related("payment_line", "line__bill__claim")
    return paid.prefetch_related(files).order_by("payment_line")
