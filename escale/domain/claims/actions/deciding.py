"""What the Fund decides of a claim: line by line, in parts or at once, by one agent or by two."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from escale.domain.accounts.actor import SYSTEM, Actor
from escale.domain.claims import computing, explanations, figures, queries, waiting
from escale.domain.claims.actions import clock, ordering, papers, places
from escale.domain.claims.actions.assessing import lock_undecided, recompute, spend
from escale.domain.claims.lifecycle import CLOSED, Status
from escale.domain.claims.models import Award, Claim, ClaimLine, Decision
from escale.domain.payments.lifecycle import OrderStatus
from escale.domain.payments.models import PaymentOrder
from escale.rules import refusal, second_look
from escale.rules.explanation import Cause, Chain
from escale.rules.lifecycle import StepRefused
from escale.rules.refusal import Reason

_NOTHING = Decimal(0)


class NotAssessed(Exception):
    """A line has no amount yet, nothing would be paid back, or an amount is not the one that was seen."""


@transaction.atomic
def refuse_line(*, line: ClaimLine, reason_code: str, words: str, by: Actor) -> None:
    """
    Refuse one line for a coded reason, in words that the person understands; the others are computed without it.

    Said twice, it is said once.

    :raises StepRefused: if somebody has decided of it meanwhile; the message says who and when.
    """
    claim = line.bill.claim
    lock_undecided(claim)
    left = _left(claim).filter(pk=line.pk).first()
    if left is None:
        raise StepRefused("Cette ligne est déjà décidée.")
    if (left.refused, left.reason_code, left.reason) == (True, reason_code, words):
        return
    _refuse_waiting(claim, [left])
    claim.advance("refuse_line", by=by, line=line.pk, reason=reason_code)
    _refuse([left], refusal.reason(reason_code, on=timezone.localdate()), words)
    recompute(claim)


@transaction.atomic
def decide(*, claim: Claim, by: Actor, seen: Mapping[int, Decimal] | None = None) -> Decision:
    """
    Decide lines of a claim, or all that are left: what they are due is ordered, the rest stays open in the same claim.

    `seen`: the lines decided, by their keys, each with the amount that was seen. Once none is left the claim is closed.
    A decision that wants a second look is proposed, and takes effect with it.

    :raises StepRefused: if somebody else has decided meanwhile (the message says who and when), or if nobody knows
        where care was given.
    :raises NotAssessed: if a line has no amount, if nothing is due, if an amount has changed since it was seen, or if
        the lines were computed for the ceilings of another year.
    :raises PaperAwaited: if it would close a claim for which a paper is to be replaced, or is not scanned yet.
    :raises payments.NoBankAccount, payments.NotPayable: if what is due cannot be ordered.
    """
    lock_undecided(claim)
    places.refuse_unknown(claim)
    left = list(_left(claim))
    chosen = [line for line in left if seen is None or line.pk in seen]
    if seen is not None and any(line.due != seen[line.pk] for line in chosen) or len(chosen) < len(seen or ()):
        raise NotAssessed("Une ligne a été recalculée entre-temps : vérifiez les montants avant de décider.")
    _refuse_waiting(claim, chosen)
    if len(chosen) == len(left):
        papers.refuse_awaiting(claim)
    _check(claim, chosen)
    return _decide(claim, chosen, final=len(chosen) == len(left), by=by)


@transaction.atomic
def refuse(*, claim: Claim, reason_code: str, explanation: str, by: Actor) -> Decision:
    """
    Refuse all that is left of a claim for one coded reason, and say why in words that the person understands.

    :raises StepRefused: if somebody else has decided meanwhile; the message says who and when.
    """
    lock_undecided(claim)
    left = list(_left(claim))
    _refuse_waiting(claim, left)
    _refuse(left, refusal.reason(reason_code, on=timezone.localdate()), explanation)
    return _decide(claim, left, final=True, by=by)


@transaction.atomic
def second(*, decision: Decision, by: Actor) -> None:
    """
    Agree with a decision that wants a second look: it takes effect; said twice, it is said once.

    :raises StepRefused: if it was given up meanwhile, or by whoever proposed it.
    :raises NotAssessed, PaperAwaited, payments.NoBankAccount, payments.NotPayable: as `decide`.
    """
    claim = _hold_proposed(decision, by)
    if decision.taken_at:
        return
    lines = list(decision.lines.all())
    _refuse_waiting(claim, lines)
    if decision.final:
        papers.refuse_awaiting(claim)
    _refuse_other_year(lines)
    decision.seconded_by = by.signatory
    _take(claim, decision, by)


@transaction.atomic
def send_back(*, decision: Decision, words: str, by: Actor) -> None:
    """
    Give a decision that wants a second look back to be made again, and say why.

    :raises StepRefused: if it took effect meanwhile.
    """
    claim = _hold_proposed(decision, by)
    if decision.taken_at:
        raise StepRefused("Cette décision a été confirmée entre-temps.")
    claim.advance("send_back", by=by, decision=decision.pk)
    decision.words = words
    _annul(decision)


@transaction.atomic
def reopen(*, order: PaymentOrder) -> None:
    """
    Give back to the agents the lines of a decision whose payment the accountant refused; once for each order.

    What was only to be issued again is still due: the accountant orders it anew.
    """
    if order.replaces_id:
        return
    decision = Decision.objects.standing().select_related("claim").filter(order=order).first()
    if decision is None:
        return
    claim = decision.claim
    claim.lock()
    claim.advance("reopen" if claim.status == Status.PROCESSED else "reopen_part", by=SYSTEM, decision=decision.pk)
    clock.start_again(claim=claim)
    _annul(decision)


@transaction.atomic
def follow_reissue(*, order: PaymentOrder) -> None:
    """Have the decision that an order did not pay be paid by the one that replaces it."""
    Decision.objects.filter(order=order).update(order=order.reissue)


@transaction.atomic
def follow_payment(*, order: PaymentOrder) -> None:
    """Have the decision be paid by the order that was paid after all, unless what replaces it has left."""
    last = order
    while again := PaymentOrder.objects.filter(replaces=last).first():
        last = again
        if again.status in {OrderStatus.SENT, OrderStatus.EXECUTED}:
            return
    Decision.objects.filter(order=last).update(order=order)


@transaction.atomic
def take_up(*, decision: Decision, by: Actor) -> None:
    """
    Take up again the lines of a decision, after an appeal: what was ordered for them stays, and is not ordered twice.

    :raises StepRefused: if the decision no longer holds, if its payment has not left, or if other lines are open.
    """
    claim = decision.claim
    claim.lock()
    decision.refresh_from_db()
    if decision.annulled_at or not decision.lines.exists():
        raise StepRefused("Cette décision ne tient plus : ses lignes sont déjà à décider de nouveau.")
    if decision.order and not decision.order.has_left:
        raise StepRefused("Le paiement de cette décision n’est pas encore parti : attendez-le.")
    if claim.status not in CLOSED:
        raise StepRefused("D’autres lignes de cette demande sont encore à décider : attendez qu’elles le soient.")
    claim.advance("take_up", by=by, decision=decision.pk)
    clock.start_again(claim=claim)
    decision.lines.update(decision=None)


def _left(claim: Claim) -> QuerySet[ClaimLine]:
    """Return the lines that nobody has decided."""
    return queries.lines(claim).filter(decision=None)


def _check(claim: Claim, chosen: Sequence[ClaimLine]) -> None:
    if not chosen:
        raise NotAssessed("Cochez au moins une ligne à décider.")
    if any(line.due is None for line in chosen):
        raise NotAssessed("Chaque ligne décidée doit avoir un montant, ou un motif de refus.")
    if any(line.due is not None and line.due < line.ordered for line in chosen):
        raise NotAssessed("Une ligne donnerait moins que ce qui a déjà été ordonné pour elle : revoyez son montant.")
    if not (queries.to_order(chosen) or all(line.refused for line in chosen) or _pays(claim)):
        raise NotAssessed("Rien n’est à rembourser : refusez chaque ligne avec un motif.")
    _refuse_other_year(chosen)


def _refuse_waiting(claim: Claim, lines: Iterable[ClaimLine]) -> None:
    if waiting.lines_for_an_opinion(claim).intersection(line.pk for line in lines):
        raise StepRefused("Cette ligne attend l’avis du service médical.")


def _refuse_other_year(lines: Iterable[ClaimLine]) -> None:
    if not all(line.refused or computing.in_its_year(line) for line in lines):
        raise NotAssessed(
            "Les plafonds annuels sont ceux de l’année du remboursement, et cette demande a été calculée pour une "
            "autre : recalculez une ligne, les autres suivront, puis vérifiez le total."
        )


def _refuse(lines: Sequence[ClaimLine], why: Reason, words: str) -> None:
    for line in lines:
        if line.ordered:
            raise StepRefused("Une part de cette ligne est déjà ordonnée : revoyez plutôt son montant.")
        if line.expense is None and (quote := queries.quote(line)):
            spend(line, quote)
        line.refused, line.reason_code, line.reason = True, why.code, words
        line.due, line.participation, line.franchise = _NOTHING, _NOTHING, _NOTHING
        line.counted_on, line.decided, line.to_judge = timezone.localdate(), None, []
        told = Chain(line.expense or _NOTHING)
        told.add(Cause.REFUSED, why.label, why.articles, _NOTHING)
        line.explanation = explanations.kept(told.steps)
        line.save()


def _decide(claim: Claim, chosen: Sequence[ClaimLine], *, final: bool, by: Actor) -> Decision:
    """Freeze what is decided, then have it take effect, or wait for a second look."""
    total = queries.to_order(chosen)
    before = claim.decisions.order_by("pk").last()
    asked = second_look.why(
        total + sum((one.total for one in claim.decisions.standing()), _NOTHING),
        lot=_lot(claim),
        on=timezone.localdate(),
        sent_back=bool(before and before.annulled_at and not before.taken_at),
    )
    decision = Decision.objects.create(claim=claim, total=total, final=final, by=by.signatory, second_look=asked or "")
    ClaimLine.objects.filter(pk__in=[line.pk for line in chosen]).update(decision=decision)
    if asked:
        claim.advance("propose", by=by, decision=decision.pk, total=total, why=asked.value)
    else:
        _take(claim, decision, by)
    return decision


def _take(claim: Claim, decision: Decision, by: Actor) -> None:
    """Order what is decided, keep what that is for each line, and tell."""
    lines = list(queries.lines(claim).filter(decision=decision))
    awards = figures.awards(decision, lines)
    if sum((award.amount for award in awards), _NOTHING) != decision.total:
        raise NotAssessed("Ce que cette décision ordonnerait n’est plus son total : renvoyez-la, pour la reprendre.")
    if decision.total:
        decision.order = ordering.order(decision, [award for award in awards if award.amount], by=by)
    Award.objects.bulk_create(awards)
    decision.taken_at, decision.final = timezone.now(), not _left(claim).exists()
    decision.save()
    step = ("approve" if _pays(claim) else "refuse") if decision.final else "decide_part"
    reasons = sorted({line.reason_code for line in lines if line.refused})
    claim.advance(step, by=by, decision=decision.pk, total=decision.total, reasons=reasons)
    clock.keep_time(claim=claim, by=by)


def _hold_proposed(decision: Decision, by: Actor) -> Claim:
    claim = decision.claim
    claim.lock()
    decision.refresh_from_db()
    if decision.annulled_at:
        raise StepRefused("Cette décision a été renvoyée entre-temps.")
    if decision.by_id == by.signatory.pk:
        raise StepRefused("Une décision est relue par une autre personne que celle qui la propose.")
    return claim


def _annul(decision: Decision) -> None:
    """Leave the lines of a decision to be decided again."""
    decision.annulled_at = timezone.now()
    decision.save(update_fields=["annulled_at", "words"])
    decision.lines.update(decision=None)


def _pays(claim: Claim) -> bool:
    """Tell whether something is paid back of a claim."""
    return claim.decisions.standing().filter(total__gt=0).exists()


def _lot(claim: Claim) -> Decimal:
    """Draw a lot from 0 to 1 for the next decision of a claim: nobody can tell it, and trying again draws the same."""
    drawn = f"{claim.request_key}-{claim.decisions.count()}".encode()
    digest = hashlib.blake2b(drawn, key=settings.SECRET_KEY.encode()[:64], digest_size=6).digest()
    return Decimal(int.from_bytes(digest)) / Decimal(1 << 48)
