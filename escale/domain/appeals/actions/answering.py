"""What the Fund does: prepare an appeal, enter what the commission decided, have it carried out."""

from datetime import date

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from escale.domain.accounts.actor import SYSTEM, Actor
from escale.domain.appeals.actions import holding
from escale.domain.appeals.lifecycle import GRANTED, Status
from escale.domain.appeals.models import Appeal
from escale.domain.case import Unacceptable
from escale.domain.claims import actions as claims
from escale.domain.claims.models import Decision
from escale.domain.journal import actions as journal
from escale.rules.lifecycle import StepRefused

_STEPS = {Status.GRANTED: "grant", Status.PARTLY: "grant_part", Status.REJECTED: "reject"}


@transaction.atomic
def examine(*, appeal: Appeal, by: Actor) -> None:
    """
    Take an appeal to prepare it, and keep the papers of the claim as long as it lasts.

    :raises StepRefused: if it was taken, or if one took the decision, or is close to who appeals.
    """
    holding.lock(appeal)
    appeal.advance("examine", by=by)
    holding.hold(appeal, by)


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
    holding.lock(appeal)
    appeal.session_on, appeal.entered_by, appeal.ended_at = session_on, by.signatory, timezone.now()
    appeal.reasons, appeal.articles = reasons.strip(), articles.strip()
    appeal.save(update_fields=["session_on", "entered_by", "ended_at", "reasons", "articles"])
    appeal.advance(_STEPS[outcome], by=by, session_on=session_on)
    if outcome in GRANTED:  # after its silence, nothing kept them any more
        holding.hold(appeal, by)
    holding.release(appeal)


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
    holding.lock(appeal)
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
    holding.lock(appeal)
    if appeal.taken_up_at:
        return
    appeal.advance("carry_out", by=by)
    _do(appeal)


def _do(appeal: Appeal) -> None:
    appeal.taken_up_at = timezone.now()
    appeal.save(update_fields=["taken_up_at"])
    holding.release(appeal)


@transaction.atomic
def note_reading(*, appeal: Appeal, by: Actor) -> None:
    """Keep the moment when who appeals first reads the answer: the delay to go to court runs from it."""
    if appeal.entered_by_id and appeal.read_at is None and by.authority is None:
        read = Appeal.objects.filter(pk=appeal.pk, read_at=None).update(read_at=timezone.now())
        appeal.refresh_from_db(fields=["read_at"])
        if read:
            journal.record("appeal.read_answer", subject=appeal, actor=by.account, hat=by.role)


@transaction.atomic
def forget(*, appeal: Appeal) -> None:
    """Delete an appeal that has had its time."""
    appeal.advance("forget", by=SYSTEM)
