"""How somebody changes the e-mail address of their account: a message goes there, and a link in it is followed."""

from datetime import timedelta

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from escale.domain.accounts import actions as accounts
from escale.domain.accounts.models import Role
from escale.web.access import proofs
from escale.web.access.proving import settled
from escale.web.forms import Form
from escale.web.hats import ActorRequest, wearing

KIND, LINK_SERVES = "address_to_confirm", timedelta(hours=1)


class AddressForm(Form):
    """The address that is wanted."""

    address = forms.EmailField(
        label=_("Nouvelle adresse e-mail"),
        max_length=254,
        help_text=_("Format attendu : nom@domaine.fr. Préférez une adresse que vous garderez en quittant l’armée."),
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
        error_messages={
            "required": _("Écrivez la nouvelle adresse."),
            "invalid": _("Cette adresse n’est pas complète : vérifiez-la."),
        },
    )


@wearing(Role.INSURED, oneself=True, hatless=True)
@require_http_methods(["GET", "HEAD", "POST"])
@settled
def change(request: ActorRequest) -> HttpResponse:
    """Ask for another address; the answer is the same whether or not it serves another account."""
    form = AddressForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        try:
            accounts.addresses.ask(account=request.user, address=form.cleaned_data["address"])
        except accounts.addresses.AlreadyYours:
            form.refuse({"address": gettext("C’est déjà l’adresse de votre compte.")})
        except accounts.TooManyAttempts:
            form.refuse({"address": gettext("Vous avez demandé cinq changements aujourd’hui : revenez demain.")})
        else:
            return redirect("insured:change_address")
    pending = getattr(request.user, "pending_address", None)
    return render(request, "insured/address.html", {"form": form, "pending": pending, "account": request.user})


@wearing(Role.INSURED, oneself=True, hatless=True)
@require_POST
def forget(request: ActorRequest) -> HttpResponse:
    """Give up the address that was asked."""
    accounts.addresses.forget(account=request.user)
    messages.success(request, _("La demande de changement est annulée : l’adresse de votre compte reste la même."))
    return redirect("insured:data")


@wearing(Role.INSURED, oneself=True, hatless=True)
@require_safe
def follow(request: ActorRequest, token: str) -> HttpResponse:
    """Open the link of the message; its proof is worth nothing without the session of whoever asked."""
    return proofs.follow(request, token, kind=KIND, within=LINK_SERVES, to="insured:confirm_address")


@wearing(Role.INSURED, oneself=True, hatless=True)
@require_http_methods(["GET", "HEAD", "POST"])
def confirm(request: ActorRequest) -> HttpResponse:
    """Take the new address, by a button: the programs that look at messages follow links, and press nothing."""
    notice = proofs.read(request, KIND)
    if request.method == "POST" and notice:
        try:
            accounts.addresses.confirm(account=request.user, address=notice.address, about=notice.about)
        except accounts.addresses.Stale:
            notice = None
        else:
            messages.success(request, _("C’est fait : nos messages partent désormais à votre nouvelle adresse."))
            return redirect("insured:data")
    return render(request, "insured/address_confirm.html", {"notice": notice})
