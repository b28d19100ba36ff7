"""What an agent types of a line of care: what they retain, and the circumstances that can change its sum."""

import re
from decimal import Decimal
from typing import Any

from django import forms
from django.core.validators import RegexValidator
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from escale.domain.claims import circumstances
from escale.domain.claims.actions import Assessment
from escale.domain.claims.models import ClaimLine
from escale.domain.tariffs import queries as tariffs
from escale.rules.intake import Care
from escale.rules.reimbursement import Exemption
from escale.web.agents.reasons import refusal_choices
from escale.web.forms import Day, Form

_COUNTED = {
    Care.HOSPITAL: _("Nombre de jours"),
    Care.PHARMACY: _("Nombre de boîtes"),
    Care.TRANSPORT: _("Nombre de trajets"),
}
_CODE = RegexValidator(r"^[A-Za-z0-9_.,+/ -]*$", _("Un code d’acte s’écrit en lettres sans accent et en chiffres."))
_ANSWERS = {"": None, "yes": True, "no": False}


def _decimal(label: Any, *, decimals: int = 2, **limits: Any) -> forms.DecimalField:
    return forms.DecimalField(
        label=label,
        required=False,
        localize=True,
        max_digits=9 + decimals,
        decimal_places=decimals,
        widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}),
        **limits,
    )


def _known_or_not(label: Any) -> forms.TypedChoiceField:
    """A question to which nobody may have the answer yet."""
    choices = [("", _("À apprécier")), ("yes", _("Oui")), ("no", _("Non"))]
    return forms.TypedChoiceField(
        label=label, required=False, choices=choices, coerce=lambda answer: _ANSWERS[answer], empty_value=None
    )


def _box(label: Any) -> forms.BooleanField:
    return forms.BooleanField(label=label, required=False)


class AssessmentForm(Form):
    """What an agent retains for a line: an act, else a tariff or an amount with a reason; and its circumstances."""

    act = forms.CharField(label=_("Acte retenu"), max_length=24, required=False, validators=[_CODE])
    quantity = forms.IntegerField(label=_("Nombre d’actes"), min_value=1, max_value=999, initial=1)
    days = forms.IntegerField(
        label=_("Sur combien de jours"), help_text=_("S’il y a plusieurs actes."), min_value=1, required=False
    )
    exemption = forms.ChoiceField(
        label=_("Exonération"), required=False, choices=[("", _("Aucune")), *((e.value, e.label) for e in Exemption)]
    )
    state_of_stay = _decimal(_("Réponse de l’État de séjour (€)"), min_value=Decimal(0))
    unforeseen = _known_or_not(_("Soins inopinés"))
    authorised = _known_or_not(_("Autorisation préalable"))
    pregnancy_found_on = Day(label=_("Grossesse constatée le"), required=False)
    in_hospital = _box(_("Acte donné pendant une hospitalisation"))
    emergency = _box(_("Passage aux urgences, sans hospitalisation"))
    heavy = _box(_("Acte lourd, seul ou avec d’autres du même jour"))
    stated_tariff = _decimal(_("Tarif français d’un acte (€)"), min_value=Decimal(0))
    amount = _decimal(_("Montant décidé (€)"), min_value=Decimal(0))
    reason_code = forms.ChoiceField(
        label=_("Motif codé d’une réduction"), required=False, choices=lambda: refusal_choices(_("Aucun"))
    )
    reason = forms.CharField(
        label=_("Votre motif"), max_length=500, required=False, help_text=_("La personne le lira dans le calcul.")
    )

    def __init__(self, *args: Any, line: ClaimLine, picked: str = "", **options: Any) -> None:
        kept = {name: getattr(line, name) for name in self.base_fields if name not in ("stated_tariff", "amount")}
        kept |= {name: {True: "yes", False: "no"}.get(kept[name], "") for name in ("unforeseen", "authorised")}
        self.picked = picked
        if picked:
            kept["act"] = picked
        super().__init__(*args, initial=kept, auto_id=f"ligne-{line.pk}-%s", **options)
        self.line, self.asked = line, circumstances.asked_of(line)
        for name in circumstances.ALL:
            if name not in self.asked:
                del self.fields[name]
        if not circumstances.counts_days(line):
            del self.fields["days"]
        self["quantity"].label = _COUNTED.get(Care(line.care), self["quantity"].label)
        offered = f"{reverse('agents:offered_acts')}?le={line.given_on}&nature={line.care}"
        self.fields["act"].widget.attrs |= {"data-acts": offered, "autocomplete": "off"}

    @property
    def circumstances(self) -> list[forms.BoundField]:
        """The circumstances that can change the sum of this line, as they are shown."""
        return [self[name] for name in self.fields if name in self.asked]

    @property
    def has_to_say(self) -> bool:
        """Whether a circumstance waits for its answer, or for a correction."""
        return bool(circumstances.to_say(self.line)) or any(name in self.errors for name in self.asked)

    def clean_act(self) -> str:
        """Write a known act as the law writes it (« AMK 9.5 »)."""
        typed = re.sub(r"\s+", " ", self.cleaned_data["act"]).upper()
        found = tariffs.known(typed, on=self.line.given_on)
        return found.code if found else typed.replace(",", ".").replace(" ", "_")

    def clean(self) -> dict[str, Any]:
        typed: dict[str, Any] = super().clean() or self.cleaned_data
        tariff, amount = typed.get("stated_tariff"), typed.get("amount")
        if (typed.get("days") or 1) > typed.get("quantity", 1):
            self.add_error("days", _("Des actes tiennent en autant de jours qu’il y a d’actes, au plus."))
        if tariff is not None and amount is not None:
            self.add_error("amount", _("Indiquez un tarif ou un montant, pas les deux."))
        if typed.get("reason_code") and amount is None:
            self.add_error("amount", _("Indiquez le montant auquel vous réduisez cette ligne."))
        if (tariff is not None or amount is not None) and not typed.get("reason"):
            self.add_error("reason", _("Dites pourquoi vous retenez ce chiffre."))
        if not (self.errors or typed.get("act") or amount is not None or self._needs_no_act(typed)):
            self.add_error("act", _("Choisissez un acte, ou décidez d’un montant avec un motif."))
        return typed

    def _needs_no_act(self, typed: dict[str, Any]) -> bool:
        """Tell whether the sum is the answer of the State of stay, or nothing whatever the act."""
        barred = typed.get("unforeseen") is False or typed.get("authorised") is False
        return barred or "state_of_stay" in self.asked

    def retained(self) -> Assessment:
        """Return what was typed, in the words of the claims."""
        return Assessment(**self.cleaned_data)
