"""Second proofs added and taken away: an application, passkeys, recovery codes."""

from django.contrib import messages
from django.http import HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from escale.domain.accounts import actions as accounts
from escale.domain.accounts import queries
from escale.gateways import passkeys, totp
from escale.web import hats
from escale.web.access import browser, factors, proving
from escale.web.access.forms import ApplicationForm, PasskeyForm
from escale.web.access.proving import fresh
from escale.web.access.security import by_oneself, key_of

_SECRET, _CHALLENGE = "new_secret", "new_passkey"
_WAY_IN_LOST = gettext_lazy(
    "Votre casquette demande une seconde preuve : ajoutez-en une autre avant de retirer celle-ci."
)


@by_oneself
@require_http_methods(["GET", "HEAD", "POST"])
@fresh
@sensitive_post_parameters()
def application(request: hats.ActorRequest) -> HttpResponse:
    """Share a secret with an application, once it showed a code of it."""
    account = request.user
    form = ApplicationForm(request.POST or None)
    secret = queries.unsealed(account, request.session.get(_SECRET, "")) or totp.draw()
    if request.method == "POST" and form.is_valid():
        try:
            accounts.add_application(
                account=account, secret=secret, code=form.cleaned_data["code"], keep=key_of(request)
            )
        except accounts.WrongProof:
            form.add_error("code", _("Ce code n’est pas celui de ce secret : attendez le suivant, puis réessayez."))
        else:
            request.session.pop(_SECRET, None)
            return _added(request)
    request.session[_SECRET] = queries.sealed(account, secret).hex()
    address = totp.address(secret, account=account.email or account.name, service="CNMSS")
    spaced = " ".join(secret[at : at + 4] for at in range(0, len(secret), 4))
    shown = {"form": form, "secret": spaced, "address": address, "drawing": totp.drawing(address)}
    return render(request, "access/application.html", shown)


@by_oneself
@require_POST
@fresh
def remove_application(request: hats.ActorRequest) -> HttpResponse:
    """Forget one's application."""
    try:
        accounts.remove_application(account=request.user, keep=key_of(request))
    except accounts.LastProof:
        messages.error(request, _WAY_IN_LOST)
    else:
        messages.success(request, _("L’application est retirée."))
    return redirect("access:security")


@by_oneself
@require_POST
@fresh
def passkey_challenge(request: hats.ActorRequest) -> HttpResponse:
    """Draw what a browser is to make a passkey of."""
    account = request.user
    known = [bytes(key.credential_id) for key in account.passkeys.all()]
    options, request.session[_CHALLENGE] = passkeys.ask_to_create(
        factors.service(), user=accounts.user_handle(account), name=account.email or account.name, known=known
    )
    return JsonResponse(options)


@by_oneself
@require_http_methods(["GET", "HEAD", "POST"])
@fresh
def passkey(request: hats.ActorRequest) -> HttpResponse:
    """Keep a passkey that the browser made."""
    form = PasskeyForm(request.POST or None, initial={"name": browser.label(request)})
    if request.method == "POST" and form.is_valid():
        given, state = form.cleaned_data, request.session.pop(_CHALLENGE, None)
        try:
            key = passkeys.created(factors.service(), state=state or {}, answer=given["credential"])
        except passkeys.Refused:
            form.add_error(None, _("La clé d’accès n’a pas été créée : réessayez."))
        else:
            accounts.add_passkey(account=request.user, key=key, name=given["name"], keep=key_of(request))
            return _added(request)
    return render(request, "access/passkey.html", {"form": form})


@by_oneself
@require_POST
@fresh
def remove_passkey(request: hats.ActorRequest, pk: int) -> HttpResponse:
    """Forget one of one's passkeys."""
    lost = get_object_or_404(request.user.passkeys, pk=pk)
    try:
        accounts.remove_passkey(passkey=lost, keep=key_of(request))
    except accounts.LastProof:
        messages.error(request, _WAY_IN_LOST)
    else:
        messages.success(request, _("La clé d’accès est retirée."))
    return redirect("access:security")


@by_oneself
@require_http_methods(["GET", "HEAD", "POST"])
@proving.proven
def codes(request: hats.ActorRequest) -> HttpResponse:
    """Draw new recovery codes, and show them once."""
    drawn = accounts.draw_codes(account=request.user, keep=key_of(request)) if request.method == "POST" else []
    going = request.session.pop("going", "") if drawn else request.session.get("going", "")
    shown = {"codes": drawn, "left": queries.codes_left(request.user), "going": going or reverse("access:start")}
    return render(request, "access/codes.html", shown)


def _added(request: hats.ActorRequest) -> HttpResponse:
    """What was just added was just proven: put on the hat that waited for it, then offer recovery codes."""
    proving.note(request)
    going = request.session.get("going", "")
    messages.success(request, _("Votre seconde preuve est ajoutée : elle vous sera demandée à chaque connexion."))
    after = factors.come_back(request)
    if queries.codes_left(request.user):
        return after
    request.session["going"] = going
    return redirect("access:codes")
