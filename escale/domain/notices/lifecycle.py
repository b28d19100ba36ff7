"""The lives of what the Fund writes to somebody: a message, a letter on paper, and the batch in which it leaves."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from escale.domain.accounts.models import Role
from escale.rules.lifecycle import STAYS, Lifecycle, step


class Status(TextChoices):
    """Whether it has left, or never will."""

    QUEUED = "queued", _("À envoyer")
    SENT = "sent", _("Envoyé")
    REFUSED = "refused", _("Refusé par le serveur du destinataire")


class PaperStatus(TextChoices):
    """Where a letter is between the desk and the post."""

    WRITTEN = "written", _("À imprimer")
    GATHERED = "gathered", _("Dans un envoi")
    POSTED = "posted", _("Posté")
    WITHDRAWN = "withdrawn", _("Retiré")


class LetterBatchStatus(TextChoices):
    """Whether letters have been given to the post."""

    PREPARED = "prepared", _("À imprimer et à poster")
    POSTED = "posted", _("Posté")


S, R = Status, Role

LIFECYCLE = Lifecycle("notice", start=S.QUEUED, steps=(
    #    step       from         to          by
    step("send",    {S.QUEUED},  S.SENT,     {R.SYSTEM}),
    step("give_up", {S.QUEUED},  S.REFUSED,  {R.SYSTEM}),
))  # fmt: skip

P, MAIL_ROOM = PaperStatus, {R.COUNTER, R.SUPERVISOR}

LETTER = Lifecycle("letter", start=P.WRITTEN, steps=(
    #    step        from         to            by
    step("gather",   {P.WRITTEN}, P.GATHERED,   MAIL_ROOM),
    step("withdraw", {P.WRITTEN}, P.WITHDRAWN,  {R.SYSTEM}),
    step("post",     {P.GATHERED}, P.POSTED,    MAIL_ROOM),
))  # fmt: skip

B = LetterBatchStatus

LETTER_BATCH = Lifecycle("letter_batch", start=B.PREPARED, steps=(
    #    step    from          to         by
    step("take", {B.PREPARED}, STAYS,     MAIL_ROOM, decides=True),
    step("post", {B.PREPARED}, B.POSTED,  MAIL_ROOM, decides=True),
))  # fmt: skip
