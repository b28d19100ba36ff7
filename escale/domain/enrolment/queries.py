"""What is asked of the requests for an account."""

from datetime import timedelta
from typing import NamedTuple

from django.db.models import QuerySet, Sum
from django.utils import timezone

from escale.domain.accounts.actor import Actor
from escale.domain.accounts.models import Account, Provider, Role
from escale.domain.accounts.queries import has_factor
from escale.domain.enrolment.lifecycle import Status
from escale.domain.enrolment.models import TO_CONFIRM, Enrolment, Purpose
from escale.domain.registry import queries as registry
from escale.domain.registry.models import InsuredPerson
from escale.rules import parameters
from escale.rules.identity import folded

MESSAGES_A_DAY = 3
"""How many messages one address is sent in a day, whoever asks for them."""

LETTERS_A_MONTH = 3
"""How many codes one person is posted in a month, whoever asks for them."""


def found(text: str, *, actor: Actor) -> QuerySet[Enrolment]:
    """Return the open requests of whoever has this NIR, or the one of this number, as typed at a counter."""
    signs = "".join(sign for sign in text.upper() if sign.isalnum())
    seen = Enrolment.objects.visible_to(actor).select_related("insured").order_by("-pk")
    return seen.filter(insured__nir=signs) if len(signs) == 15 else seen.filter(number=f"{signs[:5]}-{signs[5:]}")


def owner(email: str) -> Account | None:
    """Return whoever enters by this address, which they have proven theirs."""
    return Account.objects.filter(email=email, is_active=True).first()


def is_of_the_fund(account: Account) -> bool:
    """Tell whether an account wears a hat of the Fund: nobody comes back to one by a letter."""
    return account.hats.exclude(role=Role.INSURED).exists()


def may_be_written(enrolment: Enrolment) -> bool:
    """Tell whether the address of a request may be sent one more message: nobody is flooded by what others type."""
    same = Enrolment.objects.filter(email=enrolment.email, asked_at__gt=enrolment.asked_at - timedelta(days=1))
    return same.filter(pk__lt=enrolment.pk).count() < MESSAGES_A_DAY


def may_be_posted(enrolment: Enrolment) -> bool:
    """Tell whether the owner of a request may be posted one more code without asking at a counter."""
    since = timezone.now() - timedelta(days=30)
    lately = Enrolment.objects.filter(insured=enrolment.insured, code_at__gt=since)
    return (lately.aggregate(codes=Sum("drawn"))["codes"] or 0) < LETTERS_A_MONTH


def has_address(enrolment: Enrolment) -> bool:
    """Tell whether a letter can reach the owner of a request."""
    return bool(enrolment.insured and registry.address(enrolment.insured, on=timezone.localdate()))


def meant(enrolment: Enrolment) -> InsuredPerson | None:
    """Return the insured person whom a request names without any doubt, who may have an account and has none yet."""
    person = InsuredPerson.objects.filter(nir=enrolment.nir, account=None).first()
    if person is None or not _is_the_same(enrolment, person) or not _is_of_age(person):
        return None
    return person


def _is_the_same(said: Enrolment, known: InsuredPerson) -> bool:
    return (
        folded(said.birth_name) == folded(known.birth_name)
        and _first(said.first_names) == _first(known.first_names)
        and all(part in ("00", held) for part, held in zip(said.born.split("-"), _parts(known), strict=True))
    )


def _first(names: str) -> str:
    return folded(names).partition(" ")[0]


def _parts(person: InsuredPerson) -> list[str]:
    return person.born_on.isoformat().split("-")


def _is_of_age(person: InsuredPerson) -> bool:
    """Tell whether somebody is old enough for an account of their own; before, a parent's holds what is theirs."""
    today, born = timezone.localdate(), person.born_on
    age = today.year - born.year - ((today.month, today.day) < (born.month, born.day))
    return age >= int(parameters.value("own_account_age", on=today))


class Ways(NamedTuple):
    """How the owner of an account may come back into it, besides the message that they have read."""

    by_code: bool
    by_letter: bool
    by_franceconnect: bool


def to_confirm(pk: int, *, purpose: Purpose) -> Enrolment | None:
    """Return the request of this key, while its address waits to be confirmed."""
    asked = Enrolment.objects.filter(pk=pk, purpose=purpose, status=Status.ASKED).first()
    return asked if asked and timezone.now() < asked.asked_at + TO_CONFIRM[purpose] else None


def ways_back(enrolment: Enrolment) -> Ways:
    """Return by which ways whoever read the message of a recovery may come back."""
    account = owner(enrolment.email)
    if account is None:
        return Ways(False, False, False)
    bound = account.identities.filter(provider=Provider.FRANCECONNECT).exists()
    return Ways(has_factor(account), not is_of_the_fund(account), bound)
