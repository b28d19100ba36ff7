"""Second proofs given: at the door, and again where something that matters is changed."""

import time
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from escale.domain.accounts import actions as accounts
from escale.domain.accounts.models import Account, Role
from escale.gateways import passkeys
from escale.web import hats
from escale.web.access import browser, half, proving, typed
from escale.web.access.forms import AgainForm, ProofForm, SignedForm, SignInForm
from escale.web.access.views import enter, slowed, too_many

Proof = AgainForm | ProofForm | SignedForm

_CHALLENGE = "challenge"
WRONG = _("Ce code n’est pas le bon, ou il a déjà servi : attendez le suivant, puis réessayez.")
WRONG_KEY = _("Votre clé d’accès n’a pas été reconnue : réessayez, ou donnez une autre preuve.")


def service() -> passkeys.Service:
    """Return for whom passkeys are: one domain, at each of our counters."""
    origins = [url for url in (settings.PUBLIC_URL, settings.MEDICAL_URL) if url]
    domain = settings.PASSKEY_DOMAIN or urlsplit(settings.PUBLIC_URL).hostname or ""
    return passkeys.Service(
        domain, "CNMSS", tuple(f"{urlsplit(url).scheme}://{urlsplit(url).netloc}" for url in origins)
    )


@never_cache
@require_POST
def challenge(request: HttpRequest) -> HttpResponse:
    """Draw what a passkey is to sign: of whoever is at the door, or is signed in, or of anybody."""
    account = request.user if isinstance(request.user, Account) else half.account(request)
    known = [bytes(key.credential_id) for key in account.passkeys.all()] if account else []
    options, request.session[_CHALLENGE] = passkeys.ask_to_sign(service(), known=known)
    return JsonResponse(options)


@sensitive_post_parameters("credential", "typed")
@require_POST
def sign_in_by_passkey(request: HttpRequest) -> HttpResponse:
    """Let somebody in by a passkey alone: it is something they have, and it checked that it is they."""
    kept = request.POST.get("typed", "")
    account = _who_signed(request, SignedForm(request.POST))
    if account is None:
        messages.error(request, WRONG_KEY)
        return render(request, "access/sign_in.html", {"form": SignInForm(initial={"typed": kept})})
    return enter(request, account, kept=kept, factor=True)


@never_cache
@sensitive_post_parameters("code", "credential")
@require_http_methods(["GET", "HEAD", "POST"])
def second_factor(request: HttpRequest) -> HttpResponse:
    """Ask those whose password was right for their second proof, and let them in."""
    account = half.account(request)
    if account is None:
        return redirect("access:sign_in")
    form = _form(request, account)
    if request.method == "POST" and form.is_valid():
        try:
            if _is_proven(request, account, form):
                return enter(request, account, factor=True)
        except accounts.TooManyAttempts as refusal:
            form.add_error(None, too_many(refusal))
            return slowed(_asked(request, account, form, "access/second_factor.html"), refusal)
    return _asked(request, account, form, "access/second_factor.html")


@hats.wearing(*hats.EVERY_HAT, oneself=True, bareheaded=True)
@require_http_methods(["GET", "HEAD", "POST"])
@sensitive_post_parameters("code", "credential", "password", "typed")
def prove(request: hats.ActorRequest) -> HttpResponse:
    """Ask for a proof again before something that matters, then lead back to it."""
    account = request.user
    form = _form(request, account)
    if request.method == "POST" and form.is_valid():
        try:
            if _is_proven(request, account, form):
                return come_back(request, kept=form.cleaned_data["typed"])
        except accounts.TooManyAttempts as refusal:
            form.add_error(None, too_many(refusal))
            return slowed(_asked(request, account, form, "access/prove.html"), refusal)
    return _asked(request, account, form, "access/prove.html")


def come_back(request: HttpRequest, *, kept: str = "") -> HttpResponse:
    """Put on the hat that waited for a proof, if one did, and go back to what asked for it."""
    account = request.user
    assert isinstance(account, Account)
    request.session.cycle_key()
    wanted = request.session.get("wanted_hat", "")
    going = request.session.pop("going", "")
    if wanted and account.hats.filter(role=wanted).exists() and hats.may_put_on(request, Role(wanted)):
        del request.session["wanted_hat"]
        hats.put_on(request, Role(wanted))
    elif not request.session.get("hat"):
        hats.put_on_first(request, account)
    return (typed.give_back(request, kept) if kept else None) or redirect(going or "access:security")


def _form(request: HttpRequest, account: Account) -> Proof:
    signed = request.POST.get("credential")
    return SignedForm(request.POST) if signed else proving.form_for(account)(request.POST or None)


def _asked(request: HttpRequest, account: Account, form: Proof, template: str) -> HttpResponse:
    shown = proving.form_for(account)() if isinstance(form, SignedForm) else form
    return render(request, template, {"form": shown, **proving.means(account)})


def _is_proven(request: HttpRequest, account: Account, form: Proof) -> bool:
    """Check what was given and note it in the session, or say what was wrong."""
    given, place = form.cleaned_data, browser.place(request)
    try:
        if isinstance(form, AgainForm):
            device = browser.token(request)
            accounts.prove_by_password(account=account, password=given["password"], ip=place, device=device)
            request.session["password_at"] = int(time.time())
            return True
        if isinstance(form, ProofForm):
            accounts.prove_by_code(account=account, code=given["code"], ip=place, device=browser.token(request))
        elif _who_signed(request, form) != account:
            messages.error(request, WRONG_KEY)
            return False
    except accounts.WrongCredentials:
        form.add_error("password", _("Ce mot de passe n’est pas le vôtre : réessayez."))
        return False
    except accounts.WrongProof:
        form.add_error("code", WRONG)
        return False
    proving.note(request)
    return True


def _who_signed(request: HttpRequest, form: SignedForm) -> Account | None:
    """Return whose passkey signed what was drawn for this browser; each draw serves once."""
    state = request.session.pop(_CHALLENGE, None)
    if state is None or not form.is_valid():
        return None
    try:
        return accounts.prove_by_passkey(service=service(), state=state, answer=form.cleaned_data["credential"])
    except accounts.WrongProof:
        return None
