"""Who was invited to work at the Fund chooses a password; the link serves once."""

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe
from dsfr.forms import DsfrBaseForm

from escale.domain.accounts import actions as accounts
from escale.domain.accounts import staff
from escale.web.access import proofs

KIND = "staff_invited"


class InvitedForm(DsfrBaseForm):
    """The password of somebody who begins."""

    password = forms.CharField(
        label=gettext_lazy("Mot de passe"),
        help_text=gettext_lazy("16 caractères au moins : plusieurs mots que vous seul reliez font très bien."),
        max_length=256,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        error_messages={"required": gettext_lazy("Choisissez un mot de passe.")},
    )


@require_safe
def follow(request: HttpRequest, token: str) -> HttpResponse:
    """Open the link of an invitation."""
    return proofs.follow(request, token, kind=KIND, within=staff.INVITED_FOR, to="access:take_up")


@never_cache
@sensitive_post_parameters("password")
@require_http_methods(["GET", "HEAD", "POST"])
def take_up(request: HttpRequest) -> HttpResponse:
    """Show who is invited under which name, and take their password."""
    notice = proofs.read(request, KIND)
    account = staff.invited(notice.about) if notice else None
    if account is None:
        return render(request, "access/invitation_over.html", status=404)
    form = InvitedForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        try:
            accounts.take_up(account=account, password=form.cleaned_data["password"])
        except accounts.WeakPassword as weak:
            form.add_error("password", str(weak))
        except accounts.NotGiven as over:
            form.add_error(None, str(over))
        else:
            messages.success(request, _("Votre mot de passe est enregistré : connectez-vous."))
            return redirect("access:sign_in")
    return render(request, "access/invited.html", {"form": form, "account": account})
