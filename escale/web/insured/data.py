"""« Mes données personnelles »: what the Fund knows of somebody, where each thing is changed, and a copy of it all."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from escale.domain import portability
from escale.domain.accounts import actions as accounts
from escale.domain.accounts.models import Account, Role
from escale.domain.registry import queries as registry
from escale.rules import recourse, scope
from escale.web.access.proving import fresh
from escale.web.hats import ActorRequest, wearing

FORMS = {
    "json": ("application/json", lambda account: portability.as_json(account).encode()),
    "pdf": ("application/pdf", portability.as_pdf),
}


@wearing(Role.INSURED, oneself=True, hatless=True)
@require_safe
def data(request: ActorRequest) -> HttpResponse:
    """Show what is known, the numbers half hidden."""
    return render(request, "insured/data.html", _known(request.user))


@wearing(Role.INSURED, oneself=True, hatless=True)
@require_safe
@fresh
def numbers(request: ActorRequest) -> HttpResponse:
    """Show the same, the numbers whole, to whoever has just proved who they are."""
    return render(request, "insured/data.html", _known(request.user) | {"whole": True})


def _known(account: Account) -> dict[str, Any]:
    today = timezone.localdate()
    person = registry.portrait(account, on=today)
    return {
        "account": account,
        "pending": getattr(account, "pending_address", None),
        "person": person,
        "fund": recourse.FUND,
        "postings": [
            (scope.territory(posting.territory, on=posting.valid_from).name, posting)
            for posting in (person.postings.all() if person else ())
        ],
        "banks": [(account, account.bank) for account in (person.bank_accounts.all() if person else ())],
    }


@wearing(Role.INSURED, oneself=True, hatless=True)
@require_POST
@fresh
def copy(request: ActorRequest, form: str) -> HttpResponse:
    """Give a copy of all that is told, to whoever has just proved who they are; they are told of it by e-mail."""
    try:
        accounts.take_copy(account=request.user, form=form)
    except accounts.TooManyAttempts:
        messages.error(request, _("Vous avez déjà pris dix copies aujourd’hui : revenez demain."))
        return redirect("insured:data")
    media_type, made = FORMS[form]
    name = f"mes-donnees-cnmss-{timezone.localdate():%Y-%m-%d}.{form}"
    return HttpResponse(
        made(request.user),
        content_type=media_type,
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )
