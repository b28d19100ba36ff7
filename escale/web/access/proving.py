"""Who changes what matters proves again, with a second proof, that it is they."""

import time
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from escale.domain.accounts import queries
from escale.domain.accounts.models import Account, Provider
from escale.web.access import leaving, typed
from escale.web.access.forms import AgainForm, ProofForm

View = Callable[..., HttpResponse]

MINUTES = 10


def note(request: HttpRequest) -> None:
    """Remember that the visitor has just given their second proof."""
    request.session["second_factor_at"] = int(time.time())


def is_recent(request: HttpRequest, what: str = "second_factor_at") -> bool:
    """Tell whether this proof was given less than ten minutes ago."""
    return bool(time.time() - request.session.get(what, 0) < 60 * MINUTES)


def proven(view: View) -> View:
    """Open to those who gave a second proof less than ten minutes ago; the others are asked for it, and come back."""

    @wraps(view)
    def enter(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return view(request, *args, **kwargs) if is_recent(request) else ask(request)

    return enter


def settled(view: View) -> View:
    """
    Like `proven`, by a second proof that has been there for three days: a stolen password adds one in a minute.

    Those for whom FranceConnect or a letter speaks, in this session, need not wait.
    """

    @proven
    @wraps(view)
    def enter(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        account = request.user
        assert isinstance(account, Account)
        if came_by_letter(request) or leaving.came_by_franceconnect(request):
            return view(request, *args, **kwargs)
        if timezone.now() < (since := queries.settled_at(account)):
            shown = {"since": since, "has_franceconnect": means(account)["has_franceconnect"]}
            return render(request, "access/too_new.html", shown, status=403)
        return view(request, *args, **kwargs)

    return enter


def came_by_letter(request: HttpRequest) -> bool:
    """Tell whether this session was opened by the code of a letter or of a counter."""
    return bool(request.session.get("by_letter"))


def fresh(view: View) -> View:
    """Like `proven`; of those who have no second proof yet, a password or FranceConnect less than ten minutes ago."""

    @wraps(view)
    def enter(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        account = request.user
        assert isinstance(account, Account)
        first = is_recent(request, "began") or is_recent(request, "password_at") or leaving.came_lately(request)
        if is_recent(request) or (first and not queries.has_factor(account)):
            return view(request, *args, **kwargs)
        return ask(request, by_password=True)

    return enter


def ask(request: HttpRequest, *, going: str = "", by_password: bool = False) -> HttpResponse:
    """Ask for a proof, then lead to this page; what was typed is given back after it."""
    account = request.user
    assert isinstance(account, Account)
    request.session["going"] = going or request.get_full_path()
    if not queries.has_factor(account) and not by_password:
        messages.info(
            request, _("Cette page demande une seconde preuve : ajoutez-en une à votre compte pour l’ouvrir.")
        )
        return redirect("access:security")
    if request.method == "POST" and not going:
        form = form_for(account)(initial={"typed": typed.sealed(request)})
        return render(request, "access/prove.html", {"form": form, **means(account)})
    return redirect("access:prove")


def form_for(account: Account) -> type[ProofForm | AgainForm]:
    """Return what an account is asked for: a code, or its password if it has no second proof."""
    return ProofForm if queries.has_factor(account) else AgainForm


def means(account: Account) -> dict[str, Any]:
    """Return by what an account may prove who it is, for the page that asks."""
    return {
        "has_factor": queries.has_factor(account),
        "has_passkey": account.passkeys.exists(),
        "has_password": account.has_usable_password(),
        "has_franceconnect": account.identities.filter(provider=Provider.FRANCECONNECT).exists(),
        "shown_code": queries.shown_code(account),
    }
