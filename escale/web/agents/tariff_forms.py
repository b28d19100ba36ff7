"""What is typed at the counter « Barèmes »."""

from django import forms
from django.utils.translation import gettext_lazy as _
from dsfr.forms import DsfrBaseForm


class EditionRejectionForm(DsfrBaseForm):
    """Why an edition is set aside; whoever proposed it reads it."""

    reason = forms.CharField(
        label=_("Motif"),
        max_length=300,
        widget=forms.Textarea({"rows": 3}),
        help_text=_("La personne qui a proposé l’édition le lira."),
        error_messages={"required": _("Dites pourquoi cette édition est écartée.")},
    )
