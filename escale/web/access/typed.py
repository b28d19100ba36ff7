"""What was typed when a session ended: it is asked to be kept by the sign-in page, and given back after it."""

from typing import Any
from urllib.parse import urlencode

from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme

from escale.web.access.forms import SignInForm

_SALT = "escale.typed"
_HALF_A_DAY = 12 * 3600
START = "/mon-espace/"
LARGEST = 100_000


def ask_to_sign_in(request: HttpRequest) -> HttpResponse:
    """Send a visitor to the sign-in page; what they had typed goes with them, sealed, in the page itself."""
    if request.method == "POST" and (kept := sealed(request)):
        form = SignInForm(initial={"typed": kept})
        return render(request, "access/sign_in.html", {"form": form, "kept": True})
    return redirect(f"{reverse('access:sign_in')}?{urlencode({'suite': request.get_full_path()})}")


def sealed(request: HttpRequest) -> str:
    """Return what was typed, sealed so that a page may keep it; nothing if it is too long."""
    fields = [(name, value) for name, values in request.POST.lists() for value in values
              if name != "csrfmiddlewaretoken"]  # fmt: skip
    kept = signing.dumps({"path": request.get_full_path(), "fields": fields}, salt=_SALT, compress=True)
    return kept if len(kept) <= LARGEST else ""


def give_back(request: HttpRequest, kept: str) -> HttpResponse | None:
    """Return the page that offers to take up what was typed, or nothing if there is none or it is too old."""
    typed = _opened(kept)
    if typed is None:
        return None
    response = render(request, "access/take_up.html", {"path": typed["path"], "fields": typed["fields"]})
    response.headers["Cache-Control"] = "no-store"
    return response


def carried(request: HttpRequest) -> str:
    """Return what a page of ours carries of what was typed; nothing if it was not we who sealed it."""
    kept = request.POST.get("typed", "")
    return kept if len(kept) <= LARGEST and _opened(kept) else ""


def _opened(kept: str) -> dict[str, Any] | None:
    try:
        opened: dict[str, Any] = signing.loads(kept, salt=_SALT, max_age=_HALF_A_DAY)
    except signing.BadSignature:
        return None
    return opened


def next_page(request: HttpRequest) -> str:
    """Return the page that was asked before signing in, if it is one of ours, else the beginning."""
    wanted = request.GET.get("suite", "")
    ours = url_has_allowed_host_and_scheme(wanted, allowed_hosts=None, require_https=request.is_secure())
    return wanted if wanted.startswith("/") and ours else reverse("access:start")
