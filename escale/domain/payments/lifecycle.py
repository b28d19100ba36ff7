"""The lives of an order of payment and of a batch of transfers."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from escale.domain.accounts.models import Role
from escale.rules.lifecycle import Lifecycle, step


class OrderStatus(TextChoices):
    """Whether the accountant has accepted to pay."""

    ORDERED = "ordered", _("À viser")
    APPROVED = "approved", _("Visé")
    REJECTED = "rejected", _("Visa refusé")


class BatchStatus(TextChoices):
    """Whether the bank has the file."""

    PREPARED = "prepared", _("Préparé")
    SENT = "sent", _("Transmis à la banque")


R = Role

ORDER = Lifecycle("payment", start=OrderStatus.ORDERED, steps=(
    #    step      from                     to                     by
    step("visa",   {OrderStatus.ORDERED},   OrderStatus.APPROVED,  {R.ACCOUNTANT}, decides=True),
    step("reject", {OrderStatus.ORDERED, OrderStatus.APPROVED}, OrderStatus.REJECTED, {R.ACCOUNTANT}, decides=True),
))  # fmt: skip

BATCH = Lifecycle("batch", start=BatchStatus.PREPARED, steps=(
    #    step    from                     to                by
    step("send", {BatchStatus.PREPARED},  BatchStatus.SENT, {R.SYSTEM}),
))  # fmt: skip
