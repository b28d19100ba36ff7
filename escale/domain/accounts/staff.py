"""What is asked of those who work at the Fund: who has which hat, since when, and what waits for an answer."""

from datetime import timedelta

from django.db.models import Exists, Max, OuterRef, Prefetch, Q, QuerySet, Subquery

from escale.domain.accounts.models import Account, Grant, Hat, Role
from escale.domain.journal import queries as journal
from escale.domain.journal.actions import name_of

INVITED_FOR = timedelta(hours=24)


def at(email: str) -> Account | None:
    """Return the account of this address: proven, or that to which somebody was invited to work at the Fund."""
    address = email.strip().lower()
    of_the_fund = Q(grants__isnull=False) | Q(hats__role=Role.SUPERVISOR)
    invited = Q(email__isnull=True, pending_address__address=address) & of_the_fund
    return Account.objects.filter(Q(email=address) | invited).first()


def is_closed(account: Account) -> bool:
    """Tell whether its owner closed this account for good."""
    return journal.of(name_of(account)).filter(event="account.close").exists()


def colleagues() -> QuerySet[Account]:
    """
    Return the accounts that may wear a hat of the Fund, by name, with these hats (2 queries).

    `last_seen_at` says when they last signed in; of each hat, `given_at` and `given_by`, if two people gave it.
    """
    given = Grant.objects.filter(account=OuterRef("account"), role=OuterRef("role"), given=True).order_by("-pk")
    hats = (
        Hat.objects.exclude(role=Role.INSURED)
        .annotate(
            given_at=Subquery(given.values("settled_at")[:1]),
            proposed_by=Subquery(given.values("proposed_by__name")[:1]),
            given_by=Subquery(given.values("settled_by__name")[:1]),
        )
        .order_by("pk")
    )
    return (
        Account.objects.filter(Exists(Hat.objects.filter(account=OuterRef("pk")).exclude(role=Role.INSURED)))
        .select_related("pending_address")
        .annotate(last_seen_at=Max("devices__last_seen_at"))
        .prefetch_related(Prefetch("hats", hats, to_attr="worn"))
        .order_by("name", "pk")
    )


def supervisors() -> QuerySet[Account]:
    """Return those to whom what concerns the whole house is written."""
    return Account.objects.filter(hats__role=Role.SUPERVISOR, is_active=True).order_by("pk")


def hats() -> QuerySet[Hat]:
    """Return the hats of the Fund, with who wears them."""
    return Hat.objects.exclude(role=Role.INSURED).select_related("account")


def proposals() -> QuerySet[Grant]:
    """
    Return what was proposed and waits for somebody else's answer, oldest first.

    `is_insured` says whether they were said to be insured at the Fund, and are kept from their own file.
    """
    themselves = Account.objects.filter(pk=OuterRef("account"), recusals__oneself=True)
    waiting = Grant.objects.filter(given__isnull=True).annotate(is_insured=Exists(themselves))
    return waiting.select_related("account__pending_address", "proposed_by").order_by("pk")


def invited(about: str) -> Account | None:
    """Return the account that an invitation about this lets in (a hat, or a proof to begin anew), if it still does."""
    kind, _colon, pk = about.partition(":")
    if not pk.isdecimal():
        return None
    of = {"accounts.hat": Q(hats=pk), "accounts.grant": Q(grants=pk, grants__given=True)}.get(kind)
    account = Account.objects.filter(of).first() if of else None
    return account if account and not account.has_usable_password() else None


def address(account: Account) -> str:
    """Return where an invitation goes: the address that was proven, or that which is to be."""
    return account.email or account.pending_address.address
