"""The bank accounts whose holder nobody knows: an agent at the counter looks at the paper, and answers."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST, require_safe

from escale.domain.accounts.models import Role
from escale.domain.registry import actions as registry
from escale.domain.registry.models import BankAccount
from escale.rules.lifecycle import StepRefused
from escale.web.agents.door import look
from escale.web.hats import ActorRequest, wearing

SHOWN = 20
_ANSWERS = {"accept": registry.accept, "refuse": registry.refuse}
_DONE = {
    "accept": _("Compte accepté : la personne est prévenue."),
    "refuse": _("Compte écarté : la personne est prévenue."),
}


@require_safe
@wearing(Role.COUNTER)
def show(request: ActorRequest) -> HttpResponse:
    """Show the accounts that wait for somebody to look at their paper, oldest first."""
    waiting = list(BankAccount.objects.to_check_by(request.actor)[:SHOWN])
    for account in waiting:
        look(request, account.insured, account)
    return render(request, "agents/accounts.html", {"waiting": waiting, "shown": SHOWN})


@require_POST
@wearing(Role.COUNTER)
def answer(request: ActorRequest, pk: int) -> HttpResponse:
    """Have somebody be paid on this account, or set it aside."""
    account = get_object_or_404(BankAccount.objects.to_check_by(request.actor), pk=pk)
    given = request.POST.get("answer", "")
    try:
        if given in _ANSWERS:
            _ANSWERS[given](account=account, by=request.actor)
            messages.success(request, _DONE[given])
    except StepRefused as refused:
        messages.error(request, str(refused))
    return redirect("agents:accounts")
