"""The door: sign in, choose a hat, sign out."""

import time

from django.contrib import messages
from django.contrib.auth import login
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from escale.domain.accounts import actions as accounts
from escale.domain.accounts import queries
from escale.domain.accounts.models import Account, Role
from escale.web import acting, hats
from escale.web.access import browser, half, joining, leaving, proving, typed
from escale.web.access.forms import SignInForm

HOME_OF = {
    Role.INSURED: "insured:home",
    Role.AGENT: "agents:queue",
    Role.PHYSICIAN: "agents:opinions",
    Role.ACCOUNTANT: "agents:payments",
    Role.SECOND_ACCOUNTANT: "agents:payments",
    Role.SUPERVISOR: "agents:board",
    Role.COUNTER: "agents:counter",
    Role.AUDITOR: "agents:journal",
    Role.PARTNER: "access:partner",
}


@sensitive_post_parameters("password", "typed")
@require_http_methods(["GET", "HEAD", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    """Let somebody in by address and password, or ask for their second proof."""
    form = SignInForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            account = accounts.sign_in(
                email=given["email"],
                password=given["password"],
                ip=browser.place(request),
                device=browser.token(request),
            )
        except accounts.WrongCredentials:
            form.add_error(None, _("Adresse e-mail ou mot de passe incorrect : vérifiez les deux, puis réessayez."))
        except accounts.TooManyAttempts as refusal:
            form.add_error(None, too_many(refusal))
            return slowed(render(request, "access/sign_in.html", {"form": form}), refusal)
        else:
            response = enter(request, account, kept=given["typed"])
            is_long = accounts.is_long(given["password"]) or queries.is_fictitious(account)
            hats.note_length(request, account, is_long=is_long)
            return response
    return render(request, "access/sign_in.html", {"form": form})


def enter(
    request: HttpRequest,
    account: Account,
    *,
    kept: str = "",
    factor: bool = False,
    by_letter: bool = False,
    going: str = "",
) -> HttpResponse:
    """
    Let somebody in who proved who they are, once they have given their second proof if they have one.

    `kept` is what they had typed when their session ended, `going` the page of ours that they had asked, if the
    address does not tell; `factor` tells that the second proof was given, `by_letter` that a code on paper was.
    """
    if not factor and queries.has_factor(account):
        half.begin(request, account, kept=kept, going=going or typed.next_page(request))
        return redirect("access:second_factor")
    if refused := joining.complete(request, account):
        return refused
    asked_before, typed_before = half.end(request)
    going, kept = going or asked_before or typed.next_page(request), kept or typed_before
    login(request, account)
    request.session.update({"began": int(time.time()), "device": browser.label(request), "by_letter": by_letter})
    if factor:
        proving.note(request)
    token = accounts.arrive(account=account, factor=factor, device=browser.token(request), label=browser.label(request))
    response = _first_page(request, account, going=going, kept=kept)
    browser.remember(response, token)
    return response


def _first_page(request: HttpRequest, account: Account, *, going: str, kept: str) -> HttpResponse:
    if not hats.put_on_first(request, account) and account.hats.exists():
        return lengthen(request) if hats.came_by_short(request) else redirect("access:security")
    return (typed.give_back(request, kept) if kept else None) or redirect(going)


def too_many(refusal: accounts.TooManyAttempts) -> str:
    """Say in how long one may try again."""
    minutes = -(-refusal.retry_after // 60)
    if minutes < 120:
        return ngettext(
            "Trop d’essais : attendez une minute, puis réessayez.",
            "Trop d’essais : réessayez dans %(minutes)d minutes.",
            minutes,
        ) % {"minutes": minutes}
    return _("Trop d’essais : réessayez dans %(hours)d heures.") % {"hours": -(-minutes // 60)}


def slowed(response: HttpResponse, refusal: accounts.TooManyAttempts) -> HttpResponse:
    """Answer that there were too many tries, and say when to come back."""
    response.status_code = 429
    response.headers["Retry-After"] = str(refusal.retry_after)
    return response


@require_GET
def start(request: HttpRequest) -> HttpResponse:
    """Send somebody who is signed in to the beginning of their space."""
    if not request.user.is_authenticated:
        return redirect("public:home")
    if acting.is_on(request):
        return redirect("insured:home")
    if hat := request.session.get("hat"):
        return redirect(HOME_OF[Role(hat)])
    return redirect("public:home" if request.user.hats.exists() else "insured:mandates")


def lengthen(request: HttpRequest) -> HttpResponse:
    """Lead to the choice of a password that is long enough for the hats of the Fund."""
    messages.info(request, _("Les casquettes de la Caisse demandent un mot de passe de 16 signes : choisissez-en un."))
    return redirect("access:password")


@require_POST
def change_hat(request: HttpRequest) -> HttpResponse:
    """Put on another of one's hats; those of the Fund ask for a second proof first."""
    wanted = request.POST.get("hat", "")
    if request.user.is_authenticated and request.user.hats.filter(role=wanted).exists():
        role = Role(wanted)
        if not hats.may_put_on(request, role):
            request.session["wanted_hat"] = role.value
            if hats.came_by_short(request):
                return lengthen(request)
            return proving.ask(request, going=typed.START)
        request.session.cycle_key()
        hats.put_on(request, role)
    return redirect("access:start")


@require_POST
def prolong(request: HttpRequest) -> HttpResponse:
    """Stay signed in; say for how many seconds."""
    left = hats.stay(request)
    return JsonResponse({"left": left}, status=200 if left else 401, headers={"Cache-Control": "no-store"})


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """Leave."""
    if request.user.is_authenticated:
        accounts.sign_out(account=request.user)
    return leaving.away(request)
