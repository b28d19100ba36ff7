"""The bank beside the ledger: what each statement closes on, what 515 comes to, what explains the rest."""

from datetime import date
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from escale.domain.payments import balancing
from escale.rules.deadlines import months_after
from escale.web import paging
from escale.web.agents.bank_returns import ACCOUNTANTS, SHOWN
from escale.web.hats import ActorRequest, wearing


@require_safe
@wearing(*ACCOUNTANTS)
def compared(request: ActorRequest) -> HttpResponse:
    """Show each statement of an account in a month beside the ledger, and the facts that are not posted yet."""
    month = _month(request)
    accounts = list(balancing.accounts(on=month).items())
    rank = min(paging.key(request, "compte") or 0, len(accounts) - 1)
    account, labels = accounts[rank]
    until = months_after(month, 1)
    context: dict[str, Any] = {
        "month": month,
        "before": months_after(month, -1),
        "after": until if until <= timezone.localdate() else None,
        "accounts": accounts,
        "rank": rank,
        "account": account,
        "budgets": labels,
        "rows": balancing.compared(account, month),
        "events": balancing.unposted_facts(account, before=until, actor=request.actor, most=SHOWN),
    }
    return render(request, "agents/compared.html", context)


@require_safe
@wearing(*ACCOUNTANTS)
def unanswered(request: ActorRequest) -> HttpResponse:
    """Show the transfers of which the bank has said nothing in time, the oldest first, page by page."""
    silent = balancing.unanswered(actor=request.actor, after=paging.due(request)).saying_if_shut_to(request.actor)
    page = list(silent.select_related("insured", "batch")[:SHOWN])
    last = paging.last(page, size=SHOWN)
    after = f"{last.batch.execution_on}_{last.pk}" if last and last.batch else ""
    return render(request, "agents/unanswered.html", {"orders": page, "after": after})


def _month(request: ActorRequest) -> date:
    """Read the month that is asked for, which another comes before, and none after this one; else this one."""
    typed, this = request.GET.get("mois", ""), timezone.localdate().replace(day=1)
    try:
        month = date.fromisoformat(f"{typed}-01") if typed else this
    except ValueError as unknown:
        raise Http404 from unknown
    if not date.min < month <= this:
        raise Http404
    return month
