"""What becomes of a rectification: the sum stands, or it changes, or silence refuses."""

from collections.abc import Mapping
from decimal import Decimal

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from escale.domain.accounts.actor import SYSTEM, Actor
from escale.domain.case import Unacceptable
from escale.domain.debts.actions import posting
from escale.domain.debts.actions.correcting import close_if_paid, reckon
from escale.domain.debts.models import Debt
from escale.rules import overpayment


@transaction.atomic
def confirm(*, debt: Debt, words: str, by: Actor) -> None:
    """
    Refuse a rectification, with the reasons (CSS, art. R. 133-9-2, III).

    :raises Unacceptable: if no reason is given.
    :raises StepRefused: if none was asked, or if silence has answered.
    """
    _answer(debt, words)
    debt.advance("confirm", by=by)


@transaction.atomic
def rectify(*, debt: Debt, amounts: Mapping[int, Decimal], words: str, by: Actor) -> None:
    """
    Claim less of some lines (by the key of each line of the debt, in euros), and say why.

    What came back beyond is to be given back.

    :raises Unacceptable: if nothing changes, if more is claimed, if nothing is left, or if no reason is given.
    :raises StepRefused: if none was asked, or if silence has answered.
    """
    _answer(debt, words)
    since = posting.parts(debt)
    _lower(debt, amounts)
    debt.advance("rectify", by=by, amount=debt.total)
    posting.post_change(debt, since=since, by=by)
    close_if_paid(debt, by=by)


@transaction.atomic
def rectify_on_appeal(*, debt: Debt, amounts: Mapping[int, Decimal], by: Actor) -> None:
    """
    Claim less of some lines, as the commission decided; what came back beyond is to be given back.

    :raises Unacceptable: as `rectify`.
    :raises StepRefused: if it is no longer claimed.
    """
    debt.lock()
    since = posting.parts(debt)
    _lower(debt, amounts)
    debt.advance("rectify_on_appeal", by=by, amount=debt.total)
    posting.post_change(debt, since=since, by=by)
    close_if_paid(debt, by=by)


def _lower(debt: Debt, amounts: Mapping[int, Decimal]) -> None:
    lines = list(debt.lines.order_by("pk"))
    after = {line.pk: amounts.get(line.pk, line.amount) for line in lines}
    total = sum(after.values(), Decimal(0))
    rises = any(not 0 <= after[line.pk] <= line.amount for line in lines)
    if rises or not 0 < total < debt.amount:
        said = _("Baissez la somme d’une ligne au moins, sans en relever une ; pour tout annuler, annulez l’indu.")
        raise Unacceptable({"amounts": said})
    for line in lines:
        line.amount = after[line.pk]
        line.save(update_fields=["amount"])
    debt.amount = total
    debt.supplement = overpayment.fraud_supplement(total, on=timezone.localdate()) if debt.fraud else Decimal(0)
    reckon(debt, debt.recovered + debt.surplus, owed=debt.total)


@transaction.atomic
def lapse(*, debt: Debt) -> None:
    """Let silence refuse a rectification whose delay is over."""
    debt.advance("lapse", by=SYSTEM)


def _answer(debt: Debt, words: str) -> None:
    if not words.strip():
        raise Unacceptable({"words": _("Écrivez les motifs de la réponse (CSS, art. R. 133-9-2, III).")})
    debt.lock()
    debt.answered_on, debt.answered_words = timezone.localdate(), words.strip()
    debt.save(update_fields=["answered_on", "answered_words"])
