"""The controls of paid claims: opened by a supervisor, led by whoever has the originals in hand."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from escale.domain.accounts.models import Role
from escale.domain.case import Unacceptable
from escale.domain.claims.models import Attachment, Claim
from escale.domain.controls import actions as controls
from escale.domain.controls import queries
from escale.domain.controls.lifecycle import ControlStatus
from escale.domain.controls.models import Control, Outcome
from escale.rules.lifecycle import StepRefused
from escale.web import paging
from escale.web.agents.control_forms import (
    ComparisonForm,
    OpeningForm,
    ProlongForm,
    ReceptionForm,
    ResultForm,
)
from escale.web.agents.door import look
from escale.web.forms import Form
from escale.web.hats import ActorRequest, wearing

_FORMS: dict[str, type[Form]] = {
    "prolong": ProlongForm, "receive": ReceptionForm, "compare": ComparisonForm, "close": ResultForm,
}  # fmt: skip
_TOLD = {
    "ask": gettext_lazy("Les originaux sont demandés : l’assuré est prévenu, rien n’est détruit d’ici la fin."),
    "prolong": gettext_lazy("Le délai est prolongé."),
    "receive": gettext_lazy("Les originaux sont reçus : comparez-les un par un."),
    "give_up": gettext_lazy("Les originaux ne sont pas venus : c’est noté."),
    "compare": gettext_lazy("La comparaison est enregistrée : écrivez à l’assuré ce qu’elle donne."),
    "close": gettext_lazy("Le contrôle est clos, et l’assuré le lira."),
    "withdraw": gettext_lazy("Le contrôle est abandonné."),
}
_ACTS: dict[str, Callable[..., None]] = {
    "ask": controls.ask, "prolong": controls.prolong, "receive": controls.receive, "give_up": controls.give_up,
    "compare": controls.compare, "close": controls.close, "withdraw": controls.withdraw,
}  # fmt: skip


@require_safe
@wearing(Role.AGENT, Role.SUPERVISOR)
def listing(request: ActorRequest) -> HttpResponse:
    """Show the controls, fifty at a time: those that go on, or those at one stage."""
    status = request.GET.get("etat", "")
    status = status if status in {*ControlStatus.values, queries.LATE} else ""
    found = list(queries.controls(actor=request.actor, status=status, before=paging.key(request, "avant")))
    context = {
        "controls": [(one, queries.is_late(one)) for one in found],
        "status": status,
        "statuses": [(queries.LATE, _("Délai passé")), *ControlStatus.choices],
        "last": paging.last(found, size=queries.PAGE),
    }
    return render(request, "agents/controls.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@wearing(Role.SUPERVISOR)
def start(request: ActorRequest) -> HttpResponse:
    """Choose a claim for a control, with a reason."""
    form = OpeningForm(
        request.POST if request.method == "POST" else None, initial={"number": request.GET.get("demande")}
    )
    if form.is_bound and form.is_valid():
        typed = form.cleaned_data
        claim = Claim.objects.visible_to(request.actor).with_people().filter(number=typed["number"]).first()
        try:
            if claim is None:
                raise Unacceptable({"number": _("Aucune demande ne porte ce numéro, ou son dossier vous est fermé.")})
            look(request, claim.insured, claim, number=claim.number)
            control = controls.open_control(claim=claim, reason=typed["reason"], words=typed["words"], by=request.actor)
        except Unacceptable as refusal:
            form.refuse(refusal.errors)
        except StepRefused as refusal:
            form.add_error("number", str(refusal))
        else:
            messages.success(request, _("Le contrôle est ouvert : demandez maintenant les originaux."))
            return redirect("agents:control", control.pk)
    return render(request, "agents/open_control.html", {"form": form})


@require_http_methods(["GET", "HEAD", "POST"])
@wearing(Role.AGENT, Role.SUPERVISOR)
def show(request: ActorRequest, pk: int) -> HttpResponse:
    """Show a control, its originals one by one, and what is to be done next; take a step of it."""
    control, step = _asked_for(request, pk), request.POST.get("step", "")
    if request.method != "POST":
        return _shown(request, control, {})
    if step not in _ACTS:
        messages.error(request, _("Dites ce que vous faites de ce contrôle."))
        return redirect("agents:control", pk)
    form = _form(step, control, request.POST)
    if form is not None and not form.is_valid():
        return _shown(request, control, {step: form})
    try:
        _ACTS[step](control=control, by=request.actor, **(form.said() if form else {}))
    except Unacceptable as refusal:
        form.refuse(refusal.errors)
        return _shown(request, control, {step: form})
    except StepRefused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _TOLD[step])
    return redirect("agents:control", pk)


def _asked_for(request: ActorRequest, pk: int) -> Control:
    """Return the control of this key if this actor may see it, and note that they look into its file."""
    visible = Control.objects.visible_to(request.actor).select_related(
        "claim__insured", "claim__beneficiary", "draw", "opened_by"
    )
    control = get_object_or_404(visible, pk=pk)
    look(request, control.claim.insured, control.claim, number=control.claim.number)
    return control


def _copies(request: ActorRequest, control: Control) -> dict[int, Attachment]:
    """Return the copies of the originals that this actor may see, by their keys."""
    seen = Attachment.objects.visible_to(request.actor).filter(pk__in=control.papers.values("attachment"))
    return seen.select_related("document").prefetch_related("document__pages").in_bulk()


def _form(step: str, control: Control, typed: Any = None) -> Any:
    return _FORMS[step](typed, control=control) if step in _FORMS else None


def _shown(request: ActorRequest, control: Control, tried: dict[str, Form]) -> HttpResponse:
    steps = queries.steps(control, actor=request.actor)
    forms = {step: tried.get(step) or _form(step, control) for step in _FORMS if step in steps}
    context: dict[str, Any] = {
        "control": control,
        "steps": steps,
        "late": queries.is_late(control),
        "missing": control.outcome == Outcome.NOT_RECEIVED and "receive" in steps,
        "papers": control.papers.order_by("pk"),
        "forms": forms,
        "comparison": forms["compare"].beside(_copies(request, control)) if "compare" in forms else [],
        "form": next(iter(tried.values()), None),
        "wrong": control.outcome in {Outcome.NONCONFORM, Outcome.NOT_RECEIVED},
        "may_open": request.actor.role == Role.AGENT,
    }
    return render(request, "agents/control.html", context)
