"""The lives of a file received, and of one on its way."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from escale.domain.accounts.models import Role
from escale.rules.lifecycle import ENDS, Lifecycle, step


class Status(TextChoices):
    """What is known of a file: only a clean one is ever shown to anyone but its sender."""

    QUARANTINED = "quarantined", _("Contrôle antivirus en cours")
    CLEAN = "clean", _("Contrôlée, saine")
    INFECTED = "infected", _("Contient un virus")
    UNSCANNABLE = "unscannable", _("Ne peut pas être contrôlée")
    LOST = "lost", _("Perdue à la suite d’un incident")


class UploadStatus(TextChoices):
    """How far a file on its way has come."""

    ARRIVING = "arriving", _("En cours d’envoi")
    LOCKED = "locked", _("Protégée par un mot de passe")
    REFUSED = "refused", _("Refusée")
    RECEIVED = "received", _("Reçue")


S, U, R = Status, UploadStatus, Role
ON_ITS_WAY = (U.ARRIVING, U.LOCKED)

DOCUMENT = Lifecycle("document", start=S.QUARANTINED, steps=(
    #    step          from                                       to              by
    step("clear",      {S.QUARANTINED},                           S.CLEAN,        {R.SYSTEM}),
    step("infect",     {S.QUARANTINED, S.CLEAN},                  S.INFECTED,     {R.SYSTEM}),
    step("set_aside",  {S.QUARANTINED},                           S.UNSCANNABLE,  {R.SYSTEM}),
    step("lose",       {S.QUARANTINED, S.CLEAN, S.UNSCANNABLE},   S.LOST,         {R.SYSTEM}),
    step("discard",    set(S),                                    ENDS,           {R.INSURED, R.SYSTEM}),
))  # fmt: skip

UPLOAD = Lifecycle("upload", start=U.ARRIVING, steps=(
    #    step       from                        to            by
    step("lock",    {U.ARRIVING},               U.LOCKED,     {R.INSURED, R.SYSTEM}),
    step("refuse",  {U.ARRIVING, U.LOCKED},     U.REFUSED,    {R.INSURED, R.SYSTEM}),
    step("receive", {U.ARRIVING, U.LOCKED},     U.RECEIVED,   {R.INSURED, R.SYSTEM}),
    step("discard", set(U),                     ENDS,         {R.INSURED, R.SYSTEM}),
))  # fmt: skip
