"""What is typed to contest a decision, and to answer to a sum claimed back."""

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from escale.domain.appeals.models import Point
from escale.domain.claims.models import Attachment
from escale.rules import overpayment
from escale.web.forms import Form
from escale.web.insured.forms import CreationForm


class PaperChoices(forms.ModelMultipleChoiceField):
    """Papers of the claim, under the names that the page gives them."""

    labels: dict[str, str]

    def label_from_instance(self, obj: Any) -> str:
        return f"{self.labels.get(obj.paper, obj.paper)} ({obj.document.name})"


class AppealForm(CreationForm):
    """On what one disagrees, why, and with which papers."""

    points = forms.MultipleChoiceField(
        label=_("Sur quoi porte votre désaccord ?"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={
            "required": _("Choisissez au moins un point."),
            "invalid_choice": _("Choisissez parmi les points proposés."),
        },
    )
    text = forms.CharField(
        label=_("Pourquoi n’êtes-vous pas d’accord ?"),
        help_text=_("Avec vos mots, sans rien écrire de votre état de santé : des gestionnaires lisent cette page."),
        max_length=5000,
        widget=forms.Textarea({"rows": 8}),
        error_messages={"required": _("Écrivez en quelques mots pourquoi vous n’êtes pas d’accord.")},
    )
    papers = PaperChoices(
        label=_("Pièces de la demande que vous invoquez"),
        help_text=_("Elles sont déjà à la Caisse : cochez celles sur lesquelles vous vous appuyez, s’il y en a."),
        queryset=Attachment.objects.none(),
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )

    def __init__(self, *args: Any, points: list[Point], papers: Any, labels: dict[str, str], **options: Any) -> None:
        super().__init__(*args, **options)
        field: Any = self.fields["papers"]
        field.queryset, field.labels = papers, labels
        if not papers:
            del self.fields["papers"]
        chosen: Any = self.fields["points"]
        chosen.choices = [(point.value, point.label) for point in points]

    def typed(self) -> dict[str, Any]:
        return {"papers": []} | super().typed()


class SupplementForm(CreationForm):
    """What one adds to an appeal."""

    text = forms.CharField(
        label=_("Ce que vous ajoutez"),
        max_length=5000,
        widget=forms.Textarea({"rows": 5}),
        error_messages={"required": _("Écrivez ce que vous ajoutez.")},
    )


class RectificationForm(Form):
    """What is to be rectified, and what shows it."""

    words = forms.CharField(
        label=_("Que faut-il rectifier, et qu’est-ce qui le montre ?"),
        help_text=_("Sans rien écrire de votre état de santé."),
        max_length=5000,
        widget=forms.Textarea({"rows": 6}),
        error_messages={"required": _("Écrivez ce qui doit être rectifié, et ce qui le montre.")},
    )


class PlanForm(Form):
    """In how many months one pays back, or whether the Fund may help itself."""

    months = forms.TypedChoiceField(
        label=_("Rembourser en plusieurs fois"), coerce=int, empty_value=None, required=False
    )
    withholding = forms.BooleanField(
        label=_("J’accepte que la Caisse retienne cette somme sur mes prochains remboursements."), required=False
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        field: Any = self.fields["months"]
        longest = overpayment.longest_plan(on=timezone.localdate())
        field.choices = [("", _("Non"))] + [
            (n, ngettext("En %(n)d mensualité", "En %(n)d mensualités", n) % {"n": n}) for n in range(2, longest + 1)
        ]

    def clean(self) -> dict[str, Any]:
        typed: dict[str, Any] = super().clean() or self.cleaned_data
        if not typed.get("months") and not typed.get("withholding") and not self.errors:
            self.add_error("months", _("Choisissez un nombre de mensualités, ou acceptez la retenue."))
        return typed
