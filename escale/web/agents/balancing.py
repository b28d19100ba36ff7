"""The bank beside the ledger: what each statement closes on, what 515 comes to, what explains the rest."""

from datetime import date
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from escale.domain.payments import balancing
from escale.domain.payments.models import BankEvent
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
    waiting = [one.pk for one in balancing.unposted_facts(account, before=until)]
    seen = BankEvent.objects.visible_to(request.actor).filter(pk__in=waiting[:SHOWN])
    context: dict[str, Any] = {
        "month": month,
        "before": months_after(month, -1),
        "after": until if until <= timezone.localdate() else None,
        "accounts": accounts,
        "rank": rank,
        "account": account,
        "budgets": labels,
        "rows": balancing.compared(account, month),
        "events": seen.select_related("order", "batch", "discrepancy").order_by("booked_on", "pk"),
    }
    return render(request, "agents/compared.html", context)


@require_safe
@wearing(*ACCOUNTANTS)
def unanswered(request: ActorRequest) -> HttpResponse:
    """Show the transfers of which the bank has said nothing in time, the oldest first."""
    silent = balancing.unanswered(actor=request.actor).saying_if_shut_to(request.actor)
    silent = silent.select_related("insured", "batch")
    return render(request, "agents/unanswered.html", {"orders": silent[:SHOWN], "shown": SHOWN})


def _month(request: ActorRequest) -> date:
    """Read the month that is asked for; this one, where none is."""
    typed = request.GET.get("mois", "")
    try:
        return date.fromisoformat(f"{typed}-01") if typed else timezone.localdate().replace(day=1)
    except ValueError as unknown:
        raise Http404 from unknown
