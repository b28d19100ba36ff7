"""What an agent decides on a claim: a question to the physicians, an approval, a refusal."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from escale.domain.accounts.models import Role
from escale.domain.claims import actions as claims
from escale.domain.claims import queries, waiting
from escale.domain.payments import actions as payments
from escale.domain.registry import queries as registry
from escale.rules.lifecycle import StepRefused
from escale.web.agents import screens
from escale.web.agents.door import asked_for
from escale.web.agents.forms import ApprovalForm, QuestionForm, RefusalForm
from escale.web.hats import ActorRequest, wearing


@require_http_methods(["GET", "HEAD", "POST"])
@wearing(Role.AGENT)
def ask_opinion(request: ActorRequest, number: str) -> HttpResponse:
    """Ask the medical service a question on papers that the agent chooses."""
    claim = asked_for(request, number)
    form = QuestionForm(
        request.POST if request.method == "POST" else None,
        attachments=queries.attachments(claim, actor=request.actor),
        labels=queries.paper_labels(claim),
    )
    if request.method == "POST" and form.is_valid():
        try:
            claims.ask_opinion(claim=claim, by=request.actor, **form.cleaned_data)
        except StepRefused as refusal:
            messages.error(request, str(refusal))
            return redirect("agents:case", number)
        messages.success(request, _("L’avis du service médical est demandé."))
        return redirect("agents:queue")
    context = {"claim": claim, "form": form, "steps": claim.steps_open_to(request.actor)}
    return render(request, "agents/ask_opinion.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@wearing(Role.AGENT)
def approve(request: ActorRequest, number: str) -> HttpResponse:
    """Accept a claim, once the agent has seen the total and the account on which it is paid."""
    claim = asked_for(request, number)
    form = ApprovalForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            claims.approve(claim=claim, by=request.actor, shown=form.cleaned_data["total"])
            messages.success(request, _("Demande %s acceptée : l’ordre de paiement attend son visa.") % number)
            return redirect("agents:queue")
        except StepRefused as refusal:
            messages.error(request, str(refusal))
            return redirect("agents:case", number)
        except (claims.NotAssessed, claims.PaperAwaited, payments.NotPayable) as lacking:
            messages.error(request, str(lacking))
        except payments.NoBankAccount:
            messages.error(request, _("Aucun compte bancaire connu : le paiement ne peut pas être ordonné."))
    context = {
        "claim": claim,
        "steps": claim.steps_open_to(request.actor),
        "awaited": waiting.awaited(claim),
        "account": registry.bank_account(claim.insured, on=timezone.localdate()),
    }
    return render(request, "agents/approve.html", context | screens.amounts(list(queries.lines(claim))))


@require_http_methods(["GET", "HEAD", "POST"])
@wearing(Role.AGENT)
def refuse(request: ActorRequest, number: str) -> HttpResponse:
    """Refuse a claim for a coded reason, in words that the person will read; another page may propose them."""
    claim = asked_for(request, number)
    proposed = "proposed" in request.POST
    form = RefusalForm(request.POST if request.method == "POST" and not proposed else None, initial=request.POST.dict())
    if form.is_bound and form.is_valid():
        try:
            claims.refuse(claim=claim, by=request.actor, **form.cleaned_data)
        except StepRefused as refusal:
            messages.error(request, str(refusal))
            return redirect("agents:case", number)
        messages.success(request, _("Demande %s refusée : la personne en est prévenue.") % number)
        return redirect("agents:queue")
    context = {"claim": claim, "form": form, "steps": claim.steps_open_to(request.actor)}
    return render(request, "agents/refuse.html", context)
