"""What is typed of an appeal and of a debt, behind the counter."""

import uuid
from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from escale.domain.appeals.lifecycle import Status as AppealStatus
from escale.domain.debts.models import Recovery, Way
from escale.rules import overpayment
from escale.rules.overpayment import Cause
from escale.web.forms import Day, Form
from escale.web.insured.forms import CreationForm
from escale.web.templatetags.escale import euros


def _sum(label: Any, **options: Any) -> forms.DecimalField:
    return forms.DecimalField(
        label=label,
        max_digits=12,
        decimal_places=2,
        min_value=Decimal(0),
        localize=True,
        widget=forms.TextInput({"inputmode": "decimal", "autocomplete": "off"}),
        error_messages={"required": _("Écrivez une somme."), "invalid": _("Écrivez une somme en euros.")},
        **options,
    )


_MUTE = {"required": _("Écrivez-le en quelques mots.")}


def _words(label: Any, **options: Any) -> forms.CharField:
    return forms.CharField(label=label, widget=forms.Textarea({"rows": 4}), error_messages=_MUTE, **options)


class PostedForm(CreationForm):
    """Papers that came by post for an appeal."""

    received_on = Day(label=_("Reçus le"))
    text = _words(_("Ce qui est arrivé par courrier"), max_length=5000)


class AnswerForm(Form):
    """What the commission decided."""

    outcome = forms.ChoiceField(
        label=_("Sens de la décision"),
        choices=[(one.value, one.label) for one in (AppealStatus.GRANTED, AppealStatus.PARTLY, AppealStatus.REJECTED)],
        widget=forms.RadioSelect,
        error_messages={"required": _("Choisissez le sens de la décision.")},
    )
    session_on = Day(label=_("Séance du"))
    reasons = _words(_("Motifs, que l’assuré lira"), max_length=5000)
    articles = forms.CharField(label=_("Textes appliqués"), max_length=300, required=False)

    def typed(self) -> dict[str, Any]:
        """Return what was typed, in the words of the appeals."""
        return self.cleaned_data | {"outcome": AppealStatus(self.cleaned_data["outcome"])}


class _Amounts(Form):
    """One sum for each of some lines."""

    rows: list[tuple[int, str, Decimal]]

    def add_rows(self, rows: Iterable[tuple[int, str, Decimal]], *, filled: bool) -> None:
        self.rows = list(rows)
        for pk, label, most in self.rows:
            self.fields[f"line-{pk}"] = _sum(label, required=filled, initial=most if filled else None)

    def amounts(self) -> dict[int, Decimal]:
        """Return the sum of each line that has one."""
        given = {pk: self.cleaned_data.get(f"line-{pk}") for pk, _label, _most in self.rows}
        return {pk: amount for pk, amount in given.items() if amount is not None}


class DebtForm(_Amounts, CreationForm):
    """What is claimed back, line by line, and why."""

    cause = forms.ChoiceField(label=_("Motif"), choices=[(one.value, one.label) for one in Cause])
    words = _words(
        _("Explication, que l’assuré lira"),
        max_length=2000,
        help_text=_("Les faits et leurs dates, sans mot de santé."),
    )
    fraud = forms.BooleanField(
        label=_("Fraude ou fausse déclaration"),
        help_text=_("Ajoute l’indemnité de l’article L. 133-4-1 et lève la prescription : le superviseur en répond."),
        required=False,
    )

    def __init__(self, *args: Any, rows: Iterable[tuple[int, str, Decimal]], **options: Any) -> None:
        super().__init__(*args, initial={"request_key": uuid.uuid4()}, **options)
        self.add_rows(rows, filled=False)
        self.order_fields([name for name in self.fields if name.startswith("line-")])

    def said(self) -> dict[str, Any]:
        """Return what was typed, in the words of the debts."""
        typed = self.cleaned_data
        return {
            "amounts": self.amounts(), "cause": Cause(typed["cause"]), "words": typed["words"],
            "fraud": typed["fraud"], "request_key": self.key(),
        }  # fmt: skip


class SignForm(Form):
    """What a supervisor makes of a debt that another proposed."""

    words = forms.CharField(label=_("Si vous l’écartez, dites pourquoi"), max_length=500, required=False)


class ReceiptForm(Form):
    """When the registered letter was received."""

    received_on = Day(label=_("Lettre recommandée reçue le"))


class ReplyForm(_Amounts):
    """What is answered to a rectification."""

    words = _words(_("Motifs de la réponse, que l’assuré lira"), max_length=5000)

    def __init__(self, *args: Any, rows: Iterable[tuple[int, str, Decimal]], **options: Any) -> None:
        super().__init__(*args, **options)
        self.add_rows(rows, filled=True)


class GrantedForm(_Amounts):
    """What the commission leaves of a debt."""

    def __init__(self, *args: Any, rows: Iterable[tuple[int, str, Decimal]], **options: Any) -> None:
        super().__init__(*args, prefix="granted", **options)  # the reply to a rectification has the same lines
        self.add_rows(rows, filled=True)


class SpreadForm(Form):
    """In how many months, and from which day."""

    months = forms.TypedChoiceField(label=_("Échéancier"), coerce=int)
    first_on = Day(label=_("Première échéance"))

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        longest, field = overpayment.longest_plan(on=timezone.localdate()), self.fields["months"]
        field.choices = [
            (n, ngettext("%(n)d mensualité", "%(n)d mensualités", n) % {"n": n}) for n in range(1, longest + 1)
        ]


class RecoveryForm(CreationForm):
    """A sum that came back."""

    way = forms.ChoiceField(label=_("Moyen"), choices=Way.choices)
    amount = _sum(_("Somme, en euros"))
    on = Day(label=_("Reçue le"))
    proof = forms.CharField(label=_("Référence"), max_length=80, error_messages={"required": _("Donnez la référence.")})

    def typed(self) -> dict[str, Any]:
        return super().typed() | {"way": Way(self.cleaned_data["way"])}


class ReturnForm(RecoveryForm):
    """A sum that was given back."""

    prefix = "return"
    way = forms.ChoiceField(label=_("Moyen"), choices=[(Way.TRANSFER, _("Virement")), (Way.CHEQUE, _("Chèque"))])
    on = Day(label=_("Rendue le"))


class CorrectionForm(CreationForm):
    """Which sum was written by mistake, and why."""

    prefix = "correct"
    recovery = forms.TypedChoiceField(label=_("Écriture fausse"), coerce=int)
    words = forms.CharField(label=_("Pourquoi elle est fausse"), max_length=80, error_messages=_MUTE)

    def __init__(self, *args: Any, recoveries: Iterable[Recovery], **options: Any) -> None:
        super().__init__(*args, **options)
        wrong = [one for one in recoveries if not one.corrects_id and not hasattr(one, "correction")]
        field: Any = self.fields["recovery"]
        field.choices = [(one.pk, f"{one.get_kind_display()}, {one.on:%d/%m/%Y}, {euros(one.amount)}") for one in wrong]


class EndForm(Form):
    """Why a debt ends, where it is to be said."""

    words = forms.CharField(label=_("Pourquoi, si vous annulez ou abandonnez"), max_length=500, required=False)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, auto_id="end-%s", **options)  # another form of the page asks for words too
