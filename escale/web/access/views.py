"""The door: sign in, choose a hat, sign out."""

from django.conf import settings
from django.contrib.auth import login, logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from escale.domain.accounts import actions as accounts
from escale.domain.accounts.models import Account, Role
from escale.web import hats
from escale.web.access import typed
from escale.web.access.forms import SignInForm

HOME_OF = {
    Role.INSURED: "insured:home",
    Role.AGENT: "agents:queue",
    Role.PHYSICIAN: "agents:opinions",
    Role.ACCOUNTANT: "agents:payments",
    Role.SUPERVISOR: "agents:board",
}


def _ip(request: HttpRequest) -> str:
    """Return where a request comes from; behind our own proxy, the last address that it noted."""
    if settings.BEHIND_PROXY:
        return request.headers.get("X-Forwarded-For", "").rpartition(",")[2].strip()
    return request.META["REMOTE_ADDR"]


@sensitive_post_parameters("password", "typed")
@require_http_methods(["GET", "HEAD", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    """Let somebody in by address and password, then put on the first of their hats."""
    form = SignInForm(request.POST or None)
    status = 200
    if request.method == "POST" and form.is_valid():
        try:
            account = accounts.sign_in(
                email=form.cleaned_data["email"], password=form.cleaned_data["password"], ip=_ip(request)
            )
        except accounts.WrongCredentials:
            form.add_error(None, _("Adresse e-mail ou mot de passe incorrect : vérifiez les deux, puis réessayez."))
        except accounts.TooManyAttempts as refusal:
            form.add_error(None, _("Trop d’essais : attendez une minute, puis réessayez."))
            response = render(request, "access/sign_in.html", {"form": form}, status=429)
            response.headers["Retry-After"] = str(refusal.retry_after)
            return response
        else:
            return _enter(request, account, kept=form.cleaned_data["typed"])
    return render(request, "access/sign_in.html", {"form": form}, status=status)


def _enter(request: HttpRequest, account: Account, *, kept: str) -> HttpResponse:
    login(request, account)
    roles = [hat.role for hat in account.hats.order_by("pk")]
    if roles:
        hats.put_on(request, Role(roles[0]))
    return (typed.give_back(request, kept) if kept else None) or redirect(typed.next_page(request))


@require_GET
def start(request: HttpRequest) -> HttpResponse:
    """Send somebody who is signed in to the beginning of their space."""
    hat = request.session.get("hat")
    return redirect(HOME_OF[Role(hat)] if request.user.is_authenticated and hat else "public:home")


@require_POST
def change_hat(request: HttpRequest) -> HttpResponse:
    """Put on another of one's hats."""
    wanted = request.POST.get("hat", "")
    if request.user.is_authenticated and request.user.hats.filter(role=wanted).exists():
        hats.put_on(request, Role(wanted))
    return redirect("access:start")


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """Leave."""
    if request.user.is_authenticated:
        accounts.sign_out(account=request.user)
    logout(request)
    return redirect("public:home")
