"""What an agent decides on a claim: a question to the physicians, lines accepted or refused, a second look."""

from collections.abc import Callable
from contextlib import suppress
from decimal import Decimal, InvalidOperation

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from escale.domain.accounts.models import Role
from escale.domain.claims import actions as claims
from escale.domain.claims import queries, waiting
from escale.domain.claims.lifecycle import Status
from escale.domain.claims.models import AskedPaper, Attachment, Claim, ClaimLine, Decision
from escale.domain.controls import queries as controls
from escale.domain.desk import actions as desk
from escale.domain.payments import actions as payments
from escale.domain.registry import queries as registry
from escale.rules.lifecycle import StepRefused
from escale.web.agents import screens, signals
from escale.web.agents.door import asked_for
from escale.web.agents.forms import QuestionForm, RefusalForm, SecondLookForm
from escale.web.hats import ActorRequest, wearing


@require_http_methods(["GET", "HEAD", "POST"])
@wearing(Role.AGENT)
def ask_opinion(request: ActorRequest, number: str) -> HttpResponse:
    """Ask the medical service a question on papers that the agent chooses."""
    claim = asked_for(request, number)
    form = QuestionForm(
        request.POST if request.method == "POST" else None,
        attachments=queries.attachments(claim, actor=request.actor),
        lines=queries.lines(claim).filter(decision=None),
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
def decide(request: ActorRequest, number: str) -> HttpResponse:
    """Decide the lines that the agent ticks, once they have seen the total and the account on which it is paid."""
    claim = asked_for(request, number)
    lines = list(queries.lines(claim))
    asked = waiting.lines_for_an_opinion(claim)
    ready = [line for line in lines if line.decision_id is None and line.due is not None and line.pk not in asked]
    if request.method == "POST":
        try:
            decision = claims.decide(claim=claim, by=request.actor, seen=_seen(request))
            return _decided(request, claim, decision)
        except StepRefused as refusal:
            messages.error(request, str(refusal))
            return redirect("agents:case", number)
        except (claims.NotAssessed, claims.PaperAwaited, payments.NotPayable) as lacking:
            messages.error(request, str(lacking))
        except payments.NoBankAccount:
            messages.error(request, _("Aucun compte bancaire connu : le paiement ne peut pas être ordonné."))
    awaited = waiting.awaited(claim)
    chosen = _undisputed(ready, awaited)
    context = {
        "claim": claim,
        "steps": claim.steps_open_to(request.actor),
        "awaited": awaited,
        "signals": signals.to_see_first(claim, actor=request.actor),
        "compared": controls.is_compared(claim, lines=len(lines)),
        "ready": ready,
        "chosen": chosen,
        "proposed": queries.to_order(line for line in ready if line.pk in chosen),
        "account": registry.bank_account(claim.insured, on=timezone.localdate()),
    }
    return render(request, "agents/decide.html", context | screens.amounts(lines))


def _seen(request: ActorRequest) -> dict[int, Decimal]:
    """Read the lines that were ticked, each with the amount that stood beside it."""
    seen = {}
    for ticked in request.POST.getlist("lines"):
        pk, _sign, due = ticked.partition(":")
        with suppress(ValueError, InvalidOperation):
            seen[int(pk)] = Decimal(due)
    return seen


def _undisputed(ready: list[ClaimLine], awaited: list[Attachment | AskedPaper]) -> set[int]:
    """Return the lines of the bills for which no paper is awaited: those that can be paid at once."""
    disputed = {paper.bill_id for paper in awaited}
    return {line.pk for line in ready if line.bill_id not in disputed}


def _decided(request: ActorRequest, claim: Claim, decision: Decision) -> HttpResponse:
    """Say what was decided, and leave the claim to whoever comes next, unless something is left to decide."""
    messages.success(request, _told(decision))
    if not (decision.final or decision.waits):
        return redirect("agents:case", claim.number)
    desk.leave(claim=claim, by=request.actor)
    return redirect("agents:queue")


def _told(decision: Decision) -> str:
    if decision.waits:
        told = _("Décision proposée : un autre gestionnaire la relit avant qu’elle prenne effet (%(why)s).")
        return told % {"why": decision.get_second_look_display()}
    if decision.total:
        return _("Demande %s : l’ordre de paiement attend son visa.") % decision.claim
    if decision.claim.status == Status.REFUSED:
        return _("Demande %s refusée : la personne en est prévenue.") % decision.claim
    return _("Demande %s : rien de plus à payer, la personne est prévenue de la réponse.") % decision.claim


@require_http_methods(["GET", "HEAD", "POST"])
@wearing(Role.AGENT)
def refuse(request: ActorRequest, number: str) -> HttpResponse:
    """Refuse all that is left of a claim for a coded reason, in the person's words; another page may propose them."""
    claim = asked_for(request, number)

    def act(said: dict[str, str]) -> HttpResponse:
        return _decided(request, claim, claims.refuse(claim=claim, by=request.actor, **said))

    return _refusal(request, claim, act)


@require_http_methods(["GET", "HEAD", "POST"])
@wearing(Role.AGENT)
def refuse_line(request: ActorRequest, number: str, pk: int) -> HttpResponse:
    """Refuse one line for a coded reason; the claim is decided afterwards."""
    claim = asked_for(request, number)
    line = get_object_or_404(queries.lines(claim).filter(decision=None), pk=pk)

    def act(said: dict[str, str]) -> HttpResponse:
        claims.refuse_line(line=line, reason_code=said["reason_code"], words=said["explanation"], by=request.actor)
        messages.success(request, _("Ligne refusée : décidez-en avec les autres."))
        return redirect(f"{reverse('agents:case', args=[number])}#ligne-{pk}")

    return _refusal(request, claim, act, line=line)


def _refusal(
    request: ActorRequest, claim: Claim, act: Callable[[dict[str, str]], HttpResponse], line: ClaimLine | None = None
) -> HttpResponse:
    """Ask for a reason and its sentence until they are whole, then refuse."""
    proposed = "proposed" in request.POST
    form = RefusalForm(request.POST if request.method == "POST" and not proposed else None, initial=request.POST.dict())
    if form.is_bound and form.is_valid():
        try:
            return act(form.cleaned_data)
        except StepRefused as refusal:
            messages.error(request, str(refusal))
            return redirect("agents:case", claim.number)
    context = {"claim": claim, "line": line, "form": form, "steps": claim.steps_open_to(request.actor)}
    return render(request, "agents/refuse.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@wearing(Role.AGENT)
def second(request: ActorRequest, number: str) -> HttpResponse:
    """Read again what another agent decided: agree, or send it back and say why."""
    claim = asked_for(request, number)
    decision = queries.decision(claim)
    if decision is None or not decision.waits:
        return redirect("agents:case", number)
    form = SecondLookForm(request.POST if "send_back" in request.POST else None)
    try:
        if form.is_bound and form.is_valid():
            claims.send_back(decision=decision, by=request.actor, words=form.cleaned_data["words"])
            desk.give_back(claim=claim, by=request.actor)
            messages.success(request, _("Décision renvoyée : ses lignes sont à décider de nouveau."))
            return redirect("agents:queue")
        if request.method == "POST" and not form.is_bound:
            claims.second(decision=decision, by=request.actor)
            return _decided(request, claim, decision)
    except (StepRefused, claims.NotAssessed, claims.PaperAwaited, payments.NotPayable) as refusal:
        messages.error(request, str(refusal))
    except payments.NoBankAccount:
        messages.error(request, _("Aucun compte bancaire connu : le paiement ne peut pas être ordonné."))
    lines = list(queries.lines(claim).filter(decision=decision))
    context = {"claim": claim, "proposed": decision, "form": form, "own": decision.by_id == request.actor.signatory.pk}
    return render(request, "agents/second_look.html", context | screens.amounts(lines))
