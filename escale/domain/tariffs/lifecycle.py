"""The life of an edition: one supervisor proposes it, another puts it in force; nothing takes it back."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from escale.domain.accounts.models import Role
from escale.rules.lifecycle import Lifecycle, step


class Status(TextChoices):
    """Whether the house reads an edition."""

    PROPOSED = "proposed", _("À vérifier")
    IN_FORCE = "in_force", _("En vigueur")
    REJECTED = "rejected", _("Écartée")


S, R = Status, Role

EDITION = Lifecycle("edition", start=S.PROPOSED, steps=(
    #    step            from           to            by
    step("put_in_force", {S.PROPOSED},  S.IN_FORCE,   {R.SUPERVISOR}, decides=True),
    step("reject",       {S.PROPOSED},  S.REJECTED,   {R.SUPERVISOR}),
))  # fmt: skip
