"""A draw by lot: announced, listed, then drawn."""

import secrets
from datetime import date
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from escale.domain.accounts.actor import Actor
from escale.domain.accounts.models import Account
from escale.domain.case import Unacceptable
from escale.domain.controls import queries
from escale.domain.controls.actions.originals import name_originals
from escale.domain.controls.models import Control, ControlReason, Draw, DrawnFrom, Stratum
from escale.rules import sampling
from escale.rules.lifecycle import StepRefused
from escale.rules.sampling import Unit

_ORDER = list(Stratum)


@transaction.atomic
def announce(
    *, paid_from: date, paid_until: date, strata: list[str], number: int, percent: int, request_key: UUID, by: Actor
) -> Draw:
    """
    Announce a draw: what it is drawn from, in which groups, and how many of each; sent twice, it is announced once.

    :raises Unacceptable: if the days or the sizes make no sense, or if what is to be paid is among it.
    """
    Account.objects.select_for_update().get(pk=by.signatory.pk)  # one page sent twice at once comes one after the other
    if known := Draw.objects.filter(request_key=request_key).first():
        return known
    errors = {}
    if paid_until <= paid_from:
        errors["paid_until"] = _("Le dernier jour est avant le premier : corrigez l’un des deux.")
    elif paid_until > timezone.localdate():
        errors["paid_until"] = _("Seules des demandes déjà payées sont tirées au sort : choisissez un jour passé.")
    if (number > 0) == (percent > 0):
        errors["number"] = _("Choisissez un nombre par groupe, ou une part de chaque groupe : l’un des deux.")
    if errors:
        raise Unacceptable(errors)
    return Draw.open(
        by=by,
        request_key=request_key,
        paid_from=paid_from,
        paid_until=paid_until,
        strata=sorted(set(strata), key=lambda name: _ORDER.index(Stratum(name))),
        number=number,
        percent=percent,
        announced_by=by.signatory,
    )


@transaction.atomic
def draw(*, draw: Draw, by: Actor) -> list[Control]:
    """
    Fix the list, then draw the seed, and open a control of each claim drawn.

    :raises StepRefused: if it was drawn already, or if nothing was paid in its days.
    """
    draw.lock()
    if "draw" not in draw.steps_open_to(by):
        raise StepRefused("Ce tirage est déjà fait : sa graine est publiée.")
    every = queries.listed(draw)
    if not every:
        raise StepRefused("Aucune demande payée entre ces jours : annoncez un autre tirage.")
    listed = {claim.number: (claim, stratum) for claim, stratum in every}
    units = [Unit(number, stratum) for number, (_claim, stratum) in listed.items()]
    digest, seed = sampling.digest(units), secrets.token_hex(32)
    DrawnFrom.objects.bulk_create(
        (DrawnFrom(draw=draw, claim=claim, stratum=stratum) for claim, stratum in every), batch_size=5_000
    )
    draw.seed, draw.digest, draw.sizes = seed, digest, sampling.sizes(units)
    draw.drawn_by, draw.drawn_at = by.signatory, timezone.now()
    draw.save(update_fields=["seed", "digest", "sizes", "drawn_by", "drawn_at"])
    draw.advance("draw", by=by, seed=seed, digest=digest, listed=len(units))
    return [
        _opened(listed[unit.name][0], unit.stratum, draw=draw, by=by)
        for unit in sampling.draw(units, seed=seed, number=draw.number, percent=draw.percent)
    ]


def _opened(claim: object, stratum: str, *, draw: Draw, by: Actor) -> Control:
    control = Control.open(
        by=by, claim=claim, reason=ControlReason.DRAWN, draw=draw, stratum=stratum, opened_by=by.signatory
    )
    name_originals(control)
    return control
