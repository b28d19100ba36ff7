"""The life of what the Fund writes to somebody."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from escale.domain.accounts.models import Role
from escale.rules.lifecycle import Lifecycle, step


class Status(TextChoices):
    """Whether it has left, or never will."""

    QUEUED = "queued", _("À envoyer")
    SENT = "sent", _("Envoyé")
    REFUSED = "refused", _("Refusé par le serveur du destinataire")


S, R = Status, Role

LIFECYCLE = Lifecycle("notice", start=S.QUEUED, steps=(
    #    step       from         to          by
    step("send",    {S.QUEUED},  S.SENT,     {R.SYSTEM}),
    step("give_up", {S.QUEUED},  S.REFUSED,  {R.SYSTEM}),
))  # fmt: skip
