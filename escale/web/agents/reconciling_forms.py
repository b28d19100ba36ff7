"""What an accountant types of what the bank sent back."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from escale.rules import reconciling
from escale.rules.reconciling import Nature, Verdict
from escale.web.forms import Day, Form


class ReconciliationForm(Form):
    """What a fact of the bank was, of which order and on which day, in the accountant's words."""

    verdict = forms.ChoiceField(
        label=_("Ce que c’était"),
        choices=[("", _("Choisir")), *((one.value, one.label) for one in Verdict)],
        error_messages={"required": _("Dites ce que c’était.")},
    )
    nature = forms.ChoiceField(
        label=_("Écriture à passer"),
        help_text=_("Pour un mouvement du compte qu’aucun ordre n’explique, ou qui vient en plus."),
        required=False,
    )
    on = Day(label=_("Jour où la banque a payé, ou rendu l’argent"), required=False)
    reference = forms.CharField(
        label=_("Référence de l’ordre concerné"),
        help_text=_("Si la banque n’en nomme pas, ou pour un seul virement d’un lot."),
        max_length=35,
        required=False,
    )
    words = forms.CharField(
        label=_("Ce que vous avez trouvé"),
        help_text=_("Ce que la banque a répondu, ce qui a été fait, et la pièce qui le prouve."),
        max_length=300,
        widget=forms.Textarea({"rows": 4}),
        error_messages={"required": _("Dites ce que vous avez trouvé, et ce qui a été fait.")},
    )

    def __init__(self, data: Any = None, *, natures: Sequence[Nature], **options: Any) -> None:
        """Propose the entries that what the bank says may give rise to, if it may."""
        super().__init__(data, **options)
        if not natures:
            del self.fields["nature"]
            kept = [(value, label) for value, label in self.fields["verdict"].choices if value != Verdict.ENTRY]
            self.fields["verdict"].choices = kept
            return
        on = timezone.localdate()
        self.fields["nature"].choices = [
            ("", _("Choisir")),
            *((one.value, reconciling.told(one, on=on)) for one in natures),
        ]


class ReissueForm(Form):
    """Why what a person had to weigh may be paid again."""

    reason = forms.CharField(
        label=_("Pourquoi ce virement peut être fait de nouveau"),
        help_text=_("Une autre personne le lira avant de viser."),
        max_length=300,
        widget=forms.Textarea({"rows": 3}),
    )
