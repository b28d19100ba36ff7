"""The door by FranceConnect, for the insured, and by ProConnect, for those who work at the Fund."""

import logging
from contextlib import suppress
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from escale.domain.accounts import actions as accounts
from escale.domain.accounts import queries
from escale.domain.accounts.actions import addresses
from escale.domain.accounts.models import Account, Provider
from escale.domain.registry import actions as registry
from escale.domain.registry import queries as people
from escale.domain.registry.models import InsuredPerson
from escale.gateways import openid
from escale.rules import pivot
from escale.rules.recognition import Outcome
from escale.web.access import browser, joining, leaving, typed
from escale.web.access.factors import come_back as come_back_to
from escale.web.access.joining_forms import JoinForm
from escale.web.access.views import enter, slowed

log = logging.getLogger(__name__)

STARTS = 200
"""How often in an hour one place, be it a whole base, may leave for a service."""
_BEGUN = "openid"


@require_POST
def start(request: HttpRequest, provider: Provider) -> HttpResponse:
    """Send somebody to the service that says who they are."""
    try:
        accounts.spend("openid", browser.place(request), most=STARTS, within=timedelta(hours=1))
        asked = openid.ask(_registration(provider))
    except accounts.TooManyAttempts as refusal:
        return slowed(_stopped(request, provider, "too_many"), refusal)
    except openid.Unavailable:
        return _stopped(request, provider, "unavailable", status=503)
    request.session[_BEGUN] = {
        "provider": provider.value, "state": asked.state, "nonce": asked.nonce, "verifier": asked.verifier,
        "going": typed.next_page(request), "kept": typed.carried(request), "again": "again" in request.POST,
    }  # fmt: skip
    return redirect(asked.address)


@require_GET
@never_cache
def come_back(request: HttpRequest, provider: Provider) -> HttpResponse:
    """Let in, or go on with, whoever the service sends back; what was asked serves once."""
    registration, begun = _registration(provider), request.session.pop(_BEGUN, None)
    if not begun or begun["provider"] != provider:
        return _stopped(request, provider, "stale", status=400)
    try:
        asked = openid.Asked("", begun["state"], begun["nonce"], begun["verifier"])
        claims = openid.identify(registration, request.GET, asked)
    except openid.Unavailable:
        return _stopped(request, provider, "unavailable", status=503)
    except openid.Declined:
        return _stopped(request, provider, "declined")
    except openid.Untrue as fault:
        log.warning("%s: refused at %s", provider, fault.code)
        return _stopped(request, provider, "untrue", status=400)
    if begun["again"]:
        return _again(request, provider, claims, begun)
    arrive = _agent if provider == Provider.PROCONNECT else _insured
    return arrive(request, claims, begun)


def _again(request: HttpRequest, provider: Provider, claims: openid.Claims, begun: dict[str, Any]) -> HttpResponse:
    """Lead back to what asked for a proof whoever is signed in already, and is the same."""
    account = queries.known_by(provider, claims.subject)
    if account is None or account != request.user:
        return _stopped(request, provider, "another", status=403)
    leaving.note(request, account, provider, claims.id_token)
    return come_back_to(request, kept=begun["kept"])


def _insured(request: HttpRequest, claims: openid.Claims, begun: dict[str, Any]) -> HttpResponse:
    account = queries.known_by(Provider.FRANCECONNECT, claims.subject)
    if account:
        return _let_in(request, account, Provider.FRANCECONNECT, begun | {"id_token": claims.id_token})
    match, person = people.recognised(pivot.read(claims.told), on=timezone.localdate())
    if person is None:
        registry.note_unrecognised(outcome=match.outcome, code=match.code)
        too_young = match.outcome == Outcome.TOO_YOUNG
        return render(request, "access/unrecognised.html", {"too_young": too_young})
    request.session.cycle_key()
    joining.begin(
        request, person=person.pk, subject=claims.subject, id_token=claims.id_token,
        email=_address(claims.told.get("email")), going=begun["going"], kept=begun["kept"],
    )  # fmt: skip
    return redirect("access:join")


def _agent(request: HttpRequest, claims: openid.Claims, begun: dict[str, Any]) -> HttpResponse:
    email, siret = _address(claims.told.get("email")), str(claims.told.get("siret") or "")
    try:
        account = accounts.welcome(subject=claims.subject, email=email, siret=siret)
    except accounts.Unknown:
        return _stopped(request, Provider.PROCONNECT, "unknown", status=403)
    return _let_in(request, account, Provider.PROCONNECT, begun | {"id_token": claims.id_token})


@sensitive_post_parameters("nir")
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def join(request: HttpRequest) -> HttpResponse:
    """Ask once for the number of whoever was recognised, then let them into their account, or make it."""
    known = joining.waiting(request)
    if known is None or not known["subject"]:
        return _stopped(request, Provider.FRANCECONNECT, "stale", status=400)
    form = JoinForm(request.POST if request.method == "POST" else None, initial={"email": known["email"]})
    if request.method == "POST" and form.is_valid():
        person = InsuredPerson.objects.select_related("account").get(pk=known["person"])
        try:
            registry.prove_number(person=person, nir=form.cleaned_data["nir"], subject=known["subject"])
            return _joined(request, person, known, form)
        except registry.NotTheirs:
            form.add_error("nir", _("Ce numéro n’est pas celui de la personne que FranceConnect a reconnue."))
        except registry.Taken:
            joining.end(request)
            return joining.taken(request)
        except accounts.TooManyAttempts:
            joining.end(request)
            return render(request, "access/unrecognised.html", {"too_many": True}, status=429)
    return render(request, "access/join.html", {"form": form})


def _joined(request: HttpRequest, person: InsuredPerson, known: dict[str, Any], form: JoinForm) -> HttpResponse:
    """Open the account of whoever said their number: theirs, a new one, or one that they have for something else."""
    account = person.account
    if account is None and "existing" in request.POST:
        joining.prove(request)
        return redirect("access:adopt")
    if account is None:
        account = registry.join(person=person, subject=known["subject"])
        joining.end(request)
    else:
        joining.prove(request, account)  # tied once its second proof is given
    response = _let_in(request, account, Provider.FRANCECONNECT, known)
    if request.user == account:
        _ask_address(request, account, form.cleaned_data["email"])
    return response


def _ask_address(request: HttpRequest, account: Account, email: str) -> None:
    """Have a message confirm the address of an account that has none."""
    if email and not account.email:
        with suppress(accounts.TooManyAttempts, addresses.AlreadyYours):
            addresses.ask(account=account, address=email)
            messages.info(
                request, _("Un message vous est envoyé : ouvrez son lien pour confirmer votre adresse e-mail.")
            )


def _let_in(request: HttpRequest, account: Account, provider: Provider, came: dict[str, Any]) -> HttpResponse:
    if not account.is_active:
        return _stopped(request, provider, "closed", status=403)
    response = enter(request, account, kept=came["kept"], going=came["going"])
    leaving.note(request, account, provider, came["id_token"])
    return response


def _registration(provider: Provider) -> openid.Registration:
    registration: openid.Registration | None = settings.OPENID.get(provider.value)
    if registration is None:
        raise Http404
    return registration


def _stopped(request: HttpRequest, provider: Provider, why: str, *, status: int = 200) -> HttpResponse:
    return render(request, "access/openid_stopped.html", {"service": provider, "why": why}, status=status)


def _address(told: Any) -> str:
    """Return an e-mail address, if what is told is one."""
    if not isinstance(told, str):
        return ""
    try:
        validate_email(told)
    except ValidationError:
        return ""
    return told
