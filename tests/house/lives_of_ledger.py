"""How each status of a month of the ledger is reached, and what its steps need besides."""

from django.utils import timezone

from escale.domain.accounts.actor import Actor
from escale.domain.accounts.models import Role
from escale.domain.case import Case
from escale.domain.ledger.lifecycle import Status
from escale.domain.ledger.models import AccountingMonth
from escale.domain.registry.models import InsuredPerson
from tests import factories
from tests.domain.ledger import entries

REACH_LEDGER = {
    (AccountingMonth, Status.OPEN): lambda: entries.posted().month,
    (AccountingMonth, Status.PROPOSED): entries.proposed,
    (AccountingMonth, Status.CLOSED): entries.closed,
}


def make_room_in_ledger(step: str, case: Case) -> None:
    """Do what the step's action does besides, without which the database refuses the step."""
    if isinstance(case, AccountingMonth) and step == "close" and case.status != Status.CLOSED:
        entries.balanced(case)
        AccountingMonth.objects.filter(pk=case.pk).update(closed_by=factories.account(), closed_at=timezone.now())


def held_in_ledger(person: InsuredPerson) -> dict[str, dict[str, object]]:
    """A month, an entry and a person of the ledger, for the addresses."""
    entry = entries.posted(piece=f"ORD-{person.pk}", party=person)
    return {"month": {"month": f"{entry.on:%Y-%m}"}, "entry": {"pk": entry.pk}, "party": {"pk": person.pk}}


def own_in_ledger(person: InsuredPerson) -> tuple[Case, ...]:
    """A month that somebody proposed to close."""
    return (entries.proposed(by=Actor(Role.ACCOUNTANT, person.account)),)
