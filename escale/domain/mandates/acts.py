"""The acts that somebody may be given to do in another's name, and the steps of the lifecycles that each opens."""

from collections.abc import Iterable

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Act(TextChoices):
    """What one does in another's name; whoever may do anything may follow, and nobody touches the bank account."""

    FOLLOW = "follow", _("Suivre les demandes et lire les décomptes")
    PREPARE = "prepare", _("Préparer une demande et y joindre des pièces")
    SEND = "send", _("Certifier et envoyer une demande")
    ANSWER = "answer", _("Envoyer une pièce demandée par la Caisse, ou remplacer une pièce")
    CONTEST = "contest", _("Contester une décision, ou répondre à une somme réclamée")


_FILES = frozenset({
    "upload.open", "upload.lock", "upload.refuse", "upload.receive", "upload.discard", "document.discard",
})  # fmt: skip

STEPS: dict[Act, frozenset[str]] = {
    Act.FOLLOW: frozenset(),
    Act.PREPARE: _FILES | {"claim.open", "claim.change", "claim.discard", "document.open"},
    Act.SEND: frozenset({"claim.submit"}),
    Act.ANSWER: _FILES | {"claim.replace_paper", "claim.provide_paper", "document.open", "control.post"},
    Act.CONTEST: _FILES
    | {
        "appeal.open",
        "appeal.add",
        "appeal.withdraw",
        "claim.join_to_appeal",
        "debt.contest",
        "debt.ask_plan",
        "document.open",
    },
}


def steps(acts: Iterable[str]) -> frozenset[str]:
    """Return the steps that these acts open together."""
    return frozenset().union(*(STEPS[Act(act)] for act in acts))
