"""The accounts of one person in the ledger: what is owed to them, what they owe, and which lines clear each other."""

from collections.abc import Iterable
from decimal import Decimal
from typing import NamedTuple

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from escale.domain.ledger import queries
from escale.domain.ledger.models import EntryLine
from escale.domain.registry.models import InsuredPerson
from escale.rules import lettering
from escale.web import paging
from escale.web.agents.bank_returns import ACCOUNTANTS, SHOWN
from escale.web.agents.door import look
from escale.web.hats import ActorRequest, wearing


class Account(NamedTuple):
    """One account of a person: what is left on it, its latest lines, the line before which one goes on."""

    left: Decimal
    lines: list[tuple[EntryLine, str, Decimal]]
    """Each with its letters, and what the account came to after it."""
    before: int | None

    @property
    def named(self) -> EntryLine:
        """A line that tells which account it is."""
        return self.lines[0][0]


@require_safe
@wearing(*ACCOUNTANTS)
def party(request: ActorRequest, pk: int) -> HttpResponse:
    """Show the accounts of a person who is nobody close and whose file is not protected, or one, line by line."""
    known = EntryLine.objects.visible_to(request.actor).saying_who_is_known_to(request.actor).filter(known=True)
    person = get_object_or_404(InsuredPerson.objects.filter(pk__in=known.filter(party=pk).values("party")))
    look(request, person, person)
    asked, before = request.GET.get("compte", ""), paging.key(request, "avant")
    moved = queries.moved_of_party(person)
    found = [_account(moved[asked], before)] if asked in moved else [_account(one, None) for one in moved.values()]
    accounts = [one for one in found if one.lines]
    context = {
        "number": EntryLine(party_id=person.pk).party_number,
        "accounts": accounts,
        "alone": asked in moved,
    }
    return render(request, "agents/ledger_party.html", context)


def _account(moved: dict[int, Decimal], before: int | None) -> Account:
    """Letter all the lines of an account, and gather the latest of them, or those that come before one."""
    letters, balances = lettering.lettered(list(moved.values())), lettering.balances(moved.values())
    rows = list(zip(moved, letters, balances, strict=True))
    earlier = [row for row in rows if before is None or row[0] < before]
    page = earlier[-SHOWN:]
    lines = _lines(key for key, *_ in page)
    shown = [(lines[key], letters, balance) for key, letters, balance in page]
    return Account(rows[-1][2], shown, page[0][0] if len(earlier) > len(page) else None)


def _lines(keys: Iterable[int]) -> dict[int, EntryLine]:
    return EntryLine.objects.select_related("entry").in_bulk(list(keys))
