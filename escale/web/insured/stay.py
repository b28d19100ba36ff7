"""Where, why and for whom: the first two pages of the way."""

import uuid
from collections.abc import Callable
from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from escale.domain.accounts.models import Role
from escale.domain.claims import actions as claims
from escale.domain.claims.models import Claim
from escale.domain.registry import queries as registry
from escale.domain.registry.models import InsuredPerson
from escale.web import places
from escale.web.forms import known_stay
from escale.web.hats import ActorRequest, wearing
from escale.web.insured.forms import BeneficiaryForm, StayForm
from escale.web.insured.journey import drafting, stage


@wearing(Role.INSURED)
@require_http_methods(["GET", "HEAD", "POST"])
def new_claim(request: ActorRequest) -> HttpResponse:
    """Open a draft, unless another fund is competent."""
    insured = get_object_or_404(InsuredPerson.objects.visible_to(request.actor))
    posting = registry.posting(insured, on=timezone.localdate())
    form = StayForm(
        request.POST if request.method == "POST" else None,
        initial={"request_key": uuid.uuid4(), **(known_stay(posting) if posting else {})},
    )

    def open_draft() -> Claim:
        return claims.start(insured=insured, request_key=form.key(), by=request.actor, **form.typed())

    return _stay_page(request, form, open_draft, posting=posting)


@wearing(Role.INSURED)
@require_http_methods(["GET", "HEAD", "POST"])
@drafting
def where(request: ActorRequest, claim: Claim) -> HttpResponse:
    """Correct the country, the reason or the dates of a draft."""
    form = StayForm(request.POST if request.method == "POST" else None, initial=known_stay(claim))

    def change() -> Claim:
        claims.change_stay(claim=claim, by=request.actor, **form.typed())
        return claim

    return _stay_page(request, form, change, claim=claim)


def _stay_page(request: ActorRequest, form: StayForm, save: Callable[[], Claim], **shown: Any) -> HttpResponse:
    elsewhere = None
    if form.is_bound and form.is_valid():
        try:
            claim = save()
        except claims.Redirected as refusal:
            elsewhere = refusal.scope
        except claims.Unacceptable as refusal:
            form.refuse(refusal.errors)
        else:
            return redirect("insured:beneficiary", claim.number)
    names = places.names()
    shown |= {"form": form, "elsewhere": elsewhere, "names": names, "stage": stage("where", shown.get("claim"))}
    return render(request, "insured/where.html", shown)


@wearing(Role.INSURED)
@require_http_methods(["GET", "HEAD", "POST"])
@drafting
def beneficiary(request: ActorRequest, claim: Claim) -> HttpResponse:
    """Say whose care it is."""
    form = BeneficiaryForm(
        request.POST if request.method == "POST" else None,
        insured=claim.insured,
        initial={"beneficiary": claim.beneficiary_id},
    )
    if form.is_bound and form.is_valid():
        try:
            claims.choose_beneficiary(claim=claim, beneficiary=form.cleaned_data["beneficiary"], by=request.actor)
        except claims.Unacceptable as refusal:
            form.refuse(refusal.errors)
        else:
            return redirect(stage("beneficiary", claim).next, claim.number)
    shown = {"claim": claim, "form": form, "stage": stage("beneficiary", claim)}
    return render(request, "insured/beneficiary.html", shown)
