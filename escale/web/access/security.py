"""« Sécurité » : by what one enters, what is open, which devices are known."""

from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from escale.domain.accounts import actions as accounts
from escale.domain.accounts import queries
from escale.web import hats
from escale.web.access import browser, leaving
from escale.web.access.forms import NewPasswordForm
from escale.web.access.proving import fresh

FEW_CODES = 3

by_oneself = hats.wearing(*hats.EVERY_HAT, oneself=True, bareheaded=True)


@by_oneself
@require_GET
def page(request: hats.ActorRequest) -> HttpResponse:
    """Show by what one enters, which sessions are open and which devices are known."""
    account = request.user
    key = key_of(request)
    left = queries.codes_left(account)
    shown = {
        "account": account,
        "application": getattr(account, "totp", None),
        "passkeys": account.passkeys.order_by("pk"),
        "identities": account.identities.order_by("provider"),
        "codes_left": left,
        "few_codes": left <= FEW_CODES,
        "open": [{"session": one, "is_this": one.session_key == key} for one in queries.sessions(account)],
        "devices": account.devices.order_by("-last_seen_at"),
        "bareheaded": not request.session.get("hat") and account.hats.exists(),
    }
    return render(request, "access/security.html", shown)


@by_oneself
@require_http_methods(["GET", "HEAD", "POST"])
@fresh
@sensitive_post_parameters()
def password(request: hats.ActorRequest) -> HttpResponse:
    """Choose another password; the other sessions are closed."""
    account = request.user
    form = NewPasswordForm(account, request.POST or None, asks_current=not leaving.came_lately(request))
    if request.method == "POST" and form.is_valid() and _is_changed(request, form):
        update_session_auth_hash(request, account)
        messages.success(request, _("Votre mot de passe est changé. Vos autres sessions sont fermées."))
        return _with_a_long_one(request) if hats.came_by_short(request) else redirect("access:security")
    return render(request, "access/password_change.html", {"form": form})


def _with_a_long_one(request: hats.ActorRequest) -> HttpResponse:
    """Put on the hat that waited for a longer password, if the new one is, and go to the beginning of one's space."""
    given = request.POST.get("new", "")
    hats.note_length(request, request.user, is_long=accounts.is_long(given))
    wanted = request.session.pop("wanted_hat", "")
    if request.user.hats.filter(role=wanted).exists() and hats.may_put_on(request, hats.Role(wanted)):
        hats.put_on(request, hats.Role(wanted))
    elif not request.session.get("hat"):
        hats.put_on_first(request, request.user)
    return redirect("access:start")


def _is_changed(request: hats.ActorRequest, form: NewPasswordForm) -> bool:
    """Check the old password and take the new one, or say in the form what is wrong."""
    account, key = request.user, key_of(request)
    try:
        if "current" in form.fields:
            current = form.cleaned_data["current"]
            place, device = browser.place(request), browser.token(request)
            accounts.prove_by_password(account=account, password=current, ip=place, device=device)
        accounts.set_password(account=account, password=form.cleaned_data["new"], keep=key)
    except accounts.WrongCredentials:
        form.add_error("current", _("Ce mot de passe n’est pas le vôtre : réessayez."))
    except accounts.TooManyAttempts:
        form.add_error("current", _("Trop d’essais : attendez quelques minutes, puis réessayez."))
    except accounts.WeakPassword as weak:
        form.add_error("new", str(weak))
    return not form.errors


@by_oneself
@require_POST
def close_sessions(request: hats.ActorRequest) -> HttpResponse:
    """Close one of one's sessions, or all the others."""
    account, key = request.user, key_of(request)
    wanted = request.POST.get("session", "")
    only = queries.session_key(account, wanted)
    if only or not wanted:
        accounts.close_sessions(account=account, keep=key, only=only)
    messages.success(request, _("C’est fermé : on ne peut plus rien y faire sans se connecter de nouveau."))
    return redirect("access:security")


@by_oneself
@require_POST
def forget_device(request: hats.ActorRequest, pk: int) -> HttpResponse:
    """Treat a device as unknown from now on."""
    accounts.forget_device(device=get_object_or_404(request.user.devices, pk=pk))
    messages.success(request, _("Cet appareil est oublié : s’il revient, vous en serez averti par e-mail."))
    return redirect("access:security")


def key_of(request: HttpRequest) -> str:
    """Return the key of the session in which a request is made, which stays open when the others are closed."""
    return request.session.session_key or ""
