"""The life of a file received."""

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


S, R = Status, Role

LIFECYCLE = Lifecycle("document", start=S.QUARANTINED, steps=(
    #    step          from                                       to              by
    step("clear",      {S.QUARANTINED},                           S.CLEAN,        {R.SYSTEM}),
    step("infect",     {S.QUARANTINED, S.CLEAN},                  S.INFECTED,     {R.SYSTEM}),
    step("set_aside",  {S.QUARANTINED},                           S.UNSCANNABLE,  {R.SYSTEM}),
    step("lose",       {S.QUARANTINED, S.CLEAN, S.UNSCANNABLE},   S.LOST,         {R.SYSTEM}),
    step("discard",    set(S),                                    ENDS,           {R.INSURED, R.SYSTEM}),
))  # fmt: skip
