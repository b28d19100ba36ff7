"""How somebody closes their account, once they have read what stays and what goes."""

from django import forms
from django.contrib import messages
from django.contrib.auth import logout
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from escale.domain.accounts import actions as accounts
from escale.domain.accounts.models import Role
from escale.domain.claims import queries
from escale.rules.identity import folded
from escale.web.access.proving import fresh
from escale.web.forms import Form
from escale.web.hats import ActorRequest, wearing

WORD = "fermer"
STILL_SERVES = _(
    "Vous travaillez à la Caisse avec ce compte : il se ferme quand un superviseur en retire les casquettes."
)


class ClosingForm(Form):
    """A word to type, so that nobody leaves by a slip of the finger."""

    word = forms.CharField(
        label=_("Pour confirmer, tapez le mot « fermer »"),
        max_length=20,
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"}),
        error_messages={"required": _("Tapez le mot « fermer ».")},
    )

    def clean_word(self) -> str:
        if folded(self.cleaned_data["word"]) != WORD:
            raise ValidationError(_("Tapez le mot « fermer », sans rien d’autre."))
        return WORD


@wearing(Role.INSURED, oneself=True, hatless=True)
@require_http_methods(["GET", "HEAD", "POST"])
@fresh
def close(request: ActorRequest) -> HttpResponse:
    """Tell what stays and what goes, then close the account."""
    form = ClosingForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        try:
            accounts.close(account=request.user)
        except accounts.StillServes:
            form.refuse({"word": str(STILL_SERVES)})
        else:
            logout(request)
            messages.success(request, _("Votre compte est fermé. Un e-mail vous le confirme."))
            return redirect("public:home")
    return render(request, "insured/closing.html", {"form": form, "going_on": queries.going_on(request.user)})
