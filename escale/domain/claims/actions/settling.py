"""How an agent settles where, why and when care was given: the law is asked again, then each line."""

from copy import copy
from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import TextChoices
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from escale.domain.accounts.actor import Actor
from escale.domain.case import Unacceptable
from escale.domain.claims import queries
from escale.domain.claims.actions.assessing import lock_undecided
from escale.domain.claims.actions.draft import Redirected
from escale.domain.claims.models import Claim, ClaimLine
from escale.rules import scope

_FIELDS = ("territory", "stay", "stay_from", "stay_until")
_FLAGS = ("opex", "accident")


class Grounds(TextChoices):
    """What shows the true stay: codes, which the journal keeps and the insured person reads."""

    BILLS = "bills", gettext_lazy("les factures")
    ORDER = "order", gettext_lazy("l’ordre de mission ou d’affectation")
    PAPER = "paper", gettext_lazy("une autre pièce de la demande")
    TOLD = "told", gettext_lazy("des précisions reçues depuis l’envoi")
    RECORD = "record", gettext_lazy("le dossier administratif")


@transaction.atomic
def settle_stay(
    *,
    claim: Claim,
    territory: str,
    stay: scope.Stay,
    stay_from: date,
    stay_until: date | None,
    grounds: Grounds,
    by: Actor,
    opex: bool = False,
    cause: scope.Cause | None = None,
    accident: bool = False,
) -> int:
    """
    Correct the stay of a claim that was sent, and return how many lines lose their amount; said twice, it is said once.

    :raises Redirected: if another fund is competent: the claim is as it was, and is to be refused.
    :raises Unacceptable: if the place is still unknown, or if the dates make no sense.
    :raises StepRefused: if the claim is no longer worked on; the message says who decided, and when.
    """
    lock_undecided(claim)
    settled = copy(claim)
    settled.territory, settled.stay, settled.stay_from, settled.stay_until = territory, stay, stay_from, stay_until
    settled.opex, settled.accident = opex and stay is scope.Stay.MISSION, accident
    _check(settled, cause)
    before, after = _told(claim), _told(settled)
    if before == after and "settle_stay" in claim.steps_open_to(by):
        return 0
    lines = ClaimLine.objects.filter(bill__claim=claim, decision=None)
    lost = lines.filter(due__isnull=False).count()
    claim.advance("settle_stay", by=by, before=before, after=after, grounds=grounds, lines=lost)
    for name in (*_FIELDS, *_FLAGS):
        setattr(claim, name, getattr(settled, name))
    claim.save(update_fields=[*_FIELDS, *_FLAGS])
    undone: dict[str, Any] = {"participation": 0, "franchise": 0, "counted_on": None, "explanation": [], "to_judge": []}
    lines.update(due=None, refused=False, **undone)
    return lost


def _check(settled: Claim, cause: scope.Cause | None) -> None:
    errors = {}
    if settled.stay_from > timezone.localdate():
        errors["stay_from"] = _("Le début du séjour est dans le futur : corrigez cette date.")
    if settled.stay_until and settled.stay_until <= settled.stay_from:
        errors["stay_until"] = _("La fin du séjour est avant son début : corrigez l’une des deux dates.")
    try:
        unplaced = queries.is_unplaced(settled)
    except LookupError:
        errors["territory"] = _("Ce pays n’existait pas au début du séjour : choisissez-en un autre.")
    else:
        if unplaced:
            errors["territory"] = _("Indiquez où les soins ont été donnés : un pays, un territoire, ou « En mer ».")
    if errors:
        raise Unacceptable(errors)
    competent = queries.competence(settled, cause=cause)
    if competent.fund:
        raise Redirected(competent)


def _told(claim: Claim) -> list[str]:
    """Write a stay as the journal keeps it: four words, and those of the flags that hold."""
    return [*(str(getattr(claim, name) or "") for name in _FIELDS), *(name for name in _FLAGS if getattr(claim, name))]
