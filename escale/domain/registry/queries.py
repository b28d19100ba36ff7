"""What is asked of the registry."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, datetime

from django.db.models import Case, Max, Prefetch, Q, QuerySet, When

from escale.domain.accounts.actor import Actor
from escale.domain.accounts.models import Account
from escale.domain.registry.models import (
    BankAccount,
    Beneficiary,
    Entitlement,
    InsuredPerson,
    Link,
    Opening,
    PostalAddress,
    Posting,
    Reading,
    sealed,
)
from escale.domain.registry.models.bank_accounts import BankAccountQuerySet
from escale.rules import recognition
from escale.rules.identity import folded
from escale.rules.pivot import Pivot
from escale.rules.recognition import Known, Match

PAGE = 50
_ONESELF_FIRST = Case(When(link=Link.SELF, then=0), default=1)


def candidates(pivot: Pivot) -> QuerySet[InsuredPerson]:
    """Return those whom this identity may be: who bear this birth name, in one word or several, born that year."""
    if recognition.lack(pivot) or not pivot.birth_name or not pivot.born:
        return InsuredPerson.objects.none()
    name = folded(pivot.birth_name)
    starts = Q(folded_name__startswith=f"{name} ") | Q(folded_name__startswith=f"{name.replace(' ', '')} ")
    return InsuredPerson.objects.filter(starts, born_on__year=pivot.born.year).order_by("pk")


def recognised(pivot: Pivot, *, on: date) -> tuple[Match, InsuredPerson | None]:
    """Return what comes of an identity that FranceConnect gives, and the person if it is surely theirs."""
    people = {_known(person): person for person in candidates(pivot)}
    match = recognition.match(pivot, [*people], today=on)
    return match, people[match.known] if match.known else None


def _known(person: InsuredPerson) -> Known:
    return Known(
        nir=person.legible_nir,
        birth_name=person.birth_name,
        used_name=person.used_name,
        first_names=person.first_names,
        born_on=person.born_on,
    )


def beneficiaries(insured: InsuredPerson, *, on: date) -> QuerySet[Beneficiary]:
    """Return those whose care this person may claim for on this day, oneself first."""
    return insured.beneficiaries.on(on).order_by(_ONESELF_FIRST, "born_on", "pk")


def posting(insured: InsuredPerson, *, on: date) -> Posting | None:
    """Return the posting that the administration signalled for this day, if any."""
    return insured.postings.on(on).order_by("-valid_from").first()


def bank_account(insured: InsuredPerson, *, on: date) -> BankAccount | None:
    """Return the account on which this person is paid on this day, if one is known."""
    return insured.bank_accounts.known().on(on).order_by("-valid_from", "-pk").first()


def paid_there_since(account: BankAccount) -> date:
    """Return since when its person is paid on it: since it was given, or since they denied another."""
    denied = BankAccount.objects.denied().filter(insured=account.insured_id)
    return max(account.valid_from, denied.aggregate(last=Max("valid_until"))["last"] or account.valid_from)


def alike(iban: str) -> BankAccountQuerySet:
    """Return what anybody ever gave of this account, under whichever key it is kept."""
    return BankAccount.objects.filter(iban_digest__in=sealed.digests(iban))


def sharers(accounts: Iterable[BankAccount]) -> dict[int, set[int]]:
    """Return who, of other families, gave these accounts too, by the key of each, even if they denied it (2 queries).

    An account that is one family's is not in it.
    """
    digests = {account: sealed.digests(number) for account in accounts if (number := account.legible_iban)}
    gave = defaultdict[str, set[int]](set)
    asked = {digest for some in digests.values() for digest in some}
    for digest, insured in BankAccount.objects.filter(iban_digest__in=asked).values_list("iban_digest", "insured"):
        gave[digest].add(insured)
    family = _families(account.insured_id for account in digests)
    others = {
        account.pk: {who for digest in some for who in gave[digest]} - family[account.insured_id]
        for account, some in digests.items()
    }
    return {account: who for account, who in others.items() if who}


def _families(people: Iterable[int]) -> dict[int, set[int]]:
    """Return, of each of these insured, themselves and the insured who are theirs, whoever answers for the other."""
    family = {person: {person} for person in people}
    tied = Beneficiary.objects.filter(Q(insured__in=family) | Q(person__in=family), person__isnull=False)
    for one, other in tied.values_list("insured", "person"):
        for who, whose in ((one, other), (other, one)):
            family.setdefault(who, {who}).add(whose)
    return family


def address(insured: InsuredPerson, *, on: date) -> str:
    """Return where a letter reaches this person on this day, line by line, or nothing if no address is known."""
    known = insured.addresses.on(on).order_by("-valid_from").first()
    return known.lines if known else ""


def oneself(insured: InsuredPerson) -> Beneficiary:
    """Return the insured person as the first of the beneficiaries."""
    return insured.beneficiaries.get(link=Link.SELF)


def readings(insured: InsuredPerson, *, before: tuple[datetime, int] | None = None) -> QuerySet[Reading]:
    """Return who of the Fund looked into a file, latest first, before this (moment, id)."""
    latest = Reading.objects.filter(insured=insured).select_related("opening").order_by("-at", "-pk")
    if before:
        at, pk = before
        latest = latest.filter(at__lte=at).exclude(at=at, pk__gte=pk)
    return latest[:PAGE]


def openings_to_review(*, actor: Actor) -> QuerySet[Opening]:
    """Return the protected files that were opened and at which no supervisor has looked yet, oldest first."""
    waiting = Opening.objects.visible_to(actor).filter(reviewed_by__isnull=True)
    return waiting.select_related("insured", "by").order_by("opened_at", "pk")


def portrait(account: Account, *, on: date) -> InsuredPerson | None:
    """
    Return the owner of an account with what is known of them: all of the family, rights and postings, latest first.

    Of bank accounts and addresses, those of this day (6 queries).
    """
    latest = "-valid_from", "-pk"
    return (
        InsuredPerson.objects.filter(account=account)
        .prefetch_related(
            Prefetch("beneficiaries", Beneficiary.objects.order_by(_ONESELF_FIRST, "born_on", "pk")),
            Prefetch("beneficiaries__entitlements", Entitlement.objects.order_by(*latest)),
            Prefetch("postings", Posting.objects.order_by(*latest)),
            Prefetch("bank_accounts", BankAccount.objects.known().on(on).order_by(*latest)),
            Prefetch("addresses", PostalAddress.objects.on(on).order_by(*latest)),
        )
        .first()
    )
