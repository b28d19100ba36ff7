"""Who works at the Fund is known as insured too, so that nobody treats their own case under another account."""

from contextlib import suppress
from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from escale.domain.accounts import actions as accounts
from escale.domain.accounts.actor import Actor
from escale.domain.accounts.models import Account, Grant
from escale.domain.case import Unacceptable
from escale.domain.journal.actions import name_of
from escale.domain.registry.actions.looking import AlreadyDone, declare_recusal, note_reading
from escale.domain.registry.models import InsuredPerson, Purpose, Reading

NUMBERS_A_DAY = 60
"""How many numbers somebody may look up in a day: enough to serve, too few to try them out."""


def find(*, nir: str, by: Actor, purpose: Purpose = Purpose.CONTROL) -> InsuredPerson:
    """
    Return who bears this number, and note that they were looked up.

    :raises Unacceptable: if nobody bears it, or after too many in a day.
    """
    found = InsuredPerson.objects.bearing(nir).first()
    try:
        _count(found, purpose, by)
    except accounts.TooManyAttempts as many:
        raise Unacceptable({"nir": "Vous avez cherché beaucoup de numéros aujourd’hui : revenez demain."}) from many
    if found is None:
        raise Unacceptable({"nir": "Aucun assuré ne porte ce numéro : vérifiez-le."})
    return found


@transaction.atomic
def _count(found: InsuredPerson | None, purpose: Purpose, by: Actor) -> None:
    """Count a number looked up, and note whose it is: sent twice, a form looks up once."""
    Account.objects.select_for_update().get(pk=by.signatory.pk)
    since = timezone.now() - timedelta(hours=1)
    if found and Reading.objects.filter(by=by.signatory, subject=name_of(found), role=by.role, at__gt=since).exists():
        return
    accounts.spend("number", str(by.signatory.pk), most=NUMBERS_A_DAY, within=timedelta(days=1))
    if found:
        note_reading(insured=found, subject=found, purpose=purpose, by=by)


@transaction.atomic
def propose_hat(*, email: str, name: str, role: str, why: str, insured: InsuredPerson | None, by: Actor) -> Grant:
    """
    Propose that somebody wears a hat of the Fund, and keep them from their own file if they are insured there.

    :raises accounts.NotGiven: as `accounts.propose_hat`.
    """
    grant = accounts.propose_hat(email=email, name=name, role=role, why=why, insured=insured is not None, by=by)
    if insured:
        with suppress(AlreadyDone):  # said with an earlier hat
            declare_recusal(account=grant.account, insured=insured, oneself=True, by=by)
    return grant
