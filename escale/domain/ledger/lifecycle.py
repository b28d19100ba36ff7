"""The life of a month of the ledger: open, then closed for good by two people."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from escale.domain.accounts.models import Role
from escale.rules.lifecycle import Lifecycle, step


class Status(TextChoices):
    """Whether an entry may still be dated in a month."""

    OPEN = "open", _("Ouvert")
    PROPOSED = "proposed", _("Clôture proposée")
    CLOSED = "closed", _("Clos")


S, R = Status, Role
ACCOUNTANTS = frozenset({R.ACCOUNTANT, R.SECOND_ACCOUNTANT})

MONTH = Lifecycle("ledger_month", start=S.OPEN, steps=(
    #    step       from           to           by
    step("propose", {S.OPEN},      S.PROPOSED,  ACCOUNTANTS),
    step("recall",  {S.PROPOSED},  S.OPEN,      ACCOUNTANTS),
    step("close",   {S.PROPOSED},  S.CLOSED,    ACCOUNTANTS, decides=True),
))  # fmt: skip
