"""What the insured person does: contest, complete, give up; and what comes by post."""

from collections.abc import Iterable
from datetime import date
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from escale.domain.accounts.actor import Actor
from escale.domain.appeals import queries
from escale.domain.appeals.actions import delay, holding
from escale.domain.appeals.lifecycle import OPEN
from escale.domain.appeals.models import Appeal, Point, Supplement
from escale.domain.case import Unacceptable
from escale.domain.claims.models import Attachment, Decision
from escale.rules.lifecycle import StepRefused


@transaction.atomic
def file(
    *,
    decision: Decision,
    points: Iterable[Point],
    text: str,
    papers: Iterable[Attachment],
    request_key: UUID,
    by: Actor,
    overpayment: str = "",
    until: date | None = None,
) -> Appeal:
    """
    Contest a decision, or a sum claimed back on it; filed twice, it is filed once. A late one is taken, and said late.

    `until` is the last day to contest it, that of the decision unless told.

    :raises Unacceptable: if no point is chosen, or one that it cannot bear on, or if nothing is said of it.
    :raises StepRefused: if an appeal against it is already open.
    """
    claim = decision.claim
    claim.lock()
    if filed := Appeal.objects.filter(request_key=request_key).first():
        return filed
    said = set(points)
    chosen = [point for point in queries.points(decision, reader=by, owed=bool(overpayment)) if point in said]
    _refuse_silent(chosen if len(chosen) == len(said) else [], text)
    if Appeal.objects.filter(decision=decision, overpayment=overpayment, status__in=OPEN).exists():
        raise StepRefused(_("Un recours contre cette décision est déjà en cours : complétez-le."))
    today = timezone.localdate()
    route = queries.route(chosen)
    appeal = Appeal.open(
        by=by,
        reference=queries.next_reference(claim),
        request_key=request_key,
        insured=claim.insured,
        decision=decision,
        overpayment=overpayment,
        route=route,
        points=chosen,
        text=text.strip(),
        late=today > (until or queries.appealable_until(decision)),
        due_on=queries.silence(route, received_on=today).on,
    )
    appeal.papers.set(papers)
    return appeal


@transaction.atomic
def add(*, appeal: Appeal, text: str, request_key: UUID, by: Actor) -> Supplement:
    """
    Add words to an appeal: only papers make the delay of the commission run anew (CSS, art. R. 142-6).

    :raises Unacceptable: if nothing is said.
    :raises StepRefused: if it is over.
    """
    return _complete(appeal, "add", text=text, received_on=timezone.localdate(), request_key=request_key, by=by)


@transaction.atomic
def receive(*, appeal: Appeal, text: str, received_on: date, request_key: UUID, by: Actor) -> Supplement:
    """
    Note the papers that came by post: unless it is medical, the delay of the commission runs from their reception.

    :raises Unacceptable: if they came before the appeal, or are yet to come.
    :raises StepRefused: if it is over, or if one may not prepare it.
    """
    if not timezone.localdate(appeal.filed_at) <= received_on <= timezone.localdate():
        raise Unacceptable({"received_on": _("Écrivez le jour de réception : depuis le dépôt du recours.")})
    return _complete(appeal, "receive", text=text, received_on=received_on, request_key=request_key, by=by)


def _complete(appeal: Appeal, step: str, *, text: str, received_on: date, request_key: UUID, by: Actor) -> Supplement:
    appeal.lock()
    if noted := appeal.supplements.filter(request_key=request_key).first():
        return noted
    if not text.strip():
        raise Unacceptable({"text": _("Écrivez ce que vous ajoutez.")})
    appeal.advance(step, by=by, received_on=received_on)
    added = Supplement.objects.create(
        appeal=appeal, text=text.strip(), received_on=received_on, by_post=step == "receive", request_key=request_key
    )
    delay.run_from_last(appeal)
    return added


@transaction.atomic
def withdraw(*, appeal: Appeal, by: Actor) -> None:
    """Give up an appeal; :raises StepRefused: if it is over."""
    holding.end(appeal)
    appeal.advance("withdraw", by=by)
    holding.release(appeal)


def _refuse_silent(points: list[Point], text: str) -> None:
    errors = {}
    if not points:
        errors["points"] = _("Choisissez au moins un des points proposés.")
    if not text.strip():
        errors["text"] = _("Écrivez en quelques mots pourquoi vous n’êtes pas d’accord.")
    if errors:
        raise Unacceptable(errors)
