"""What is typed at the door."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from dsfr.forms import DsfrBaseForm

from escale.domain.accounts import actions as accounts
from escale.domain.accounts.models import Account


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
    """A code of an application, or a recovery code."""

    code = forms.CharField(
        label=_("Code"),
        max_length=40,
        help_text=_("Les 6 chiffres de votre application, ou l’un de vos codes de secours."),
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "spellcheck": "false"}),
    )
    typed = forms.CharField(required=False, widget=forms.HiddenInput)


class SignedForm(DsfrBaseForm):
    """The answer of a passkey, which a script writes."""

    credential = forms.CharField(max_length=20_000, widget=forms.HiddenInput)
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


class NewPasswordForm(DsfrBaseForm):
    """The password of today, if there is one, and that of tomorrow."""

    current = forms.CharField(
        label=_("Mot de passe actuel"),
        max_length=256,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )
    new = forms.CharField(
        label=_("Nouveau mot de passe"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def __init__(self, account: Account, *args: Any, asks_current: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self["new"].help_text = _("Au moins %(least)d caractères : plusieurs mots font très bien.") % {
            "least": accounts.password_length(account)
        }
        if not (asks_current and account.has_usable_password()):
            del self.fields["current"]


class ApplicationForm(DsfrBaseForm):
    """The first code that an application shows."""

    code = forms.CharField(
        label=_("Code affiché par l’application"),
        max_length=20,
        help_text=_("6 chiffres, renouvelés toutes les 30 secondes."),
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "inputmode": "numeric"}),
    )


class PasskeyForm(DsfrBaseForm):
    """What a browser answers when it has made a passkey, and the name by which its owner will know it."""

    name = forms.CharField(
        label=_("Nom de la clé d’accès"),
        max_length=60,
        help_text=_("Pour la reconnaître plus tard : « Téléphone », « Clé du bureau »…"),
    )
    credential = forms.CharField(max_length=20_000, widget=forms.HiddenInput)
