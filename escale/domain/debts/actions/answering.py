"""What the insured person does with a debt: read it, ask for a rectification, for a plan, or agree to be withheld."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from escale.domain.accounts.actor import Actor
from escale.domain.case import Unacceptable
from escale.domain.debts import queries
from escale.domain.debts.models import Debt
from escale.domain.journal import actions as journal
from escale.rules import overpayment
from escale.rules.lifecycle import StepRefused


class TooLate(StepRefused):
    """The delay to ask for a rectification is over: asked in writing, it is an appeal (CSS, art. R. 133-9-2, IV)."""


@transaction.atomic
def note_reading(*, debt: Debt, by: Actor) -> None:
    """Keep when who owes first reads the notification, then its answer: unless a letter came, delays run from it."""
    if by.authority or debt.read_at and (debt.answer_read_at or not debt.answered_on):
        return
    debt.lock()
    now = timezone.now()
    if not debt.read_at:
        debt.read_at, debt.received_on = now, debt.received_on or timezone.localdate(now)
        journal.record("debt.read_notification", subject=debt, actor=by.account, hat=by.role)
    if debt.answered_on and not debt.answer_read_at:
        debt.answer_read_at, debt.answer_received_on = now, debt.answer_received_on or timezone.localdate(now)
        journal.record("debt.read_answer", subject=debt, actor=by.account, hat=by.role)
    debt.save(update_fields=["read_at", "received_on", "answer_read_at", "answer_received_on"])


@transaction.atomic
def contest(*, debt: Debt, words: str, by: Actor) -> None:
    """
    Ask that what changes the sum be rectified (CSS, art. L. 133-4-1).

    :raises Unacceptable: if nothing is said.
    :raises TooLate: if the delay is over.
    :raises StepRefused: if it was asked already.
    """
    if not words.strip():
        raise Unacceptable({"words": _("Écrivez ce qui doit être rectifié, et ce qui le montre.")})
    debt.lock()
    today, until = timezone.localdate(), queries.rectifiable_until(debt)
    if until and today > until:
        raise TooLate(_("Le délai pour demander une rectification est passé : saisissez la commission."))
    if debt.contested_on:
        raise StepRefused(_("Vous avez déjà demandé une rectification de cette somme."))
    debt.contested_on, debt.contested_words = today, words.strip()
    debt.received_on = debt.received_on or today
    debt.save(update_fields=["contested_on", "contested_words", "received_on"])
    debt.advance("contest", by=by)


@transaction.atomic
def ask_plan(*, debt: Debt, months: int, by: Actor) -> None:
    """
    Ask to pay back in some months; asked again, the last one holds.

    :raises Unacceptable: if there are more months than the law gives, or than cents.
    :raises StepRefused: if it is spread already, contested, or over.
    """
    debt.lock()
    today = timezone.localdate()
    try:
        overpayment.plan(debt.left, months=months, first_on=today)
    except ValueError:
        longest = overpayment.longest_plan(on=today)
        raise Unacceptable({"months": _("Choisissez un nombre de mois, %d au plus.") % longest}) from None
    debt.advance("ask_plan", by=by, months=months)
    debt.plan_asked_on, debt.plan_months = today, months
    debt.save(update_fields=["plan_asked_on", "plan_months"])


@transaction.atomic
def agree_withholding(*, debt: Debt, by: Actor) -> None:
    """
    Agree that the sum be withheld from what the Fund will pay; it is a wish, which the payments do not read yet.

    :raises StepRefused: if it is spread already, contested, or over.
    """
    debt.lock()
    if debt.withholding_agreed_on:
        return
    debt.advance("ask_plan", by=by, withholding=True)
    debt.withholding_agreed_on = timezone.localdate()
    debt.save(update_fields=["withholding_agreed_on"])
