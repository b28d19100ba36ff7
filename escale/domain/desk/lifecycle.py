"""The life of an act on many claims: prepared and shown, then done one claim after another, and undone if it can be."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from escale.domain.accounts.models import Role
from escale.rules.lifecycle import Lifecycle, step


class GroupedStatus(TextChoices):
    """Where an act on many claims stands."""

    READY = "ready", _("À confirmer")
    RUNNING = "running", _("En cours")
    DONE = "done", _("Terminé")
    UNDOING = "undoing", _("Annulation en cours")
    UNDONE = "undone", _("Annulé")


S, R = GroupedStatus, Role

LIFECYCLE = Lifecycle("grouped_act", start=S.READY, steps=(
    #    step      from           to          by
    step("launch", {S.READY},     S.RUNNING,  {R.AGENT, R.SUPERVISOR}),
    step("finish", {S.RUNNING},   S.DONE,     {R.SYSTEM}),
    step("undo",   {S.DONE},      S.UNDOING,  {R.AGENT, R.SUPERVISOR}),
    step("finish", {S.UNDOING},   S.UNDONE,   {R.SYSTEM}),
))  # fmt: skip
