"""What is typed of a control, and of a draw by lot."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from dsfr.utils import dsfr_input_class_attr

from escale.domain.claims.models import Attachment
from escale.domain.controls.models import Control, ControlReason, Finding, Stratum
from escale.web.forms import AS_TYPED, ONE_DAY, Day, Form

_LONGEST_RESULT = 500


class OpeningForm(Form):
    """Which claim is controlled, and why."""

    number = forms.CharField(
        label=_("Numéro de la demande"),
        help_text=_("Deux groupes de cinq signes."),
        max_length=20,
        widget=forms.TextInput(AS_TYPED),
        error_messages={"required": _("Écrivez le numéro de la demande.")},
    )
    reason = forms.ChoiceField(
        label=_("Raison"),
        choices=[("", _("Choisir")), *(one for one in ControlReason.choices if one[0] != ControlReason.DRAWN)],
        error_messages={"required": _("Choisissez une raison.")},
    )
    words = forms.CharField(
        label=_("Pourquoi cette demande"),
        help_text=_("Une phrase, que les gestionnaires liront ; pas de mot de santé."),
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("Dites en une phrase pourquoi cette demande est contrôlée.")},
    )

    def clean_number(self) -> str:
        signs = "".join(sign for sign in self.cleaned_data["number"].upper() if sign.isalnum())
        return f"{signs[:5]}-{signs[5:]}"


class StepForm(Form):
    """What a step of a control needs to be told."""

    def __init__(self, *args: Any, control: Control, **kwargs: Any) -> None:
        self.control = control
        super().__init__(*args, **kwargs)

    def said(self) -> dict[str, Any]:
        """Return what was typed, in the words of the action."""
        return self.cleaned_data


class ProlongForm(StepForm):
    """Until when the originals are waited for."""

    answer_by = Day(label=_("Nouveau dernier jour"))


class ReceptionForm(StepForm):
    """When the originals came."""

    received_on = Day(label=_("Reçus le"))

    def said(self) -> dict[str, Any]:
        return {"on": self.cleaned_data["received_on"]}


class ComparisonForm(StepForm):
    """What each original is beside its copy."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.papers = list(self.control.papers.order_by("pk"))
        for paper in self.papers:
            self.fields[f"finding-{paper.pk}"] = forms.ChoiceField(
                label=f"{paper.label} ({paper.name})",
                choices=Finding.choices,
                widget=forms.RadioSelect,
                error_messages={"required": _("Dites ce qu’est cet original.")},
            )
            self.fields[f"words-{paper.pk}"] = forms.CharField(
                label=_("Ce qui diffère"), max_length=300, required=False, help_text=_("Si l’original est différent.")
            )
        for visible in self.visible_fields():
            dsfr_input_class_attr(visible)

    def said(self) -> dict[str, Any]:
        typed, keys = self.cleaned_data, [paper.pk for paper in self.papers]
        return {"findings": {pk: (Finding(typed[f"finding-{pk}"]), typed[f"words-{pk}"]) for pk in keys}}

    def beside(self, copies: dict[int, Attachment]) -> list[dict[str, Any]]:
        """Return, for each original, the copy that one has under the eyes and both fields."""
        return [
            {
                "copy": copies.get(one.attachment_id or 0),
                "finding": self[f"finding-{one.pk}"],
                "words": self[f"words-{one.pk}"],
            }
            for one in self.papers
        ]


class ResultForm(StepForm):
    """What the insured person reads at the end."""

    result = forms.CharField(
        label=_("Ce que l’assuré lira"),
        help_text=_("Ce qui est constaté et ce qui va suivre, dans son espace : l’e-mail ne le dit pas."),
        max_length=_LONGEST_RESULT,
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": _("Écrivez ce que l’assuré lira.")},
    )


class DrawForm(Form):
    """What is drawn from, in which groups, and how many of each."""

    request_key = forms.UUIDField(widget=forms.HiddenInput)
    paid_from = Day(label=_("Payées du"))
    paid_until = Day(label=_("au (inclus)"))
    strata = forms.MultipleChoiceField(
        label=_("Groupes selon"),
        choices=Stratum.choices,
        widget=forms.CheckboxSelectMultiple,
        required=False,
        help_text=_("Rien de coché : un seul groupe."),
    )
    number = forms.IntegerField(label=_("Nombre par groupe"), min_value=0, max_value=1000, required=False)
    percent = forms.IntegerField(label=_("Ou part de chaque groupe, en %"), min_value=0, max_value=100, required=False)

    def said(self) -> dict[str, Any]:
        """Return what was typed, in the words of the action: the last day excluded."""
        typed = dict(self.cleaned_data)
        typed["paid_until"] += ONE_DAY
        return typed | {name: typed[name] or 0 for name in ("number", "percent")}
