"""What is typed at the counter of a bank account, from a paper."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from escale.gateways import bank
from escale.rules import currency, identity
from escale.web.forms import AS_TYPED, Form, as_read

_CAPITALS = AS_TYPED | {"autocapitalize": "characters"}


class ReadForm(Form):
    """The number that an agent reads on the paper of an account."""

    read = forms.CharField(
        label=_("Numéro lu sur le RIB"),
        max_length=60,
        widget=forms.TextInput(attrs=_CAPITALS),
        error_messages={"required": _("Recopiez le numéro du compte depuis le papier.")},
    )


class RecordForm(Form):
    """An account that no SEPA transfer reaches, as a signed paper says it."""

    nir = forms.CharField(
        label=_("Numéro de sécurité sociale de l’assuré"),
        max_length=40,
        widget=forms.TextInput(attrs=AS_TYPED),
        error_messages={"required": _("Écrivez le numéro de sécurité sociale, tel qu’il est sur la feuille.")},
    )
    holder = forms.CharField(
        label=_("Titulaire du compte"),
        max_length=140,
        widget=forms.TextInput(attrs=AS_TYPED),
        error_messages={"required": _("Écrivez le nom du titulaire.")},
    )
    iban = forms.CharField(
        label=_("Numéro du compte"),
        max_length=60,
        help_text=_("Un IBAN, ou un autre numéro là où il n’y en a pas."),
        widget=forms.TextInput(attrs=_CAPITALS),
        error_messages={"required": _("Écrivez le numéro du compte.")},
    )
    branch = forms.CharField(
        label=_("Code du guichet"),
        required=False,
        max_length=20,
        help_text=_("Là où un virement le demande : ABA ou « routing number » aux États-Unis, BSB en Australie."),
        widget=forms.TextInput(attrs=_CAPITALS),
    )
    bic = forms.CharField(
        label=_("BIC de la banque"),
        max_length=14,
        help_text=_("8 ou 11 signes, aussi appelé « SWIFT »."),
        widget=forms.TextInput(attrs=_CAPITALS),
        error_messages={"required": _("Écrivez le BIC de la banque.")},
    )
    bank_name = forms.CharField(
        label=_("Nom de la banque"),
        max_length=70,
        widget=forms.TextInput(attrs=AS_TYPED),
        error_messages={"required": _("Écrivez le nom de la banque.")},
    )
    currency = forms.ChoiceField(
        label=_("Monnaie du compte"),
        choices=lambda: [("", _("Choisir une monnaie")), *currency.currencies(timezone.localdate())],
        error_messages={"required": _("Choisissez la monnaie du compte.")},
    )

    def clean_holder(self) -> str:
        return as_read(identity.person_name, self.cleaned_data["holder"])

    def clean_iban(self) -> str:
        return as_read(identity.account_number, self.cleaned_data["iban"])

    def clean_bic(self) -> str:
        bic: str = self.cleaned_data["bic"].replace(" ", "").upper()
        if not bank.is_bic(bic):
            raise ValidationError(_("Un BIC a 8 ou 11 signes, comme BNPAFRPP : recopiez-le depuis le papier."))
        return bic
