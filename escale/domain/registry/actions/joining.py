"""How a person of the registry comes into an account of theirs, known by FranceConnect."""

from datetime import timedelta
from hmac import compare_digest

from django.db import transaction

from escale.domain.accounts import actions as accounts
from escale.domain.accounts.models import Account, Hat, Provider, Role
from escale.domain.journal import actions as journal
from escale.domain.registry.models import InsuredPerson

TRIES, WITHIN = 3, timedelta(days=1)


class NotTheirs(Exception):
    """The number is not that of the person whom FranceConnect names."""


class Taken(Exception):
    """The person has another account, or the account is another person’s, or tied to another identity, or closed."""


def prove_number(*, person: InsuredPerson, nir: str, subject: str) -> None:
    """
    Check that who FranceConnect names knows the number of the person they were recognised as.

    :raises NotTheirs: if the number is another.
    :raises accounts.TooManyAttempts: after three others in a day for this identity.
    """
    use = accounts.spend("nir", subject, most=TRIES, within=WITHIN)
    if not compare_digest(person.legible_nir.encode(), nir.encode()):
        raise NotTheirs
    use.forgive()


@transaction.atomic
def join(*, person: InsuredPerson, subject: str) -> Account:
    """
    Tie who FranceConnect names to the account of the person they are, which is made if there is none.

    They have proven their number, and given the second proof of the account. Done again, it changes nothing.

    :raises Taken: if the account is closed, or either is tied elsewhere.
    """
    person = _held(person)
    account = person.account
    if account is None:
        account = Account.objects.create_account(email=None, password=None, name=str(person))
        _give(person, account)
    _bind(account, subject)
    return account


@transaction.atomic
def adopt(*, person: InsuredPerson, account: Account, subject: str = "") -> None:
    """
    Make of an account that its owner has already, at the Fund or for others, the account of the person they are.

    They have proven their number, and that the account is theirs; `subject` is the name under which FranceConnect
    knows them, if they came so. One person keeps one account, so that nobody treats their own file.

    :raises Taken: if either has another, or the account is closed, or tied to another identity.
    """
    person, account = _held(person), Account.objects.select_for_update().get(pk=account.pk)
    is_another = InsuredPerson.objects.filter(account=account).exclude(pk=person.pk).exists()
    if is_another or person.account_id not in (None, account.pk) or not account.is_active:
        raise Taken
    if person.account is None:
        _give(person, account)
    if subject:
        _bind(account, subject)


def _held(person: InsuredPerson) -> InsuredPerson:
    return InsuredPerson.objects.select_for_update(of=("self",)).select_related("account").get(pk=person.pk)


def _give(person: InsuredPerson, account: Account) -> None:
    Hat.objects.get_or_create(account=account, role=Role.INSURED)
    person.account = account
    person.save(update_fields=["account"])
    journal.record("account.become_insured", subject=account, actor=account)


def _bind(account: Account, subject: str) -> None:
    if not account.is_active:
        raise Taken
    try:
        accounts.bind_identity(account=account, provider=Provider.FRANCECONNECT, subject=subject)
    except accounts.Taken:
        raise Taken from None


def note_unrecognised(*, outcome: str, code: str) -> None:
    """Write that somebody whom FranceConnect names was not recognised, and why; not who it is."""
    journal.record("account.fail_to_recognise", subject=InsuredPerson(), outcome=outcome, code=code)
