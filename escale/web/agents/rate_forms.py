"""What is typed of a rate of exchange."""

from decimal import Decimal
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from escale.rules import currency as currencies
from escale.web.forms import Form


class RateForm(Form):
    """A rate, where it was read, and what proves it."""

    currency = forms.ChoiceField(label=_("Devise"), error_messages={"required": _("Choisissez la devise.")})
    units_per_eur = forms.DecimalField(
        label=_("Unités de la devise pour un euro"),
        help_text=_("Par exemple 149,60 pour le shilling kényan : un euro vaut 149,60 shillings."),
        localize=True,
        max_digits=20,
        decimal_places=8,
        min_value=Decimal("0.00000001"),
        widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}),
        error_messages={"required": _("Indiquez combien d’unités valent un euro.")},
    )
    on = forms.DateField(
        label=_("Date du cours"),
        help_text=_("Celle de la publication, au plus tard le jour du paiement de la facture."),
        widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"),
        error_messages={"required": _("Indiquez la date du cours.")},
    )
    source = forms.CharField(
        label=_("Source"),
        help_text=_("Par exemple : Banque centrale du Kenya, cours indicatif."),
        max_length=100,
        error_messages={"required": _("Dites d’où vient ce cours.")},
    )
    proof = forms.CharField(
        label=_("Ce qui permet de le vérifier"),
        help_text=_("Adresse de la page, référence du bulletin… La personne qui confirme s’y reportera."),
        max_length=500,
        widget=forms.Textarea({"rows": 3}),
        error_messages={"required": _("Dites où une autre personne peut vérifier ce cours.")},
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        today, field = timezone.localdate(), self.fields["currency"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [
            ("", _("Choisissez")),
            *(
                (code, f"{name} ({code})")
                for code, name in currencies.currencies(today)
                if not currencies.fixed_parity(code, on=today)
            ),
        ]
