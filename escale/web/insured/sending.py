"""The end of the way: look at everything once more, then send it, or throw it away."""

from functools import partial

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from escale.domain.accounts.models import Role
from escale.domain.claims import actions as claims
from escale.domain.claims import completeness, estimates, queries, secrecy
from escale.domain.claims.models import Claim
from escale.rules.lifecycle import StepRefused
from escale.web.hats import ActorRequest, wearing
from escale.web.insured.forms import CertifyForm
from escale.web.insured.journey import drafting, own, stage


@wearing(Role.INSURED)
@require_http_methods(["GET", "HEAD", "POST"])
def review(request: ActorRequest, number: str) -> HttpResponse:
    """Send a draft once it is certified; asked again, the same receipt comes back."""
    if request.method == "POST" and own(request, number).sent_at:
        return redirect("insured:receipt", number)
    response: HttpResponse = _review(request, number)
    if request.method == "POST" and response.status_code == 302:  # sent now, or by another click just before
        return redirect("insured:receipt", number)
    return response


@drafting
def _review(request: ActorRequest, claim: Claim) -> HttpResponse:
    form = CertifyForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        try:
            claims.submit(claim=claim, certified=form.cleaned_data["certified"], by=request.actor)
        except claims.Incomplete as refusal:
            for sentence in refusal.missing:
                form.add_error(None, sentence)
        except StepRefused:  # the other half of a double click came first
            return redirect("insured:receipt", claim.number)
        else:
            return redirect("insured:receipt", claim.number)
    papers, bills, files = queries.papers(claim), list(queries.bills(claim)), queries.joined(claim)
    told = estimates.of(claim, bills)
    return render(
        request,
        "insured/review.html",
        {
            "claim": claim,
            "form": form,
            "missing": completeness.missing(claim, needed=papers, typed=bills, files=files),
            "bills": bills,
            "files": secrecy.open_to(files, claim, reader=request.actor),
            "estimates": told,
            "total": estimates.total(told),
            "labels": {paper.code: paper.label for paper in papers},
            "stage": stage("review", claim),
        },
    )


@wearing(Role.INSURED)
@require_http_methods(["GET", "HEAD", "POST"])
@partial(drafting, blind=True)
def discard(request: ActorRequest, claim: Claim) -> HttpResponse:
    """Ask once more, then throw a draft away."""
    if request.method == "POST":
        claims.discard(claim=claim, by=request.actor)
        messages.success(request, _("Le brouillon %s est supprimé.") % claim.number)
        return redirect("insured:home")
    return render(request, "insured/discard.html", {"claim": claim})
