"""The budgets: what the year has taken of each, what it has left, and the orders that should move to another."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from escale.domain.accounts.models import Role
from escale.domain.payments import actions as payments
from escale.domain.payments import queries
from escale.domain.payments.models import Reimputation
from escale.domain.tariffs import actions as tariffs
from escale.rules import budgets
from escale.rules.lifecycle import StepRefused
from escale.web.agents.payment_forms import BudgetForm
from escale.web.hats import ActorRequest, wearing


@require_safe
@wearing(Role.ACCOUNTANT, Role.SECOND_ACCOUNTANT, Role.SUPERVISOR)
def show(request: ActorRequest) -> HttpResponse:
    """Show each budget with what it has left, and the moves that wait for an answer."""
    today = timezone.localdate()
    waiting = Reimputation.objects.visible_to(request.actor).waiting().select_related("order", "proposed_by")
    context = {"found": queries.consumptions(on=today), "year": str(today.year), "waiting": waiting}
    return render(request, "agents/budgets.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@wearing(Role.SUPERVISOR)
def propose(request: ActorRequest, code: str) -> HttpResponse:
    """Propose other credits of a budget, or another account; somebody else puts them in force."""
    known = {one.code: one for one in budgets.budgets(on=timezone.localdate())}
    if code not in known:
        raise Http404(code)
    found = known[code]
    told = {"ceiling": found.ceiling, "debtor_name": found.debtor_name, "debtor_iban": found.debtor_iban,
            "debtor_bic": found.debtor_bic}  # fmt: skip
    form = BudgetForm(request.POST if request.method == "POST" else None, initial=told)
    if request.method == "POST" and form.is_valid():
        try:
            edition = tariffs.propose_budget(code=code, by=request.actor, **form.retained())
        except tariffs.Unacceptable as refused:
            form.refuse(refused.errors)
        else:
            messages.success(request, _("Changement proposé : une autre personne doit le mettre en vigueur."))
            return redirect("agents:tariff_edition", edition.pk)
    return render(request, "agents/budget_propose.html", {"budget": found, "form": form})


@require_POST
@wearing(Role.ACCOUNTANT, Role.SECOND_ACCOUNTANT)
def answer(request: ActorRequest, pk: int) -> HttpResponse:
    """Confirm that an order moves to another budget, or leave it where it is."""
    move = get_object_or_404(Reimputation.objects.visible_to(request.actor).select_related("order"), pk=pk)
    try:
        if "refuser" in request.POST:
            payments.decline(reimputation=move, by=request.actor)
            messages.success(request, _("Réimputation refusée : l’ordre reste où il est."))
        else:
            payments.give(reimputation=move, by=request.actor)
            messages.success(request, _("Réimputation faite : une écriture la porte, l’ordre n’est pas modifié."))
    except (StepRefused, payments.CeilingReached) as refusal:
        messages.error(request, str(refusal))
    return redirect("agents:order", move.order.reference)
