"""What is typed at the accountants' counter."""

from decimal import Decimal
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from escale.domain.payments.filters import Filters
from escale.domain.tariffs.models import Confidence
from escale.gateways.bank import Debtor
from escale.rules import budgets
from escale.rules.imputation import Benefit
from escale.web.agents.tariff_forms import CONFIDENCES
from escale.web.forms import Day, Form

WORDS = {"budget": "budget", "benefit": "prestation", "least": "minimum", "most": "maximum", "age": "jours"}
"""How an address says what is looked for."""


def asked(query: Any) -> Filters:
    """Read the filters that an address asks."""
    return Filters.read({name: query.get(word, "") for name, word in WORDS.items()})


def told(filters: Filters) -> dict[str, str]:
    """Write filters as an address says them."""
    return {WORDS[name]: value for name, value in filters.kept().items()}


def _budgets() -> list[tuple[str, str]]:
    return [(one.code, one.label) for one in budgets.budgets(on=timezone.localdate())]


class FilterForm(Form):
    """What an accountant looks for; none is required, and what makes no sense is left out."""

    budget = forms.ChoiceField(label=_("Budget"), required=False, choices=lambda: [("", _("Tous")), *_budgets()])
    benefit = forms.ChoiceField(
        label=_("Prestation"), required=False, choices=[("", _("Toutes")), *((one.value, one.label) for one in Benefit)]
    )
    least = forms.CharField(label=_("Montant, au moins (€)"), required=False, max_length=12)
    most = forms.CharField(label=_("Montant, au plus (€)"), required=False, max_length=12)
    age = forms.CharField(label=_("Ordonné depuis au moins (jours)"), required=False, max_length=4)

    def add_prefix(self, name: str) -> str:
        return WORDS.get(name, name)


class SeenForm(forms.Form):
    """How many orders, and how much, the accountant saw before approving them at once."""

    count = forms.IntegerField(min_value=1, widget=forms.HiddenInput)
    total = forms.DecimalField(min_value=Decimal("0.01"), decimal_places=2, widget=forms.HiddenInput)


class ReimputationForm(Form):
    """To which budget an order should move, and why."""

    budget = forms.ChoiceField(
        label=_("Budget qui doit porter cet ordre"),
        choices=lambda: [("", _("Choisir un budget")), *_budgets()],
        error_messages={"required": _("Choisissez un budget.")},
    )
    reason = forms.CharField(
        label=_("Motif"),
        max_length=300,
        widget=forms.Textarea({"rows": 3}),
        help_text=_("Un autre comptable le lira avant de confirmer."),
        error_messages={"required": _("Dites pourquoi cet ordre change de budget.")},
    )


class BudgetForm(Form):
    """The credits of a budget and the account that it is paid from, and from when."""

    ceiling = forms.DecimalField(
        label=_("Crédits de l’année, en euros"),
        required=False,
        min_value=0,
        max_digits=13,
        decimal_places=2,
        help_text=_("Vide : crédits évaluatifs, sans plafond."),
    )
    debtor_name = forms.CharField(label=_("Titulaire du compte débité"), max_length=70, required=False)
    debtor_iban = forms.CharField(
        label=_("IBAN du compte débité"),
        max_length=42,
        required=False,
        help_text=_("Vide : le compte de la Caisse."),
    )
    debtor_bic = forms.CharField(label=_("BIC"), max_length=11, required=False)
    valid_from = Day(label=_("S’applique à compter du"), error_messages={"required": _("Indiquez à partir de quand.")})
    source = forms.CharField(
        label=_("Source"),
        max_length=300,
        help_text=_("La délibération, ou la convention, et sa date."),
        error_messages={"required": _("Dites d’où vient ce changement.")},
    )
    confidence = forms.ChoiceField(
        label=_("Où il a été lu"),
        choices=CONFIDENCES,
        widget=forms.RadioSelect,
        error_messages={"required": _("Dites où il a été lu.")},
    )

    def clean(self) -> dict[str, Any]:
        typed: dict[str, Any] = super().clean() or self.cleaned_data
        if bool(typed.get("debtor_iban")) != bool(typed.get("debtor_name")):
            self.add_error("debtor_name", _("Donnez le titulaire et l’IBAN, ou aucun des deux."))
        return typed

    def retained(self) -> dict[str, Any]:
        """Return what was typed, in the words of the tariffs."""
        typed = self.cleaned_data
        account = Debtor(typed["debtor_name"], typed["debtor_iban"], typed["debtor_bic"])
        return {
            "ceiling": typed["ceiling"],
            "debtor": account if account.iban else None,
            "valid_from": typed["valid_from"],
            "source": typed["source"],
            "confidence": Confidence(typed["confidence"]),
        }
