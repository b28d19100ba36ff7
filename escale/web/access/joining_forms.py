"""What is typed by somebody whom FranceConnect names for the first time."""

from django import forms
from django.utils.translation import gettext_lazy as _
from dsfr.forms import DsfrBaseForm

from escale.rules import identity
from escale.web.forms import as_read


class JoinForm(DsfrBaseForm):
    """The number that nobody else has, and where to write."""

    nir = forms.CharField(
        label=_("Numéro de sécurité sociale"),
        max_length=40,
        help_text=_("15 caractères, clé comprise : sur votre carte Vitale ou votre attestation de droits."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "inputmode": "text", "spellcheck": "false"}),
    )
    email = forms.EmailField(
        label=_("Adresse e-mail"),
        required=False,
        max_length=254,
        help_text=_("Pour être prévenu de ce qui change. Format attendu : nom@domaine.fr"),
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )

    def clean_nir(self) -> str:
        return as_read(identity.nir, self.cleaned_data["nir"])
