"""The life of an appeal: filed, prepared, then decided by the commission, or by its silence."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from escale.domain.accounts.models import Role
from escale.rules.lifecycle import ENDS, STAYS, Lifecycle, step


class Status(TextChoices):
    """Where an appeal stands."""

    FILED = "filed", _("Déposé")
    EXAMINED = "examined", _("En cours d’examen")
    GRANTED = "granted", _("Accueilli")
    PARTLY = "partly", _("Accueilli en partie")
    REJECTED = "rejected", _("Rejeté")
    SILENT = "silent", _("Rejeté par silence")
    WITHDRAWN = "withdrawn", _("Retiré")


S, R = Status, Role
OPEN = {S.FILED, S.EXAMINED}
GRANTED = {S.GRANTED, S.PARTLY}
ANSWERED = GRANTED | {S.REJECTED}
TO_ANSWER = {S.EXAMINED, S.SILENT}  # the commission may still answer after its silence: nothing is forgotten
OVER = ANSWERED | {S.SILENT, S.WITHDRAWN}

LIFECYCLE = Lifecycle("appeal", start=S.FILED, steps=(
    #    step           from        to           by
    step("add",         OPEN,       STAYS,       {R.INSURED}),
    step("withdraw",    OPEN,       S.WITHDRAWN, {R.INSURED}),
    step("examine",     {S.FILED},  S.EXAMINED,  {R.AGENT, R.SUPERVISOR}, decides=True),
    step("receive",     OPEN,       STAYS,       {R.AGENT, R.SUPERVISOR}, decides=True),
    step("grant",       TO_ANSWER,  S.GRANTED,   {R.SUPERVISOR}, decides=True),
    step("grant_part",  TO_ANSWER,  S.PARTLY,    {R.SUPERVISOR}, decides=True),
    step("reject",      TO_ANSWER,  S.REJECTED,  {R.SUPERVISOR}, decides=True),
    step("take_up",     GRANTED,    STAYS,       {R.SUPERVISOR}, decides=True),
    step("carry_out",   GRANTED,    STAYS,       {R.SUPERVISOR}, decides=True),
    step("run_anew",    OPEN,       STAYS,       {R.SYSTEM}),
    step("set_back",    OPEN,       STAYS,       {R.SYSTEM}),
    step("lapse",       OPEN,       S.SILENT,    {R.SYSTEM}),
    step("forget",      OVER,       ENDS,        {R.SYSTEM}),
))  # fmt: skip
