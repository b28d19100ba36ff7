"""The life of a consent to share one's statements, and that of each message that it lets leave."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from escale.domain.accounts.models import Role
from escale.rules.lifecycle import Lifecycle, step


class ConsentStatus(TextChoices):
    """Whether it may let something leave: what is paid between its two days, even told later, until it is withdrawn."""

    GIVEN = "given", _("En vigueur")
    WITHDRAWN = "withdrawn", _("Retiré")
    ENDED = "ended", _("Terminé")


class TransmissionStatus(TextChoices):
    """Whether a message left for the insurer."""

    PREPARED = "prepared", _("En cours d’envoi")
    SENT = "sent", _("Transmis")
    WITHHELD = "withheld", _("Non transmis")


R, C, T = Role, ConsentStatus, TransmissionStatus

CONSENT = Lifecycle("sharing_consent", start=C.GIVEN, steps=(
    #    step        from                to           by
    step("withdraw", {C.GIVEN, C.ENDED}, C.WITHDRAWN, {R.INSURED}),
    step("end",      {C.GIVEN},          C.ENDED,     {R.SYSTEM}),
    step("forgo",    {C.GIVEN, C.ENDED}, C.WITHDRAWN, {R.SYSTEM}),  # the account closes
))  # fmt: skip

TRANSMISSION = Lifecycle("transmission", start=T.PREPARED, steps=(
    #    step        from          to           by
    step("send",     {T.PREPARED}, T.SENT,      {R.SYSTEM}),
    step("withhold", {T.PREPARED}, T.WITHHELD,  {R.SYSTEM}),
))  # fmt: skip
