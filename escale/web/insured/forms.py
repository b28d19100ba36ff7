"""What is typed of the stay and of the beneficiary, and how it is read."""

import uuid
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from escale.domain.registry import queries as registry
from escale.domain.registry.models import Beneficiary, InsuredPerson
from escale.web.forms import Form, StayFields


class CreationForm(Form):
    """A form that makes something, once: the same page sent again with the same words makes nothing more.

    Other words are another request, even from the same page: who goes back to type something else loses neither.
    """

    request_key = forms.UUIDField(required=False, widget=forms.HiddenInput({"autocomplete": "off"}))

    def typed(self) -> dict[str, Any]:
        """Return what was typed, in the words of the actions."""
        return {name: value for name, value in self.cleaned_data.items() if name != "request_key"}

    def key(self) -> uuid.UUID:
        """Return the key of this request."""
        drawn = self.cleaned_data["request_key"]
        return uuid.uuid5(drawn, repr(self.typed())) if drawn else uuid.uuid4()


class StayForm(StayFields, CreationForm):
    """Where and why the person was there."""


class PersonChoice(forms.ModelChoiceField):
    """One of the beneficiaries that the registry knows."""

    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.get_link_display()} — {obj}"


class BeneficiaryForm(Form):
    """Whose care it is."""

    beneficiary = PersonChoice(
        label=_("Pour qui demandez-vous ce remboursement ?"),
        queryset=Beneficiary.objects.none(),
        widget=forms.RadioSelect,
        empty_label=None,
        error_messages={
            "required": _("Choisissez la personne qui a reçu les soins."),
            "invalid_choice": _("Choisissez une personne de la liste."),
        },
    )

    def __init__(self, *args: Any, insured: InsuredPerson, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["beneficiary"]
        field.queryset = registry.beneficiaries(insured, on=timezone.localdate())


class CertifyForm(Form):
    """What one answers for before sending."""

    certified = forms.BooleanField(
        label=_("Je certifie sur l’honneur l’exactitude de cette déclaration."),
        error_messages={"required": _("Certifiez l’exactitude de votre demande en cochant la case.")},
    )
