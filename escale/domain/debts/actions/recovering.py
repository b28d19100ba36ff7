"""How a debt ends: spread over months, recovered sum by sum, called, or given up."""

from datetime import date
from decimal import Decimal
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from escale.domain.accounts.actor import SYSTEM, Actor
from escale.domain.case import Unacceptable
from escale.domain.debts import queries
from escale.domain.debts.actions import posting
from escale.domain.debts.actions.correcting import close_if_paid, reckon
from escale.domain.debts.lifecycle import Status
from escale.domain.debts.models import Debt, Instalment, Recovery, Way
from escale.rules import overpayment
from escale.rules.lifecycle import StepRefused


@transaction.atomic
def spread(*, debt: Debt, months: int, first_on: date, by: Actor) -> None:
    """
    Agree on a plan for what is left: equal parts, month after month; one that is not kept may be agreed on anew.

    :raises Unacceptable: if its months or its first day cannot be.
    :raises StepRefused: if its plan is kept, or if it is contested or over.
    """
    debt.lock()
    today = timezone.localdate()
    if debt.status == Status.SPREAD and not queries.missed(debt):
        raise StepRefused(_("L’échéancier en cours est respecté."))
    if not today <= first_on <= overpayment.plan_agreed_until(today):
        raise Unacceptable({"first_on": _("Choisissez un premier jour dans le mois qui vient.")})
    try:
        parts = overpayment.plan(debt.left, months=months, first_on=first_on)
    except ValueError:
        longest = overpayment.longest_plan(on=first_on)
        raise Unacceptable({"months": _("Choisissez un nombre de mois, %d au plus.") % longest}) from None
    debt.advance("spread", by=by, months=months, first_on=first_on)
    debt.instalments.all().delete()
    Instalment.objects.bulk_create(
        Instalment(debt=debt, rank=part.rank, due_on=part.due_on, amount=part.amount) for part in parts
    )


@transaction.atomic
def record(*, debt: Debt, way: Way, amount: Decimal, on: date, proof: str, request_key: UUID, by: Actor) -> Recovery:
    """
    Write that a sum came back, in euros; with the last one the debt is over. Written twice, it is written once.

    :raises Unacceptable: if more comes than is left, on a day to come, or withheld before the law lets it.
    :raises StepRefused: if the debt is over, or was not told.
    """
    debt.lock()
    if known := debt.recoveries.filter(request_key=request_key).first():
        return known
    errors = {}
    if not 0 < amount <= debt.left:
        errors["amount"] = _("Écrivez une somme, sans dépasser ce qui reste dû.")
    if on > timezone.localdate():
        errors["on"] = _("Écrivez le jour où la somme est revenue.")
    if way == Way.WITHHELD and not debt.withholding_agreed_on and queries.waits(debt):
        errors["way"] = _("Sans l’accord de l’assuré, rien n’est retenu avant la fin des délais (CSS, R. 133-9-2).")
    if errors:
        raise Unacceptable(errors)
    came = Recovery.objects.create(
        debt=debt, way=way, amount=amount, on=on, proof=proof.strip(), request_key=request_key, by=by.signatory
    )
    debt.advance("record", by=by, amount=amount, way=way)
    debt.recovered += amount
    debt.save(update_fields=["recovered"])
    posting.post_sum(came, by=by)
    close_if_paid(debt, by=by)
    return came


@transaction.atomic
def call(*, debt: Debt, by: Actor) -> None:
    """
    Call upon somebody to pay, once the delays to contest are over and a plan is not kept (CSS, art. R. 133-9-2, V).

    :raises StepRefused: before, while a plan is kept, or if it is called or over.
    """
    debt.lock()
    if debt.instalments.exists() and not queries.missed(debt):
        raise StepRefused(_("L’échéancier est respecté : aucune échéance passée n’est impayée."))
    until = queries.appealable_until(debt)
    if until is None or timezone.localdate() <= until or queries.waits(debt):
        raise StepRefused(_("Les délais de rectification et de recours ne sont pas encore passés."))
    debt.advance("call", by=by)
    debt.called_on = timezone.localdate()
    debt.save(update_fields=["called_on"])


@transaction.atomic
def constrain(*, debt: Debt, by: Actor) -> None:
    """
    Note that a writ was issued, once the delay of the formal notice is over (CSS, art. L. 161-1-5).

    :raises StepRefused: before, or without a formal notice.
    """
    debt.lock()
    if debt.called_on and timezone.localdate() <= overpayment.called_until(debt.called_on):
        raise StepRefused(_("Le délai de la mise en demeure n’est pas encore passé."))
    debt.advance("constrain", by=by)


@transaction.atomic
def cancel(*, debt: Debt, words: str, by: Actor) -> None:
    """Cancel a debt that was not owed, and say why: what came back is to be given back; :raises Unacceptable: mute."""
    _say_why(debt, words)
    since = posting.parts(debt)
    reckon(debt, debt.recovered + debt.surplus, owed=Decimal(0))
    debt.advance("cancel", by=by, surplus=debt.surplus)
    posting.post_change(debt, since=since, by=by)


@transaction.atomic
def abandon(*, debt: Debt, words: str, by: Actor) -> None:
    """
    Give up what is left of a debt that is under the threshold of the law (CSS, art. D. 133-2).

    :raises Unacceptable: without a word.
    :raises StepRefused: above the threshold.
    """
    _say_why(debt, words)
    if not queries.abandonable(debt):
        raise StepRefused(_("Le reste dû dépasse le seuil en dessous duquel un indu peut être abandonné."))
    since = posting.parts(debt)
    debt.advance("abandon", by=by, amount=debt.left)
    posting.post_change(debt, since=since, by=by)


@transaction.atomic
def forget(*, debt: Debt) -> None:
    """Delete a debt that has had its time."""
    debt.advance("forget", by=SYSTEM)


def _say_why(debt: Debt, words: str) -> None:
    if not words.strip():
        raise Unacceptable({"words": _("Écrivez pourquoi.")})
    debt.lock()
    debt.end_words, debt.ended_at = words.strip(), timezone.now()
    debt.save(update_fields=["end_words", "ended_at"])
