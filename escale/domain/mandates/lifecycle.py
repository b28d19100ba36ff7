"""The life of a mandate: offered by one, accepted by the other, over on its last day or as soon as either wants."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from escale.domain.accounts.models import Role
from escale.rules.lifecycle import Lifecycle, step


class Status(TextChoices):
    """Where a mandate stands; an accepted one serves between its two days only."""

    OFFERED = "offered", _("Proposé")
    ACCEPTED = "accepted", _("Accepté")
    DECLINED = "declined", _("Refusé")
    REVOKED = "revoked", _("Retiré")
    GIVEN_UP = "given_up", _("Abandonné")
    ENDED = "ended", _("Terminé")


S, R = Status, Role

LIFECYCLE = Lifecycle("mandate", start=S.OFFERED, steps=(
    #    step       from                       to            by
    step("accept",  {S.OFFERED},               S.ACCEPTED,   {R.INSURED}),
    step("decline", {S.OFFERED},               S.DECLINED,   {R.INSURED}),
    step("revoke",  {S.OFFERED, S.ACCEPTED},   S.REVOKED,    {R.INSURED}),
    step("give_up", {S.ACCEPTED},              S.GIVEN_UP,   {R.INSURED}),
    step("end",     {S.OFFERED, S.ACCEPTED},   S.ENDED,      {R.SYSTEM}),
))  # fmt: skip
