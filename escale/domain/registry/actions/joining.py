"""How a person of the registry comes into their account by FranceConnect."""

from datetime import timedelta
from hmac import compare_digest

from django.db import transaction

from escale.domain.accounts import actions as accounts
from escale.domain.accounts.models import Account, Provider, Role
from escale.domain.journal import actions as journal
from escale.domain.registry.models import InsuredPerson

TRIES, WITHIN = 3, timedelta(days=1)


class NotTheirs(Exception):
    """The number is not that of the person whom FranceConnect names, or their account may not be entered so."""


def join(*, person: InsuredPerson, nir: str, subject: str) -> Account:
    """
    Tie who FranceConnect names to the account of the person they were recognised as, once they say their number.

    The account is made if there is none. Done again, it changes nothing.

    :raises NotTheirs: if the number is another, or if the account is closed, or tied to another identity.
    :raises accounts.TooManyAttempts: after three numbers in a day for this identity.
    """
    accounts.spend("nir", subject, most=TRIES, within=WITHIN)
    if not compare_digest(person.nir.encode(), nir.encode()):
        raise NotTheirs
    return _account(person, subject)


@transaction.atomic
def _account(person: InsuredPerson, subject: str) -> Account:
    person = InsuredPerson.objects.select_for_update(of=("self",)).select_related("account").get(pk=person.pk)
    account = person.account
    if account is None:
        account = Account.objects.create_account(email=None, password=None, name=str(person), roles=(Role.INSURED,))
        person.account = account
        person.save(update_fields=["account"])
    if not account.is_active:
        raise NotTheirs
    try:
        accounts.bind_identity(account=account, provider=Provider.FRANCECONNECT, subject=subject)
    except accounts.Taken:
        raise NotTheirs from None
    return account


def note_unrecognised(*, outcome: str, code: str) -> None:
    """Write that somebody whom FranceConnect names was not recognised, and why; not who it is."""
    journal.record("account.fail_to_recognise", subject=InsuredPerson(), outcome=outcome, code=code)
