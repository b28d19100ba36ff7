"""« Agir au nom de » : those whom one lets act in one's name, and those for whom one acts."""

import uuid
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from escale.domain.accounts.actions import TooManyAttempts, WeakPassword
from escale.domain.accounts.models import Account, Role
from escale.domain.case import Unacceptable
from escale.domain.mandates import actions, queries
from escale.domain.mandates.models import Mandate
from escale.domain.registry.models import InsuredPerson
from escale.rules.lifecycle import StepRefused
from escale.web import acting
from escale.web.access import proofs, typed
from escale.web.access.proving import fresh
from escale.web.access.views import enter
from escale.web.forms import ONE_DAY
from escale.web.hats import EVERY_HAT, ActorRequest, View, wearing
from escale.web.insured.mandate_forms import AccountForm, MandateForm, PasswordForm, known_mandate

INVITATION, INVITED_FOR = "mandate_offered", timedelta(days=7)


@wearing(*EVERY_HAT, oneself=True, in_person=True)
@require_safe
def mandates(request: ActorRequest) -> HttpResponse:
    """Show the mandates that one gave and those that one received."""
    found, today = Mandate.objects.with_people().order_by("-offered_at", "-pk"), timezone.localdate()
    shown = {
        "given": _told(found.given_by(request.actor), request),
        "received": _told(found.received_by(request.actor), request),
        "today": today,
        "may_give": InsuredPerson.objects.visible_to(request.actor).exists(),
    }
    return render(request, "insured/mandates.html", shown)


def _told(mandates: Any, request: ActorRequest) -> list[tuple[Mandate, frozenset[str]]]:
    return [(mandate, mandate.steps_open_to(request.actor)) for mandate in mandates]


@wearing(Role.INSURED, oneself=True)
@require_http_methods(["GET", "HEAD", "POST"])
@fresh
def give(request: ActorRequest) -> HttpResponse:
    """Let somebody act in one's name: the text says for what, and one agrees to it."""
    insured = get_object_or_404(InsuredPerson.objects.visible_to(request.actor))
    like = _renewed(request)
    first, after = queries.usual_period(
        insured, on=like.valid_until if like and like.is_living else timezone.localdate()
    )
    known = {"request_key": uuid.uuid4(), "valid_from": first, "valid_until": after - ONE_DAY}
    form = MandateForm(
        request.POST if request.method == "POST" else None, initial=known | (known_mandate(like) if like else {})
    )
    if form.is_bound and form.is_valid():
        try:
            actions.offer(principal=insured, request_key=form.key(), by=request.actor, **form.typed())
        except Unacceptable as refusal:
            form.refuse(refusal.errors)
        except TooManyAttempts:
            form.refuse({"address": str(_("Vous avez proposé dix mandats aujourd’hui : revenez demain."))})
        else:
            messages.success(request, _("Votre proposition est partie : le mandat servira dès qu’il sera accepté."))
            return redirect("insured:mandates")
    return render(request, "insured/mandate_give.html", {"form": form})


def _renewed(request: ActorRequest) -> Mandate | None:
    """Return the mandate to renew, if there is one; what lives is followed by another."""
    pk = request.GET.get("comme", "")
    is_key = pk.isdecimal() and len(pk) <= 9
    return Mandate.objects.given_by(request.actor).filter(pk=int(pk)).first() if is_key else None


def _settling(act: Callable[..., None], told: Any) -> View:
    """Make the page of one button: what it does to a mandate, and what is said then."""

    @wearing(*EVERY_HAT, oneself=True, in_person=True)
    @require_POST
    def settle(request: ActorRequest, pk: int) -> HttpResponse:
        mandate = get_object_or_404(Mandate.objects.visible_to(request.actor).with_people(), pk=pk)
        try:
            act(mandate=mandate, by=request.actor)
            messages.success(request, told)
        except StepRefused as refusal:
            messages.error(request, str(refusal))
        return redirect("insured:mandates")

    return settle


accept = _settling(actions.accept, _("Vous avez accepté ce mandat."))
decline = _settling(actions.decline, _("Vous avez refusé ce mandat."))
revoke = _settling(actions.revoke, _("Ce mandat est retiré : il ne permet plus rien, dès maintenant."))
give_up = _settling(actions.give_up, _("Vous avez renoncé à ce mandat."))


@wearing(*EVERY_HAT, oneself=True, in_person=True)
@require_POST
def act(request: ActorRequest, pk: int) -> HttpResponse:
    """Begin to act in somebody's name, until one ceases, signs out, or the mandate ends."""
    mandate = get_object_or_404(Mandate.objects.received_by(request.actor).with_people(), pk=pk)
    try:
        actions.take_up(mandate=mandate, by=request.actor)
    except StepRefused as refusal:
        messages.error(request, str(refusal))
        return redirect("insured:mandates")
    acting.begin(request, mandate)
    return typed.give_back(request, typed.carried(request)) or redirect("insured:home")


@wearing(*EVERY_HAT, in_person=True)
@require_POST
def stop_acting(request: ActorRequest) -> HttpResponse:
    """Come back to one's own space."""
    acting.cease(request)
    return typed.give_back(request, typed.carried(request)) or redirect("insured:mandates")


@require_safe
def follow_invitation(request: HttpRequest, token: str) -> HttpResponse:
    """Open the link of an invitation."""
    return proofs.follow(request, token, kind=INVITATION, within=INVITED_FOR, to="insured:invited")


@sensitive_post_parameters("password")
@require_http_methods(["GET", "HEAD", "POST"])
def invited(request: HttpRequest) -> HttpResponse:
    """Open an account for somebody who read that they may act for another, or give theirs back; others sign in."""
    notice = proofs.read(request, INVITATION)
    mandate = queries.offered(int(notice.about.rpartition(":")[2]), address=notice.address) if notice else None
    if mandate is None or request.user.is_authenticated:
        return redirect("insured:mandates")
    known = Account.objects.filter(email=mandate.address).first()
    if known and not queries.serves_only(known, principal=mandate.principal):
        return redirect("insured:mandates")
    form = (PasswordForm if known else AccountForm)(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        open_door = actions.restore if known else actions.open_account
        try:
            account = open_door(mandate=mandate, **form.cleaned_data)
        except WeakPassword as refusal:
            form.add_error("password", str(refusal))
        except StepRefused:  # the other half of a double click came first
            return redirect("insured:mandates")
        else:
            proofs.forget(request, INVITATION)
            messages.success(request, _("Votre mot de passe est enregistré. Lisez le mandat qui vous est proposé."))
            return enter(request, account)
    return render(
        request, "insured/mandate_invitation.html", {"form": form, "address": mandate.address, "known": known}
    )
