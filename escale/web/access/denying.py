"""« Ce n’est pas moi »: whoever reads the message that announces another bank account stops it, without signing in."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from escale.domain.accounts.actor import SYSTEM
from escale.domain.payments.accounts import hold
from escale.domain.registry import actions as registry
from escale.domain.registry.models import BankAccount
from escale.rules import recourse
from escale.rules.lifecycle import StepRefused
from escale.web.access import proofs

KIND = "bank_account_changed"


@require_safe
def follow(request: HttpRequest, token: str) -> HttpResponse:
    """
    Open the link of the message; it leads to a page whose address holds no proof.

    It serves while nothing is paid there yet: later, it would have somebody else paid, by whoever reads a mailbox.
    """
    within = hold(timezone.localdate())
    return proofs.follow(request, token, kind=KIND, within=within, to="access:deny_account")


@require_http_methods(["GET", "HEAD", "POST"])
def deny(request: HttpRequest) -> HttpResponse:
    """Stop the change, by a button: the programs that look at messages follow links, and press nothing."""
    notice = proofs.read(request, KIND)
    account = BankAccount.objects.filter(pk=int(notice.about.rpartition(":")[2])).first() if notice else None
    done = False
    if request.method == "POST" and account:
        try:
            registry.deny(account=account, by=SYSTEM)
        except StepRefused:
            account = None
        else:
            done = True
    shown = {"bank_account": account, "done": done, "fund": recourse.FUND}
    response = render(request, "access/deny_account.html", shown)
    response.headers["Cache-Control"] = "no-store"
    return response
