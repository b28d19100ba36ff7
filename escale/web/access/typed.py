"""What was typed when a session ended: it is asked to be kept by the sign-in page, and given back after it."""

import json
import re
import zlib
from base64 import urlsafe_b64encode
from typing import Any
from urllib.parse import urlencode

from cryptography.fernet import Fernet, InvalidToken
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.crypto import salted_hmac
from django.utils.http import url_has_allowed_host_and_scheme

from escale.domain.accounts import queries
from escale.domain.accounts.models import Account
from escale.web.access import browser
from escale.web.access.forms import SignInForm

_HALF_A_DAY = 12 * 3600
START = "/mon-espace/"
LARGEST = 100_000
_NEVER_KEPT = re.compile(r"(.*-)?(password.*|current|new|code|iban|nir|credential|typed|csrfmiddlewaretoken)")


def ask_to_sign_in(request: HttpRequest) -> HttpResponse:
    """Send a visitor to the sign-in page; what they had typed goes with them, sealed, in the page itself."""
    if request.method == "POST" and (kept := sealed(request)):
        form = SignInForm(initial={"typed": kept})
        return render(request, "access/sign_in.html", {"form": form, "kept": True})
    return redirect(f"{reverse('access:sign_in')}?{urlencode({'suite': request.get_full_path()})}")


def sealed(request: HttpRequest) -> str:
    """
    Return what was typed, so that a page may keep it and only whose it is may have it back.

    Nothing if it is too long, or nobody's; neither passwords, codes nor numbers of an account or of a person.
    """
    account = _whose(request)
    if account is None:
        return ""
    fields = [(name, value) for name, values in request.POST.lists() for value in values
              if not _NEVER_KEPT.fullmatch(name)]  # fmt: skip
    typed = {"account": account.pk, "path": request.get_full_path(), "fields": fields}
    kept = _lock().encrypt(zlib.compress(json.dumps(typed).encode())).decode()
    return kept if len(kept) <= LARGEST else ""


def give_back(request: HttpRequest, kept: str) -> HttpResponse | None:
    """Return the page that offers to take up what was typed; nothing if it is too old, or another's."""
    typed = _opened(kept)
    if typed is None or typed["account"] != request.user.pk:
        return None
    response = render(request, "access/take_up.html", {"path": typed["path"], "fields": typed["fields"]})
    response.headers["Cache-Control"] = "no-store"
    return response


def carried(request: HttpRequest) -> str:
    """Return what a page of ours carries of what was typed; nothing if it was not we who sealed it."""
    kept = request.POST.get("typed", "")
    return kept if len(kept) <= LARGEST and _opened(kept) else ""


def _whose(request: HttpRequest) -> Account | None:
    """Return who typed: whoever is signed in, or was the last to be on this browser."""
    return request.user if isinstance(request.user, Account) else queries.last_on(browser.token(request))


def _opened(kept: str) -> dict[str, Any] | None:
    try:
        opened: dict[str, Any] = json.loads(zlib.decompress(_lock().decrypt(kept.encode(), ttl=_HALF_A_DAY)))
    except InvalidToken:
        return None
    return opened


def _lock() -> Fernet:
    return Fernet(urlsafe_b64encode(salted_hmac("escale.typed", "key", algorithm="sha256").digest()))


def next_page(request: HttpRequest) -> str:
    """Return the page that was asked before signing in, if it is one of ours, else the beginning."""
    wanted = request.GET.get("suite", "")
    ours = url_has_allowed_host_and_scheme(wanted, allowed_hosts=None, require_https=request.is_secure())
    return wanted if wanted.startswith("/") and ours else reverse("access:start")
