"""The way of a euro, from the transfer of the bank to the image of a bill."""

from django.db.models import Prefetch, QuerySet

from escale.domain.claims.models import Attachment, Award
from escale.domain.payments.models import PaymentOrder


def trace(order: PaymentOrder) -> QuerySet[Award]:
    """
    Return what an order pays, from each of its lines to the bill and to its files (2 queries).

    One that is issued again pays what the first did not: its own lines have no award, those of the first do.
    """
    first = order
    while first.replaces:
        first = first.replaces
    files = Prefetch("line__bill__attachments", Attachment.objects.current().select_related("document").order_by("pk"))
    paid = Award.objects.filter(payment_line__order=first).select_related("payment_line", "line__bill__claim")
    return paid.prefetch_related(files).order_by("payment_line")
