"""What is typed at the door."""

from django import forms
from django.utils.translation import gettext_lazy as _
from dsfr.forms import DsfrBaseForm


class SignInForm(DsfrBaseForm):
    """An address and a password."""

    email = forms.EmailField(
        label=_("Adresse e-mail"),
        max_length=254,
        help_text=_("Format attendu : nom@domaine.fr"),
        widget=forms.EmailInput(attrs={"autocomplete": "username"}),
    )
    password = forms.CharField(
        label=_("Mot de passe"),
        max_length=256,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )
    typed = forms.CharField(required=False, widget=forms.HiddenInput)


class ProofForm(DsfrBaseForm):
    """A code of an application or a recovery code; or the answer of a passkey, which a script writes."""

    code = forms.CharField(
        label=_("Code"),
        max_length=40,
        required=False,
        help_text=_("Les 6 chiffres de votre application, ou l’un de vos codes de secours."),
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "inputmode": "text", "spellcheck": "false"}),
    )
    credential = forms.CharField(max_length=20_000, required=False, widget=forms.HiddenInput)
    typed = forms.CharField(required=False, widget=forms.HiddenInput)


class AgainForm(DsfrBaseForm):
    """One's password again, for an account without a second proof."""

    password = forms.CharField(
        label=_("Mot de passe actuel"),
        max_length=256,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )
    typed = forms.CharField(required=False, widget=forms.HiddenInput)
