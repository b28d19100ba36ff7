"""What is asked of the requests for an account."""

from datetime import timedelta
from typing import NamedTuple

from django.db.models import Q, QuerySet, Sum
from django.utils import timezone

from escale.domain.accounts.actor import Actor
from escale.domain.accounts.models import Account, Provider
from escale.domain.accounts.queries import has_factor, is_of_the_fund
from escale.domain.enrolment.lifecycle import Status
from escale.domain.enrolment.models import CODE_KEPT, TO_CONFIRM, Enrolment, Purpose
from escale.domain.registry import queries as registry
from escale.domain.registry.models import InsuredPerson
from escale.rules import parameters
from escale.rules.care_line import age
from escale.rules.identity import folded

LETTERS_A_MONTH = 3
"""How many codes one person is posted in a month for one address: what others ask for uses up their own."""


def found(text: str, *, actor: Actor) -> QuerySet[Enrolment]:
    """Return the open requests of whoever has this NIR, or the one of this number, as typed at a counter."""
    signs = "".join(sign for sign in text.upper() if sign.isalnum())
    seen = Enrolment.objects.within_reach_of(actor).saying_if_shut_to(actor).select_related("insured").order_by("-pk")
    return seen.filter(Q(number=f"{signs[:5]}-{signs[5:]}") | Q(insured__in=InsuredPerson.objects.bearing(text)))


def masked(email: str) -> str:
    """Return just enough of an address for its owner to know it again."""
    name, at, domain = email.partition("@")
    return f"{name[:1]}•••{at}{domain}"


def owner(email: str) -> Account | None:
    """Return whoever enters by this address, which they have proven theirs."""
    return Account.objects.filter(email=email, is_active=True).first()


def may_be_of(reader: Account | None, person: InsuredPerson) -> bool:
    """Tell whether an address that enters this account, or none, may be that of this insured person."""
    if reader is None or person.account == reader:
        return True
    return person.account is None and not is_insured(reader)


def is_insured(account: Account) -> bool:
    """Tell whether this account is that of an insured person, beside what it may do at the Fund or for others."""
    return InsuredPerson.objects.filter(account=account).exists()


def waiting(email: str, *, purpose: Purpose) -> QuerySet[Enrolment]:
    """Return the requests that wait for this address to be confirmed, latest first."""
    since = timezone.now() - TO_CONFIRM[purpose]
    asked = Enrolment.objects.filter(email=email, purpose=purpose, status=Status.ASKED, asked_at__gt=since)
    return asked.order_by("-pk")


def has_code(email: str) -> bool:
    """Tell whether a code that brings back into an account was drawn for whoever reads this address."""
    coded = Enrolment.objects.filter(email=email, purpose=Purpose.RECOVER, status=Status.CODED)
    return coded.filter(code_at__gt=timezone.now() - CODE_KEPT).exists()


def may_be_posted(enrolment: Enrolment) -> bool:
    """Tell whether the owner of a request may be posted one more code for its address, without asking at a counter."""
    since = timezone.now() - timedelta(days=30)
    lately = Enrolment.objects.filter(insured=enrolment.insured, email=enrolment.email, code_at__gt=since)
    return (lately.aggregate(codes=Sum("drawn"))["codes"] or 0) < LETTERS_A_MONTH


def has_address(enrolment: Enrolment) -> bool:
    """Tell whether a letter can reach the owner of a request."""
    return bool(enrolment.insured and registry.address(enrolment.insured, on=timezone.localdate()))


def meant(enrolment: Enrolment) -> InsuredPerson | None:
    """
    Return the insured person who has the number that a request gives, and may have an account of their own.

    Its seal is opened: while keys turn, the digest of the request may be of one key, that of the person of another.
    """
    person = InsuredPerson.objects.select_related("account").bearing(enrolment.legible_nir).first()
    return person if person and _is_of_age(person) else None


def is_the_same(said: Enrolment, known: InsuredPerson) -> bool:
    """Tell whether a request says of somebody what the registry does, however names are cut and hyphened."""
    names = {_glued(known.birth_name), _glued(known.used_name)} - {""}
    return (
        _glued(said.birth_name) in names
        and (not known.first_names or bool(_beginnings(said.first_names) & _beginnings(known.first_names)))
        and all(part in ("00", held) for part, held in zip(said.born.split("-"), _parts(known), strict=True))
    )


def _glued(name: str) -> str:
    return folded(name).replace(" ", "")


def _beginnings(names: str) -> set[str]:
    """Return the first of these names, the first two, and so on, each in one word."""
    words = folded(names).split()
    return {"".join(words[:rank]) for rank in range(1, len(words) + 1)}


def _parts(person: InsuredPerson) -> list[str]:
    return person.born_on.isoformat().split("-")


def _is_of_age(person: InsuredPerson) -> bool:
    """Tell whether somebody is old enough for an account of their own; before, a parent's holds what is theirs."""
    today = timezone.localdate()
    return age(person.born_on, on=today) >= parameters.value("own_account_age", on=today)


class Ways(NamedTuple):
    """How the owner of an account may come back into it, besides the message that they have read."""

    by_factor: bool = False
    by_letter: bool = False
    by_franceconnect: bool = False
    by_invitation: bool = False
    has_code: bool = False


def served(pk: int) -> bool:
    """Tell whether the address of this request was confirmed already: a second click is answered as the first."""
    return Enrolment.objects.filter(pk=pk).exclude(status__in=[Status.ASKED, Status.EXPIRED]).exists()


def to_confirm(pk: int, *, purpose: Purpose) -> Enrolment | None:
    """Return the request of this key, while its address waits to be confirmed."""
    asked = Enrolment.objects.filter(pk=pk, purpose=purpose, status=Status.ASKED).first()
    return asked if asked and timezone.now() < asked.asked_at + TO_CONFIRM[purpose] else None


def ways_back(enrolment: Enrolment) -> Ways:
    """Return by which ways whoever read the message of a recovery may come back."""
    account, coded = owner(enrolment.email), has_code(enrolment.email)
    if account is None:
        return Ways(has_code=coded)
    insured, of_the_fund = is_insured(account), is_of_the_fund(account)
    return Ways(
        by_factor=has_factor(account),
        by_letter=insured and not of_the_fund,
        by_franceconnect=account.identities.filter(provider=Provider.FRANCECONNECT).exists(),
        by_invitation=not insured and not of_the_fund,
        has_code=coded,
    )
