"""A debt is proposed by an agent, line by line, and told to nobody before a supervisor has signed it."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from escale.domain.accounts.actor import Actor
from escale.domain.case import Unacceptable
from escale.domain.claims.models import Decision
from escale.domain.debts import queries
from escale.domain.debts.actions import posting
from escale.domain.debts.models import Debt, DebtLine
from escale.domain.payments.lifecycle import OrderStatus
from escale.rules import overpayment
from escale.rules.lifecycle import StepRefused
from escale.rules.overpayment import Cause


@transaction.atomic
def propose(
    *,
    decision: Decision,
    amounts: Mapping[int, Decimal],
    cause: Cause,
    words: str,
    fraud: bool,
    request_key: UUID,
    by: Actor,
) -> Debt:
    """
    Propose to claim back, of lines that a decision paid, these amounts in euros; proposed twice, it is proposed once.

    :raises Unacceptable: if nothing is claimed, more than was paid of a line, too late, or without a word.
    :raises StepRefused: if the decision was not paid.
    """
    decision.claim.lock()
    if known := Debt.objects.filter(request_key=request_key).first():
        return known
    paid = queries.paid(decision.claim).filter(pk=decision.pk).first()
    if paid is None or paid.order is None or paid.order.paid_on is None:
        raise StepRefused(_("Cette décision n’a pas été payée : il n’y a rien à réclamer."))
    lines = list(queries.claimable(paid))
    claimed = {pk: amount for pk, amount in amounts.items() if amount}
    _refuse(lines, claimed, words=words, paid_on=paid.order.paid_on, fraud=fraud)
    amount = sum(claimed.values(), Decimal(0))
    today = timezone.localdate()
    debt = Debt.open(
        by=by,
        reference=queries.next_reference(decision.claim),
        request_key=request_key,
        insured=decision.claim.insured,
        decision=paid,
        paid_on=paid.order.paid_on,
        cause=cause,
        words=words.strip(),
        fraud=fraud,
        amount=amount,
        supplement=overpayment.fraud_supplement(amount, on=today) if fraud else Decimal(0),
        opened_by=by.signatory,
    )
    DebtLine.objects.bulk_create(
        DebtLine(debt=debt, line=line, paid=line.paid, amount=claimed[line.pk]) for line in lines if line.pk in claimed
    )
    return debt


def _refuse(lines: list[Any], claimed: Mapping[int, Decimal], *, words: str, paid_on: date, fraud: bool) -> None:
    errors = {}
    known = {line.pk for line in lines}
    if not claimed or not claimed.keys() <= known or min(claimed.values()) < 0:
        errors["amounts"] = _("Écrivez, pour une ligne au moins, la somme à réclamer.")
    for line in lines:
        if line.pk in claimed and claimed[line.pk] + line.claimed > line.paid:
            errors[f"line-{line.pk}"] = _("Cette somme dépasse ce qui a été payé pour cette ligne.")
    if not words.strip():
        errors["words"] = _("Expliquez à l’assuré pourquoi cette somme n’était pas due.")
    until = overpayment.claimable_until(paid_on, fraud=fraud)
    if until and timezone.localdate() > until:
        errors["amounts"] = _("Le délai pour réclamer ce paiement est passé (CSS, art. L. 160-11).")
    if errors:
        raise Unacceptable(errors)


@transaction.atomic
def sign(*, debt: Debt, by: Actor) -> None:
    """
    Sign what another proposed, and tell it to the insured person.

    :raises StepRefused: if one proposed it, if it was signed or dropped, if the bank gave back what was paid, or if the
        delay of the law is over.
    """
    debt.lock()
    _refuse_alone(debt, by)
    order = debt.decision.order
    assert order, "what is claimed back was paid"
    order.lock()
    if order.status != OrderStatus.EXECUTED:
        raise StepRefused(_("Ce paiement est revenu de la banque : il n’y a rien à réclamer. Écartez cet indu."))
    until = overpayment.claimable_until(debt.paid_on, fraud=debt.fraud)
    if until and timezone.localdate() > until:
        raise StepRefused(_("Le délai pour réclamer ce paiement est passé (CSS, art. L. 160-11)."))
    debt.signed_by, debt.notified_at = by.signatory, timezone.now()
    debt.save(update_fields=["signed_by", "notified_at"])
    debt.advance("sign", by=by, amount=debt.total)
    posting.post_change(debt, since=posting.Parts(), by=by)


@transaction.atomic
def drop(*, debt: Debt, words: str, by: Actor) -> None:
    """Drop what another proposed, and say why; :raises StepRefused: if one proposed it, or if it is settled."""
    debt.lock()
    _refuse_alone(debt, by)
    debt.ended_at, debt.end_words = timezone.now(), words.strip()
    debt.save(update_fields=["ended_at", "end_words"])
    debt.advance("drop", by=by)


def _refuse_alone(debt: Debt, by: Actor) -> None:
    if debt.opened_by_id == by.signatory.pk:
        raise StepRefused(_("Vous avez proposé cet indu : une autre personne le signe ou l’écarte."))


@transaction.atomic
def note_receipt(*, debt: Debt, received_on: date, by: Actor) -> None:
    """
    Note the day on which the notification, or its answer, was received by registered letter, if nobody read it online.

    :raises Unacceptable: if the day is before the letter, or is to come.
    :raises StepRefused: if it was received already.
    """
    debt.lock()
    if not debt.awaits_receipt:
        raise StepRefused(_("Cette lettre a déjà été reçue."))
    field = "answer_received_on" if debt.received_on else "received_on"
    since = debt.answered_on if debt.received_on else debt.notified_at and timezone.localdate(debt.notified_at)
    if since and not since <= received_on <= timezone.localdate():
        raise Unacceptable({"received_on": _("Écrivez le jour de l’avis de réception, depuis l’envoi de la lettre.")})
    debt.advance("note_receipt", by=by, received_on=received_on)
    setattr(debt, field, received_on)
    debt.save(update_fields=[field])
