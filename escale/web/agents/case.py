"""One claim on one screen: the papers beside the lines."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from escale.domain.accounts.models import Role
from escale.domain.claims import actions as claims
from escale.domain.claims import queries
from escale.domain.claims.models import Claim
from escale.rules.lifecycle import StepRefused
from escale.rules.reimbursement import Unverified
from escale.web.agents import screens
from escale.web.agents.assessment_form import AssessmentForm
from escale.web.agents.door import asked_for
from escale.web.hats import ActorRequest, wearing


@require_safe
@wearing(Role.AGENT)
def show(request: ActorRequest, number: str) -> HttpResponse:
    """Show a claim, with all that helps to decide."""
    claim = asked_for(request, number)
    return render(request, "agents/case.html", screens.case(claim, actor=request.actor, tried=_picked(request, claim)))


@require_http_methods(["GET", "HEAD", "POST"])
@wearing(Role.AGENT)
def assess(request: ActorRequest, number: str, pk: int) -> HttpResponse:
    """Compute what is due for a line."""
    claim = asked_for(request, number)
    line = get_object_or_404(queries.lines(claim), pk=pk)
    if request.method != "POST":
        return _back_to(claim, pk)
    form = AssessmentForm(request.POST, line=line)
    if form.is_valid():
        try:
            claims.assess(line=line, retained=form.retained(), by=request.actor)
            messages.success(request, _("Ligne calculée."))
            return _back_to(claim, pk)
        except claims.Unacceptable as refusal:
            form.refuse(refusal.errors)
        except Unverified as unverified:
            form.add_error("stated_tariff", str(unverified))
        except claims.NoRate:
            messages.error(
                request,
                _("Aucun cours n’est en usage pour ce jour : proposez-en un, une autre personne le confirmera."),
            )
            return _back_to(claim, pk)
        except StepRefused as refused:
            messages.error(request, str(refused))
            return _back_to(claim, pk)
    return render(request, "agents/case.html", screens.case(claim, actor=request.actor, tried=form))


def _picked(request: ActorRequest, claim: Claim) -> AssessmentForm | None:
    """Return the form of the line for which an act was just found, with this act."""
    code, pk = request.GET.get("acte", ""), request.GET.get("ligne", "")
    if not code or not pk.isdecimal() or "assess" not in claim.steps_open_to(request.actor):
        return None
    line = queries.lines(claim).filter(pk=int(pk[:18])).first()
    return AssessmentForm(line=line, picked=code[:24]) if line else None


def _back_to(claim: Claim, pk: int) -> HttpResponse:
    return redirect(f"{reverse('agents:case', args=[claim.number])}#ligne-{pk}")
