"""A draw by lot: announced, listed, then drawn."""

import secrets
from datetime import date
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from escale.domain.accounts.actor import SYSTEM, Actor
from escale.domain.accounts.models import Account, Role
from escale.domain.case import Unacceptable
from escale.domain.controls import queries
from escale.domain.controls.actions.originals import keep_papers, name_originals
from escale.domain.controls.models import Control, ControlReason, Draw, DrawnFrom, Lot, Stratum
from escale.rules import sampling
from escale.rules.lifecycle import StepRefused
from escale.rules.sampling import Unit

_ORDER = list(Stratum)
_A_FEW = 50


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
def draw(*, draw: Draw, by: Actor) -> int:
    """
    Fix the list, then draw the seed, and return how many claims are drawn: `open_drawn` opens their controls.

    :raises StepRefused: if it was drawn already, or if nothing was paid in its days.
    """
    draw.lock()
    if "draw" not in draw.steps_open_to(by):
        raise StepRefused("Ce tirage est déjà fait : sa graine est publiée.")
    every = queries.listed(draw)
    if not every:
        raise StepRefused("Aucune demande payée entre ces jours : annoncez un autre tirage.")
    units = [Unit(claim.number, stratum) for claim, stratum in every]
    digest, seed = sampling.digest(units), secrets.token_hex(32)
    drawn = {unit.name for unit in sampling.draw(units, seed=seed, number=draw.number, percent=draw.percent)}
    DrawnFrom.objects.bulk_create(
        (
            DrawnFrom(draw=draw, claim=claim, stratum=stratum, lot=Lot.DRAWN if claim.number in drawn else "")
            for claim, stratum in every
        ),
        batch_size=5_000,
    )
    draw.seed, draw.digest, draw.sizes = seed, digest, sampling.sizes(units)
    draw.drawn_by, draw.drawn_at = by.signatory, timezone.now()
    draw.save(update_fields=["seed", "digest", "sizes", "drawn_by", "drawn_at"])
    draw.advance("draw", by=by, seed=seed, digest=digest, listed=len(units))
    return len(drawn)


def open_drawn(*, draw: Draw, most: int = _A_FEW) -> bool:
    """Open the controls of some more claims drawn, each by itself; tell whether any is left. Run again, it goes on."""
    waiting = queries.to_open(draw)
    for one in list(waiting[:most]):
        _open(one)
    return waiting.exists()


@transaction.atomic
def _open(one: DrawnFrom) -> None:
    """Open the control of a claim drawn, unless another was opened meanwhile, or it may not be controlled any more."""
    one.claim.lock()
    one.refresh_from_db(fields=["lot"])
    if one.lot != Lot.DRAWN:
        return
    known = Control.objects.standing().filter(claim=one.claim).exists()
    if known or not queries.may_be_controlled(one.claim):
        one.lot = Lot.PASSED
    else:
        _control(one)
        one.lot = Lot.OPENED
    one.save(update_fields=["lot"])


def _control(one: DrawnFrom) -> None:
    by = Actor(Role.SUPERVISOR, one.draw.drawn_by)
    control = Control.open(
        by=by, claim=one.claim, reason=ControlReason.DRAWN, draw=one.draw, stratum=one.stratum, opened_by=by.signatory
    )
    name_originals(control)
    if not one.claim.belongs_to(by.signatory):  # the lot chose: whoever asks for the originals will have them kept
        keep_papers(control, by=by)


@transaction.atomic
def forget_draw(*, draw: Draw) -> None:
    """Delete a draw that has had its time, with its list."""
    draw.advance("forget", by=SYSTEM)
