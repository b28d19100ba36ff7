"""What is typed of the bills, of their lines and of the papers."""

from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from escale.domain.claims import queries
from escale.domain.claims.models import AskedPaper, Attachment, Bill, Claim, ClaimLine
from escale.rules import currency as currencies
from escale.rules import redenominations
from escale.rules.intake import Care, Paper
from escale.web.forms import Day, Form
from escale.web.insured import amounts
from escale.web.insured.forms import CreationForm

OTHER_PAPER = "other"
ACCEPTED = "application/pdf,image/jpeg,image/png,image/heic,image/heif,image/webp,image/tiff"


class BillForm(CreationForm):
    """One bill, as it is printed."""

    provider = forms.CharField(
        label=_("Praticien ou établissement"),
        help_text=_("Tel qu’il est écrit sur la facture."),
        max_length=150,
        error_messages={
            "required": _("Écrivez le nom du praticien ou de l’établissement."),
            "max_length": _("Écrivez le nom du praticien ou de l’établissement en 150 caractères au plus."),
        },
    )
    currency = forms.ChoiceField(label=_("Devise de la facture"))
    paid_on = Day(
        label=_("Date de paiement"),
        help_text=_("Celle qui est sur la facture ou sur le reçu : elle fixe le taux de change."),
        required=False,
    )

    def __init__(self, *args: Any, claim: Claim, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["currency"]
        field.choices = _currencies(claim)


def _currencies(claim: Claim) -> list[Any]:
    """Return the currencies in use during the stay or since, the likeliest first."""
    known = dict(currencies.currencies(claim.stay_from)) | dict(currencies.currencies(timezone.localdate()))
    labels = {code: f"{name[0].upper()}{name[1:]} ({code})" for code, name in known.items()}
    likely = dict.fromkeys([queries.place(claim).currency, "EUR"])
    return [
        (_("Les plus probables"), [(code, labels[code]) for code in likely]),
        (_("Toutes les autres"), [(code, label) for code, label in labels.items() if code not in likely]),
    ]


class LineForm(CreationForm):
    """One act or good on a bill."""

    given_on = Day(label=_("Date des soins"))
    care = forms.ChoiceField(
        label=_("Nature des soins"),
        choices=[("", _("Choisissez")), *((care.value, care.label) for care in Care)],
        error_messages={"required": _("Choisissez la nature des soins.")},
    )
    amount = forms.CharField(
        max_length=30,
        widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}),
        error_messages={"required": _("Indiquez le montant payé, tel qu’il est écrit sur la facture.")},
    )
    paid_elsewhere = forms.CharField(
        label=_("Déjà pris en charge par un autre organisme"),
        help_text=_("Mutuelle, assurance, organisme local : dans la même devise. Laissez vide s’il n’y en a pas."),
        max_length=30,
        required=False,
        widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}),
    )

    def __init__(self, *args: Any, bill: Bill, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.currency = bill.currency
        self["amount"].label = _("Montant payé, en %s") % currencies.name(bill.currency)
        asked = redenominations.question(bill.currency, on=bill.paid_on or timezone.localdate())
        self["amount"].help_text = " ".join([_("Par exemple : %s.") % amounts.example(bill.currency), asked]).strip()

    def clean_care(self) -> Care:
        return Care(self.cleaned_data["care"])

    def clean_amount(self) -> Any:
        return self._read("amount")

    def clean_paid_elsewhere(self) -> Any:
        return self._read("paid_elsewhere")

    def _read(self, field: str) -> Any:
        try:
            return amounts.read(self.cleaned_data[field] or "0", currency=self.currency)
        except amounts.Unreadable as refusal:
            raise ValidationError(str(refusal)) from None


def known_line(line: ClaimLine) -> dict[str, Any]:
    """Return what a line says, as it would be typed."""
    currency = line.bill.currency
    return {
        "given_on": line.given_on,
        "care": line.care,
        "amount": amounts.typed(line.amount, currency=currency),
        "paid_elsewhere": amounts.typed(line.paid_elsewhere, currency=currency) if line.paid_elsewhere else "",
    }


class Files(forms.FileInput):
    """Several files at once, from a folder or from the camera."""

    allow_multiple_selected = True

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Any:
        return files.getlist(name) if hasattr(files, "getlist") else files.get(name)


class FilesField(forms.FileField):
    """One file or several; what they are is examined one by one afterwards."""

    widget = Files(attrs={"multiple": True, "accept": ACCEPTED})

    def clean(self, data: Any, initial: Any = None) -> Any:
        if not data and self.required:
            raise ValidationError(self.error_messages["required"])
        return data


class PapersForm(Form):
    """Files to join, and the paper that they are; those of an appeal; or the one that replaces or answers."""

    paper = forms.ChoiceField(label=_("Quelle pièce joignez-vous ?"))
    bill = forms.ModelChoiceField(
        label=_("Pour quelle facture ?"),
        queryset=Bill.objects.none(),
        required=False,
        empty_label=_("Toutes, ou aucune en particulier"),
    )
    files = FilesField(
        label=_("Fichiers"),
        error_messages={"required": _("Choisissez au moins un fichier.")},
    )
    medical = forms.BooleanField(
        label=_("Sous pli confidentiel médical"),
        help_text=_("Seuls les médecins du service médical de la Caisse ouvriront ces fichiers."),
        required=False,
    )

    def __init__(
        self,
        *args: Any,
        claim: Claim,
        papers: tuple[Paper, ...] = (),
        replaces: Attachment | None = None,
        answers: AskedPaper | None = None,
        appeal: str = "",
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.replaces, self.answers, self.place, self.appeal = replaces, answers, replaces or answers, appeal
        self.limits = {
            "file": settings.FILE_LIMITS.size,
            "files": settings.FILES_PER_CLAIM,
            "claim": settings.BYTES_PER_CLAIM,
            "pages": settings.FILE_LIMITS.pages,
            "megapixels": settings.FILE_LIMITS.pixels // 1_000_000,
        }
        if self.place:
            self["files"].label = str(_("Nouveau fichier") if replaces else _("Fichier"))
            for told in ("paper", "bill", "medical") if replaces else ("paper", "bill"):
                del self.fields[told]
            return
        if appeal:
            del self.fields["paper"], self.fields["bill"], self.fields["medical"]
            return
        paper, bill = (self.fields[name] for name in ("paper", "bill"))
        paper.choices = [*((one.code, one.label) for one in papers), (OTHER_PAPER, _("Autre pièce utile"))]
        bill.queryset = claim.bills.order_by("pk")
