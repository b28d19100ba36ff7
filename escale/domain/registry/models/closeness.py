"""Whom those who work at the Fund are close to: nobody treats these cases."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from django.db.models import F, Q, QuerySet, Value

from escale.domain.accounts.models import Account

Keys = frozenset[int]

_ANSWERS: ContextVar[dict[Keys, Keys] | None] = ContextVar("closeness", default=None)


@contextmanager
def asked_once() -> Iterator[None]:
    """Have the same answer given all along a request, in this thread or task only, to all but what decides."""
    token = _ANSWERS.set({})
    try:
        yield
    finally:
        _ANSWERS.reset(token)


def of(people: "QuerySet[Any]", *accounts: Account | None) -> Keys:
    """
    Return the keys of those of these people whom one of these accounts is close to (1 query, 2 of who is insured).

    Who works at the Fund has an account for it, and often another as insured: that they are one is declared with
    their first hat. The family: for whom they answer, who answers for them, and those for whom the same person
    answers. One stands aside from whom one declared, from those in whose name one acts or did, and from who does so in
    one's own.
    """
    asked = Keys(account.pk for account in accounts if account)
    answers = _ANSWERS.get()
    if answers is None:
        return _ask(people, asked)
    if asked not in answers:
        answers[asked] = _ask(people, asked)
    return answers[asked]


def of_now(people: "QuerySet[Any]", account: Account) -> Keys:
    """Return the keys of those whom an account is close to at this very moment: for what decides."""
    return _ask(people, Keys([account.pk]))


def _ask(people: "QuerySet[Any]", accounts: Keys) -> Keys:
    if not accounts:
        return Keys()
    declared = people.filter(account__in=accounts).values_list("pk", Value(True)).union(
        people.filter(recusals__account__in=accounts).values_list("pk", F("recusals__oneself")),
        people.filter(mandates__delegate__in=accounts).values_list("pk", Value(False)),
    )  # fmt: skip
    found = list(declared)
    me = [key for key, is_oneself in found if is_oneself]
    return Keys(key for key, _ in found) | (_around(people, me) if me else Keys())


def _around(people: "QuerySet[Any]", me: list[int]) -> Keys:
    """Return the keys of one's family and of those who act for one another with one: each is found by its own index."""
    first, *others = (
        people.filter(tie).values_list("pk", flat=True)
        for tie in (
            Q(beneficiaries__person__in=me),
            Q(known_as__insured__in=me),
            Q(known_as__insured__in=people.filter(beneficiaries__person__in=me).values("pk")),
            Q(mandates__delegate__insured__in=me),
            Q(account__mandates__principal__in=me),
        )
    )
    return Keys(first.union(*others))
