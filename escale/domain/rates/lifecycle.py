"""The life of a rate: nobody uses it before it is in force, and nobody puts in force what they proposed."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from escale.domain.accounts.models import Role
from escale.rules.lifecycle import Lifecycle, step


class Status(TextChoices):
    """Where a rate stands."""

    PROPOSED = "proposed", _("À confirmer")
    IN_FORCE = "in_force", _("En usage")
    REJECTED = "rejected", _("Écarté")
    WITHDRAWN = "withdrawn", _("Retiré")


S, R = Status, Role

RATE = Lifecycle("rate", start=S.PROPOSED, steps=(
    #    step        from           to           by
    step("publish",  {S.PROPOSED},  S.IN_FORCE,  {R.SYSTEM}),
    step("confirm",  {S.PROPOSED},  S.IN_FORCE,  {R.AGENT, R.SUPERVISOR}, decides=True),
    step("reject",   {S.PROPOSED},  S.REJECTED,  {R.AGENT, R.SUPERVISOR}),
    step("withdraw", {S.IN_FORCE},  S.WITHDRAWN, {R.SUPERVISOR, R.SYSTEM}),
))  # fmt: skip
