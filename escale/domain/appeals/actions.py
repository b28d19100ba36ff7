"""What is done with an appeal: filed and completed by the insured person, prepared and answered by the Fund."""

from collections.abc import Iterable
from datetime import date
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from escale.domain.accounts.actor import SYSTEM, Actor
from escale.domain.appeals import queries
from escale.domain.appeals.lifecycle import OPEN, Status
from escale.domain.appeals.models import Appeal, Point, Supplement
from escale.domain.case import Unacceptable
from escale.domain.claims import actions as claims
from escale.domain.claims import upkeep
from escale.domain.claims.models import Attachment, Decision, HoldReason
from escale.domain.journal import actions as journal
from escale.rules.lifecycle import StepRefused

_STEPS = {Status.GRANTED: "grant", Status.PARTLY: "grant_part", Status.REJECTED: "reject"}


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
    _set_delay(appeal)
    return added


@transaction.atomic
def run_anew(*, appeal: Appeal) -> None:
    """Have the delay of an appeal that is still open run from the last file joined to it, unless a point is medical."""
    appeal.lock()
    if appeal.is_open:
        _set_delay(appeal)


def _set_delay(appeal: Appeal) -> None:
    """Have the delay run from the last papers; what was said never comes nearer, even once they are destroyed."""
    if (since := queries.restarted_on(appeal)) is None:
        return
    due_on = queries.silence(queries.Route(appeal.route), received_on=since).on
    if due_on > appeal.due_on:
        appeal.advance("run_anew", by=SYSTEM, before=appeal.due_on, due_on=due_on)
        appeal.due_on = due_on
        appeal.save(update_fields=["due_on"])


@transaction.atomic
def withdraw(*, appeal: Appeal, by: Actor) -> None:
    """Give up an appeal; :raises StepRefused: if it is over."""
    _end(appeal)
    appeal.advance("withdraw", by=by)
    _release_papers(appeal)


@transaction.atomic
def examine(*, appeal: Appeal, by: Actor) -> None:
    """
    Take an appeal to prepare it, and keep the papers of the claim as long as it lasts.

    :raises StepRefused: if it was taken, or if one took the decision, or is close to who appeals.
    """
    _lock(appeal)
    appeal.advance("examine", by=by)
    claim = appeal.decision.claim
    kept_by_hand = upkeep.holds(claim).filter(reason=HoldReason.APPEAL, appeals=None).exists()
    if claim.papers_destroyed_at is None and not kept_by_hand:
        appeal.hold = claims.hold(claim=claim, reason=HoldReason.APPEAL, by=by)
        appeal.save(update_fields=["hold"])


@transaction.atomic
def answer(*, appeal: Appeal, outcome: Status, session_on: date, reasons: str, articles: str, by: Actor) -> None:
    """
    Enter what the commission decided, and when; what it grants is then to be taken up.

    :raises Unacceptable: if it says no reason, or if its day is not come or precedes the appeal.
    :raises StepRefused: if it was answered, or if one took the decision, or is close to who appeals.
    """
    errors = {}
    if not reasons.strip():
        errors["reasons"] = _("Écrivez les motifs de la commission : la décision est motivée (CSS, art. R. 142-4).")
    if not timezone.localdate(appeal.filed_at) <= session_on <= timezone.localdate():
        errors["session_on"] = _("Écrivez le jour de la séance : depuis le dépôt du recours, sans être à venir.")
    if errors:
        raise Unacceptable(errors)
    _lock(appeal)
    appeal.session_on, appeal.entered_by, appeal.ended_at = session_on, by.signatory, timezone.now()
    appeal.reasons, appeal.articles = reasons.strip(), articles.strip()
    appeal.save(update_fields=["session_on", "entered_by", "ended_at", "reasons", "articles"])
    appeal.advance(_STEPS[outcome], by=by, session_on=session_on)
    _release_papers(appeal)


@transaction.atomic
def take_up(*, appeal: Appeal, by: Actor) -> bool:
    """
    Have an agent decide again what the commission granted; said twice, it is said once.

    Return whether it had to be: False if the decision no longer held, whose lines were to be decided again already.

    :raises StepRefused: if nothing is granted, if it is about a debt, or if the claim cannot be taken up yet (the
        message says why).
    """
    if appeal.overpayment:
        raise StepRefused(_("Ce recours porte sur un indu : rectifiez ou annulez l’indu."))
    _lock(appeal)
    if appeal.taken_up_at:
        return True
    held = Decision.objects.standing().filter(pk=appeal.decision_id, lines__isnull=False).exists()
    appeal.advance("take_up", by=by, held=held)
    if held:
        claims.take_up(decision=appeal.decision, by=by)
    _do(appeal)
    return held


@transaction.atomic
def carry_out(*, appeal: Appeal, by: Actor) -> None:
    """
    Say that what the commission granted about a debt was done on the debt; said twice, it is said once.

    :raises StepRefused: if nothing is granted, or if it is about a decision.
    """
    if not appeal.overpayment:
        raise StepRefused(_("Ce recours porte sur une décision : rendez la demande aux gestionnaires."))
    _lock(appeal)
    if appeal.taken_up_at:
        return
    appeal.advance("carry_out", by=by)
    _do(appeal)


@transaction.atomic
def lapse(*, appeal: Appeal) -> None:
    """Let silence reject an appeal whose delay is over, once; it waits for the scan of what may make it run anew."""
    _lock(appeal)
    if not appeal.is_open or queries.waits_for_scan(appeal):
        return
    _set_delay(appeal)
    if appeal.due_on < timezone.localdate():
        _end(appeal)
        appeal.advance("lapse", by=SYSTEM)
        _release_papers(appeal)


@transaction.atomic
def forget(*, appeal: Appeal) -> None:
    """Delete an appeal that has had its time."""
    appeal.advance("forget", by=SYSTEM)


@transaction.atomic
def note_reading(*, appeal: Appeal, by: Actor) -> None:
    """Keep the moment when who appeals first reads the answer: the delay to go to court runs from it."""
    if appeal.entered_by_id and appeal.read_at is None and by.authority is None:
        read = Appeal.objects.filter(pk=appeal.pk, read_at=None).update(read_at=timezone.now())
        appeal.refresh_from_db(fields=["read_at"])
        if read:
            journal.record("appeal.read_answer", subject=appeal, actor=by.account, hat=by.role)


def _lock(appeal: Appeal) -> None:
    """Hold the claim, then its appeal: no file joins meanwhile."""
    appeal.decision.claim.lock()
    appeal.lock()


def _end(appeal: Appeal) -> None:
    _lock(appeal)
    appeal.ended_at = timezone.now()
    appeal.save(update_fields=["ended_at"])


def _do(appeal: Appeal) -> None:
    appeal.taken_up_at = timezone.now()
    appeal.save(update_fields=["taken_up_at"])
    _release_papers(appeal)


def _release_papers(appeal: Appeal) -> None:
    """Let go of the papers that appeals kept, unless one still goes on; what somebody keeps by hand stays kept."""
    claim = appeal.decision.claim
    if Appeal.objects.going_on().filter(decision__claim=claim).exists():
        return
    for hold in upkeep.holds(claim).filter(appeals__isnull=False).distinct():
        claims.release(hold=hold, by=SYSTEM)


def _refuse_silent(points: list[Point], text: str) -> None:
    errors = {}
    if not points:
        errors["points"] = _("Choisissez au moins un des points proposés.")
    if not text.strip():
        errors["text"] = _("Écrivez en quelques mots pourquoi vous n’êtes pas d’accord.")
    if errors:
        raise Unacceptable(errors)
