"""What is typed to let somebody act in one's name, and by whoever is invited to."""

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from escale.domain.mandates.acts import Act
from escale.domain.mandates.models import Mandate, Tie
from escale.web.forms import ONE_DAY, Day, Form
from escale.web.insured.forms import CreationForm


class MandateForm(CreationForm):
    """Who, for what, until when; `valid_until` is read as the last day, and given as the day after it."""

    name = forms.CharField(
        label=_("Nom et prénom de la personne qui vous aide"),
        max_length=100,
        error_messages={"required": _("Écrivez le nom de la personne qui vous aide.")},
    )
    address = forms.EmailField(
        label=_("Son adresse e-mail"),
        help_text=_("Format attendu : nom@domaine.fr. Elle y recevra votre proposition : vérifiez-la bien."),
        max_length=254,
        error_messages={"required": _("Écrivez son adresse e-mail.")},
    )
    tie = forms.ChoiceField(
        label=_("Cette personne est votre"),
        choices=[("", _("Choisissez")), *((tie.value, tie.label) for tie in Tie)],
        error_messages={"required": _("Dites qui est cette personne pour vous.")},
    )
    acts = forms.MultipleChoiceField(
        label=_("Que peut-elle faire de plus en votre nom ?"),
        choices=[(act.value, act.label) for act in Act if act is not Act.FOLLOW],
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    valid_from = Day(label=_("Premier jour du mandat"))
    valid_until = Day(label=_("Dernier jour du mandat"), help_text=_("Deux ans au plus. Vous pourrez le renouveler."))
    agreed = forms.BooleanField(
        label=_("J’autorise cette personne à faire ces actes en mon nom, entre ces deux jours."),
        error_messages={"required": _("Cochez la case pour donner votre accord.")},
    )

    def clean_tie(self) -> Tie:
        return Tie(self.cleaned_data["tie"])

    def clean_acts(self) -> list[Act]:
        return [Act(act) for act in self.cleaned_data["acts"]]

    def clean_valid_until(self) -> date:
        return self.cleaned_data["valid_until"] + ONE_DAY

    def typed(self) -> dict[str, Any]:
        """Return what was typed, in the words of the action."""
        return {name: value for name, value in super().typed().items() if name != "agreed"}


def known_mandate(mandate: Mandate) -> dict[str, Any]:
    """Return what a mandate says, as it would be typed to renew it."""
    return {"name": mandate.name, "address": mandate.address, "tie": mandate.tie, "acts": mandate.acts}


class PasswordForm(Form):
    """The new password of somebody who acts for others only."""

    password = forms.CharField(
        label=_("Choisissez un mot de passe"),
        max_length=256,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        error_messages={"required": _("Choisissez un mot de passe.")},
    )


class AccountForm(PasswordForm):
    """Their name too, the first time."""

    field_order = ("name", "password")
    name = forms.CharField(
        label=_("Votre nom et votre prénom"),
        help_text=_("La personne que vous aidez et la Caisse liront ce nom à côté de ce que vous ferez."),
        max_length=100,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
        error_messages={"required": _("Écrivez votre nom et votre prénom.")},
    )
