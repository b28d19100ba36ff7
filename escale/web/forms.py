"""What is typed on both sides of the counter: a day, and where and why somebody was away."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from dsfr.forms import DsfrBaseForm

from escale.domain.claims.models import Claim
from escale.domain.registry.models import Posting
from escale.rules import identity, scope
from escale.rules.scope import Cause, Stay
from escale.web import places

AS_TYPED = {"autocomplete": "off", "spellcheck": "false"}
"""Of a field that no browser fills, or corrects."""
ONE_DAY = timedelta(days=1)
FARTHEST = timedelta(days=10 * 366)
ACCIDENT = "accident"
_FIELDS = ("territory", "stay", "opex", "stay_from", "stay_until")


class Form(DsfrBaseForm):
    """A form that knows where to show what the domain says."""

    def refuse(self, errors: dict[str, str]) -> None:
        """Show beside each field what the domain says of it."""
        for field, sentence in errors.items():
            self.add_error(field if field in self.fields else None, sentence)


def as_read(read: Callable[[str], str], text: str) -> str:
    """Return what a rule reads in what was typed; raises ValidationError, with its sentence, where it cannot."""
    try:
        return read(text)
    except identity.Invalid as fault:
        raise ValidationError(str(fault)) from fault


class Day(forms.DateField):
    """A day, in the calendar of the visitor's browser."""

    widget = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
    default_error_messages = {
        "required": _("Indiquez cette date."),
        "invalid": _("Cette date n’existe pas : écrivez-la comme 14/03/2026."),
    }

    def clean(self, value: Any) -> date | None:
        day: date | None = super().clean(value)
        if day and abs(day - timezone.localdate()) > FARTHEST:
            raise ValidationError(_("Cette date est trop lointaine : vérifiez l’année."))
        return day


class StayFields(Form):
    """A place, a reason and two days; `stay_until` is read as the last day, and given as the day after it."""

    territory = forms.CharField(
        label=_("Pays de délivrance des soins"),
        help_text=_("Pays ou collectivité d’outre-mer. Par exemple : Djibouti, USA, Côte d’Ivoire, Tahiti."),
        max_length=100,
        widget=forms.TextInput(attrs={"list": "territories", "autocomplete": "off"}),
        error_messages={"required": _("Écrivez le pays ou le territoire où les soins ont été donnés.")},
    )
    meant = forms.CharField(required=False, widget=forms.RadioSelect)
    stay = forms.ChoiceField(
        label=_("Motif du séjour"),
        widget=forms.RadioSelect,
        choices=[(stay.value, stay.label) for stay in Stay],
        error_messages={"required": _("Choisissez le motif du séjour.")},
    )
    opex = forms.BooleanField(
        label=_("Mission en opération extérieure (OPEX)"),
        help_text=_("Pour une mission seulement : l’ordre de mission le précise."),
        required=False,
    )
    stay_from = Day(label=_("Premier jour du séjour"))
    stay_until = Day(
        label=_("Dernier jour du séjour"),
        help_text=_("Laissez vide si le séjour n’est pas terminé et que sa fin n’est pas connue."),
        required=False,
    )
    cause = forms.ChoiceField(
        label=_("Ces soins sont-ils dus à l’une de ces causes ?"),
        widget=forms.RadioSelect,
        choices=[
            ("", _("Non, rien de cela")),
            (ACCIDENT, _("Un accident causé par une autre personne")),
            (Cause.SERVICE.value, _("Une affection reconnue imputable au service")),
            (Cause.PENSION.value, _("Une infirmité qui donne droit à une pension militaire d’invalidité")),
        ],
        required=False,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.candidates = places.found(self["territory"].value() or "") if self.is_bound else []

    def clean_territory(self) -> str:
        exact = places.exact(self.cleaned_data["territory"], self.candidates)
        if exact:
            return exact.code
        if not self.candidates:
            raise ValidationError(_("Ce pays n’est pas reconnu : vérifiez l’orthographe, ou choisissez dans la liste."))
        if self.data.get("meant") in {place.code for place in self.candidates}:
            return str(self.data["meant"])
        raise ValidationError(_("Précisez ce que vous cherchez : choisissez parmi les réponses proposées."))

    def clean_stay(self) -> Stay:
        return Stay(self.cleaned_data["stay"])

    def clean_stay_until(self) -> date | None:
        last_day = self.cleaned_data["stay_until"]
        return last_day and last_day + ONE_DAY

    def typed(self) -> dict[str, Any]:
        """Return what was typed of the stay, in the words of the actions."""
        stay = {name: self.cleaned_data[name] for name in _FIELDS}
        return stay | {"accident": self.cleaned_data["cause"] == ACCIDENT, "cause": self.stopping}

    @property
    def stopping(self) -> Cause | None:
        """What takes the care away from this service, if it was said."""
        cause = self.cleaned_data["cause"]
        return Cause(cause) if cause not in ("", ACCIDENT) else None

    @property
    def to_choose_from(self) -> list[tuple[str, str, bool]]:
        """The territories among which to choose: code, name, and whether it is the one chosen."""
        if not self.is_bound or places.exact(self["territory"].value() or "", self.candidates):
            return []
        return [(place.code, place.name, place.code == self.data.get("meant")) for place in self.candidates]


def known_stay(stay: Claim | Posting) -> dict[str, Any]:
    """Return what a claim or a posting already says of the stay."""
    first, after = (
        (stay.valid_from, stay.valid_until) if isinstance(stay, Posting) else (stay.stay_from, stay.stay_until)
    )
    said = {"opex": stay.opex, "cause": ACCIDENT if stay.accident else ""} if isinstance(stay, Claim) else {}
    return said | {
        "territory": scope.territory(stay.territory, on=first).name,
        "stay": Stay.POSTING if isinstance(stay, Posting) else stay.stay,
        "stay_from": first,
        "stay_until": after and after - ONE_DAY,
    }
