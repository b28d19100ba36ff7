"""What a supervisor types of hats, recusals and protected files, and who opens one."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from escale.domain.accounts import actions as accounts
from escale.domain.accounts import staff
from escale.domain.accounts.models import Account, Role
from escale.domain.registry.models import OpeningReason, ProtectionReason
from escale.web.forms import AS_TYPED, Form

_NUMBER = {"autocomplete": "off", "inputmode": "numeric"}


class HatForm(Form):
    """Who is to wear which hat, and why."""

    email = forms.EmailField(
        label=_("Adresse e-mail professionnelle"),
        max_length=254,
        help_text=_("Format attendu : nom@domaine.fr"),
        widget=forms.EmailInput(attrs=AS_TYPED),
        error_messages={"required": _("Écrivez l’adresse de cette personne.")},
    )
    name = forms.CharField(
        label=_("Nom ou identifiant affiché"),
        max_length=200,
        required=False,
        help_text=_("Pour un nouveau compte. Un identifiant de service suffit (CRPA, art. L. 111-2)."),
    )
    role = forms.ChoiceField(
        label=_("Casquette"),
        choices=[("", _("Choisir")), *((role, Role(role).label) for role in accounts.GIVEN_BY_TWO)],
        error_messages={"required": _("Choisissez une casquette.")},
    )
    why = forms.CharField(
        label=_("Raison"),
        max_length=200,
        help_text=_("La personne qui confirmera la lira. Par exemple : affectation au service au 1er janvier."),
        error_messages={"required": _("Dites pourquoi.")},
    )
    nir = forms.CharField(
        label=_("Son numéro de sécurité sociale"),
        max_length=25,
        required=False,
        help_text=_("Son dossier d’assuré et celui de sa famille lui seront fermés."),
        widget=forms.TextInput(attrs=_NUMBER),
    )
    uninsured = forms.BooleanField(label=_("Cette personne n’est pas assurée à la Caisse"), required=False)

    def clean(self) -> dict[str, Any]:
        typed: dict[str, Any] = super().clean() or {}
        if bool(typed.get("nir")) == typed.get("uninsured"):
            self.add_error("nir", _("Écrivez ce numéro, ou cochez que cette personne n’est pas assurée à la Caisse."))
        return typed


class ResetForm(Form):
    """Why an agent is to prove themselves anew."""

    why = forms.CharField(
        label=_("Raison"),
        max_length=200,
        help_text=_("Par exemple : téléphone perdu, identité vérifiée au bureau."),
        error_messages={"required": _("Dites pourquoi.")},
    )


class WithdrawalForm(Form):
    """Why a hat is taken back."""

    reason = forms.ChoiceField(
        label=_("Raison"),
        choices=accounts.WithdrawalReason.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choisissez une raison.")},
    )

    def clean_reason(self) -> accounts.WithdrawalReason:
        return accounts.WithdrawalReason(self.cleaned_data["reason"])


class OfInsured(Form):
    """An insured person, by their number."""

    nir = forms.CharField(
        label=_("Numéro de sécurité sociale de l’assuré"),
        max_length=25,
        widget=forms.TextInput(attrs=_NUMBER),
        error_messages={"required": _("Écrivez ce numéro.")},
    )


class RecusalForm(OfInsured):
    """An agent, and an insured person whose file they must not open."""

    email = forms.EmailField(
        label=_("Adresse e-mail de l’agent"),
        max_length=254,
        widget=forms.EmailInput(attrs=AS_TYPED),
        error_messages={"required": _("Écrivez l’adresse de l’agent.")},
    )
    oneself = forms.BooleanField(
        label=_("L’agent et l’assuré sont une seule personne"),
        required=False,
        help_text=_("Le dossier de sa famille lui est alors fermé aussi."),
    )
    field_order = ("email", "nir", "oneself")

    def clean_email(self) -> Account:
        found = staff.at(self.cleaned_data["email"])
        if found is None:
            raise forms.ValidationError(_("Aucun agent n’a cette adresse : vérifiez-la."))
        return found


class ProtectionForm(OfInsured):
    """An insured person whose file is to be protected, and why."""

    reason = forms.ChoiceField(
        label=_("Raison"),
        choices=ProtectionReason.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choisissez une raison.")},
    )

    def clean_reason(self) -> ProtectionReason:
        return ProtectionReason(self.cleaned_data["reason"])


class GlassForm(Form):
    """Why somebody opens a protected file."""

    reason = forms.ChoiceField(
        label=_("Pourquoi ouvrez-vous ce dossier ?"),
        choices=OpeningReason.choices,
        widget=forms.RadioSelect,
        help_text=_("L’assuré lira cette raison, sauf « Réquisition ou contrôle », qui ne s’annonce pas."),
        error_messages={"required": _("Choisissez une raison.")},
    )
    words = forms.CharField(
        label=_("Expliquez en une phrase"),
        max_length=500,
        widget=forms.Textarea({"rows": 3}),
        help_text=_("Un superviseur la lira. N’y écrivez rien de l’état de santé."),
        error_messages={"required": _("Expliquez en une phrase.")},
    )

    def typed(self) -> dict[str, Any]:
        return {"reason": OpeningReason(self.cleaned_data["reason"]), "words": self.cleaned_data["words"]}
