"""What undoes a sum that was written: it was wrong, or it was given back; another line says so, it stays."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from escale.domain.accounts.actor import Actor
from escale.domain.case import Unacceptable
from escale.domain.debts.actions import posting
from escale.domain.debts.lifecycle import TOLD, Status
from escale.domain.debts.models import Debt, Kind, Recovery, Way
from escale.rules.lifecycle import StepRefused


@transaction.atomic
def correct(*, recovery: Recovery, words: str, request_key: UUID, by: Actor) -> Recovery:
    """
    Undo a sum written by mistake by somebody else; what is due again is claimed again. Undone twice, it is undone once.

    :raises Unacceptable: without a word.
    :raises StepRefused: by whoever wrote it, for what is itself a correction, or for what was given back since.
    """
    if not words.strip():
        raise Unacceptable({"words": _("Écrivez pourquoi cette écriture est fausse.")})
    debt = recovery.debt
    debt.lock()
    if known := Recovery.objects.filter(corrects=recovery).first():
        return known
    if recovery.corrects_id:
        raise StepRefused(_("Une correction ne se corrige pas : inscrivez la somme de nouveau."))
    if recovery.by_id == by.signatory.pk:
        raise StepRefused(_("Vous avez inscrit cette somme : une autre personne la corrige."))
    came = debt.recovered + debt.surplus - recovery.signed
    if came < 0:
        raise StepRefused(_("Cette somme a été rendue depuis : corrigez d’abord ce qui a été rendu."))
    undone = Recovery.objects.create(
        debt=debt, kind=Kind.CORRECTED, corrects=recovery, way=recovery.way, amount=recovery.amount,
        on=timezone.localdate(), proof=words.strip(), request_key=request_key, by=by.signatory,
    )  # fmt: skip
    since = posting.parts(debt)
    if recovery.kind == Kind.GIVEN_BACK:
        since = replace(since, surplus=since.surplus + recovery.amount)
    debt.advance("correct", by=by, amount=recovery.amount)
    posting.post_correction(recovery, by=by)
    reckon(debt, came, owed=Decimal(0) if debt.status == Status.CANCELLED else debt.total)
    posting.post_change(debt, since=since, by=by)
    if debt.status == Status.RECOVERED and debt.left:
        debt.advance("reopen", by=by, amount=debt.left)
        debt.ended_at = None
        debt.save(update_fields=["ended_at"])
    close_if_paid(debt, by=by)
    return undone


@transaction.atomic
def give_back(*, debt: Debt, way: Way, amount: Decimal, on: date, proof: str, request_key: UUID, by: Actor) -> Recovery:
    """
    Write that what came back without being due was given back, in euros; written twice, it is written once.

    :raises Unacceptable: if more is given back than is to be, or on a day to come.
    """
    debt.lock()
    if known := debt.recoveries.filter(request_key=request_key).first():
        return known
    errors = {}
    if not 0 < amount <= debt.surplus:
        errors["amount"] = _("Écrivez une somme, sans dépasser ce qui est à rendre.")
    if on > timezone.localdate():
        errors["on"] = _("Écrivez le jour où la somme a été rendue.")
    if errors:
        raise Unacceptable(errors)
    debt.advance("give_back", by=by, amount=amount)
    debt.surplus -= amount
    debt.save(update_fields=["surplus"])
    given = Recovery.objects.create(
        debt=debt, kind=Kind.GIVEN_BACK, way=way, amount=amount, on=on, proof=proof.strip(), request_key=request_key,
        by=by.signatory,
    )  # fmt: skip
    posting.post_sum(given, by=by)
    return given


def reckon(debt: Debt, came: Decimal, *, owed: Decimal) -> None:
    """Set what came, in euros, against what is owed: the rest is to be given back."""
    debt.recovered = min(came, owed)
    debt.surplus = came - debt.recovered
    debt.save(update_fields=["amount", "supplement", "recovered", "surplus"])


def close_if_paid(debt: Debt, *, by: Actor) -> None:
    """End a debt of which nothing is left."""
    if debt.status in TOLD and not debt.left:
        debt.ended_at = timezone.now()
        debt.save(update_fields=["ended_at"])
        debt.advance("settle", by=by)
