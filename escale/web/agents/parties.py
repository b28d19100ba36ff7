"""The accounts of one person in the ledger: what is owed to them, what they owe, and which lines clear each other."""

from itertools import groupby

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from escale.domain.ledger import queries
from escale.domain.ledger.models import EntryLine
from escale.domain.registry.models import InsuredPerson
from escale.rules import lettering
from escale.web.agents.bank_returns import ACCOUNTANTS
from escale.web.agents.door import look
from escale.web.hats import ActorRequest, wearing

SHOWN = 300


@require_safe
@wearing(*ACCOUNTANTS)
def party(request: ActorRequest, pk: int) -> HttpResponse:
    """Show the accounts of a person, who is nobody close and whose file is not protected, line by line."""
    known = EntryLine.objects.visible_to(request.actor).saying_who_is_known_to(request.actor).filter(known=True)
    person = get_object_or_404(InsuredPerson.objects.filter(pk__in=known.filter(party=pk).values("party")))
    look(request, person, person)
    lines = list(queries.of_party(person)[:SHOWN])
    context = {
        "number": lines[0].party_number,
        "accounts": [_account(list(some)) for _code, some in groupby(lines, key=lambda one: one.account)],
        "shown": SHOWN,
        "full": len(lines) == SHOWN,
    }
    return render(request, "agents/ledger_party.html", context)


def _account(lines: list[EntryLine]) -> dict[str, object]:
    """Gather the lines of one account, with the letters of those that clear each other and what each leaves."""
    moved = [line.moved for line in lines]
    rows = list(zip(lines, lettering.lettered(moved), lettering.balances(moved), strict=True))
    return {"code": lines[0].account, "label": lines[0].label, "left": rows[-1][2], "lines": rows}
