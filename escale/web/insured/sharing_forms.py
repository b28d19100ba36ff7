"""What is typed to have one's statements sent to one's complementary insurer."""

from datetime import date
from typing import Any

from django import forms
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from escale.domain.statements.models import ComplementaryInsurer
from escale.web.forms import AS_TYPED, ONE_DAY, Day
from escale.web.insured.forms import CreationForm


class SharingForm(CreationForm):
    """To whom, under which number, for whom, until when; `valid_until` is read as the last day."""

    insurer = forms.ModelChoiceField(
        label=_("Votre mutuelle ou organisme complémentaire"),
        queryset=ComplementaryInsurer.objects.filter(open=True).order_by("name"),
        empty_label=_("Choisissez"),
        error_messages={
            "required": _("Choisissez votre organisme complémentaire."),
            "invalid_choice": _("Choisissez un organisme de la liste."),
        },
    )
    contract = forms.CharField(
        label=_("Votre numéro d’adhérent ou de contrat"),
        help_text=_("Sur votre carte de tiers payant. Format attendu : des chiffres et des lettres, comme A-123456."),
        max_length=30,
        widget=forms.TextInput(attrs=AS_TYPED),
        error_messages={"required": _("Recopiez ce numéro de votre carte.")},
    )
    with_children = forms.BooleanField(
        label=_("Transmettre aussi ce qui est payé pour mes enfants mineurs"),
        help_text=_("S’ils sont couverts par le même contrat. Un adulte de la famille consent depuis son compte."),
        required=False,
    )
    valid_from = Day(label=_("Premier jour"), help_text=_("Ce qui a été payé avant n’est pas transmis."))
    valid_until = Day(label=_("Dernier jour"))
    agreed = forms.BooleanField(
        label=_("J’accepte que la CNMSS transmette ces informations, et elles seules, à cet organisme."),
        error_messages={"required": _("Cochez la case pour donner votre consentement.")},
    )

    def __init__(self, *args: Any, latest: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        until = date_format(latest, "j F Y")
        self["valid_until"].help_text = _("Le %s au plus tard. Vous pourrez le renouveler.") % until

    def clean_valid_until(self) -> date:
        return self.cleaned_data["valid_until"] + ONE_DAY

    def typed(self) -> dict[str, Any]:
        """Return what was typed, in the words of the action."""
        return {name: value for name, value in super().typed().items() if name != "agreed"}
