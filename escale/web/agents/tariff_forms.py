"""What is typed at the counter « Barèmes »."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal
from pathlib import Path
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from escale.domain.tariffs.models import Confidence, Kind
from escale.domain.tariffs.units import UNITS, Shape
from escale.web.forms import Day, Form

LARGEST = 10 * 1024 * 1024
"""The bytes of the files sent at once: ten seconds at most of reading; the command takes longer ones."""


CONFIDENCES = [
    (Confidence.LAW, _("Dans la loi, un décret ou un arrêté")),
    (Confidence.OFFICIAL, _("Dans une publication officielle")),
    (Confidence.SECONDARY, _("Dans une source secondaire, à vérifier")),
    (Confidence.DEFAULT, _("Nulle part : c’est une valeur par défaut")),
]


class FigureForm(Form):
    """Another value of a figure of the law, when it applies, and what it stands on."""

    valid_from = Day(
        label=_("S’applique à compter du"),
        help_text=_("La date d’effet que donne le texte."),
        error_messages={"required": _("Indiquez à partir de quand cette valeur s’applique.")},
    )
    valid_until = Day(
        label=_("Cesse de s’appliquer le"),
        help_text=_("Sans date, la valeur vaut jusqu’à ce qu’une autre édition en dise une autre."),
        required=False,
    )
    source = forms.CharField(
        label=_("Source"),
        help_text=_("Le texte et son article, ou la page officielle et sa date. Par exemple : CSS, art. R. 160-17."),
        max_length=300,
        error_messages={"required": _("Dites d’où vient cette valeur.")},
    )
    confidence = forms.ChoiceField(
        label=_("Où cette valeur a été lue"),
        choices=CONFIDENCES,
        widget=forms.RadioSelect,
        error_messages={"required": _("Dites où cette valeur a été lue.")},
    )

    def __init__(self, *args: Any, shape: Shape, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["value"] = _value(shape)
        self.order_fields(["value"])

    def clean_value(self) -> Decimal:
        return Decimal(self.cleaned_data["value"])

    def clean_confidence(self) -> Confidence:
        return Confidence(self.cleaned_data["confidence"])


def _value(shape: Shape) -> forms.Field:
    """Make the field of a value: a choice for a switch, else a number with the decimals of its unit."""
    missing = {"required": _("Indiquez la nouvelle valeur.")}
    if shape.unit == "switch":
        answers = [(str(value), shape.written(Decimal(value)).capitalize()) for value in (1, 0)]
        return forms.ChoiceField(
            label=_("Nouvelle valeur"), choices=answers, widget=forms.RadioSelect, error_messages=missing
        )
    unit = UNITS[shape.unit]
    return forms.DecimalField(
        label=gettext("Nouvelle valeur (%(unit)s)") % {"unit": unit.many} if unit.many else _("Nouvelle valeur"),
        localize=True,
        min_value=Decimal(0),
        max_value=Decimal(unit.largest),
        decimal_places=unit.decimals,
        widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}),
        error_messages=missing,
    )


class _Files(forms.FileInput):
    """One file, or the two of the base of medicines."""

    allow_multiple_selected = True

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Any:
        return files.getlist(name) if hasattr(files, "getlist") else files.get(name)


class _FilesField(forms.FileField):
    """Files that are read and not kept: their names differ, and together they are not too long."""

    widget = _Files(attrs={"multiple": True, "accept": ".csv,.txt,.yaml,.yml"})

    def clean(self, data: Any, initial: Any = None) -> list[UploadedFile]:
        files: list[UploadedFile] = data or []
        if not files:
            raise ValidationError(self.error_messages["required"])
        if len({file.name for file in files}) < len(files):
            raise ValidationError(gettext("Deux fichiers ont le même nom."))
        if sum(file.size or 0 for file in files) > LARGEST:
            raise ValidationError(gettext("Ces fichiers dépassent 10 Mo : proposez-les par la commande d’import."))
        if any(_is_packed(file) for file in files):
            raise ValidationError(gettext("Un fichier est compressé : décompressez-le d’abord."))
        return files


def _is_packed(file: UploadedFile) -> bool:
    """Tell a file packed by gzip, whose true length nobody knows."""
    head = file.read(2)
    file.seek(0)
    return bool(head == b"\x1f\x8b")


class TariffsForm(Form):
    """Official files of one kind, the day on which they take effect, and where they come from."""

    kind = forms.ChoiceField(
        label=_("Contenu"),
        choices=[("", _("Choisissez")), *Kind.choices],
        error_messages={"required": _("Dites ce que contiennent les fichiers.")},
    )
    files = _FilesField(
        label=_("Fichiers"),
        help_text=_("10 Mo au plus, sans compression. Deux fichiers pour la BDPM, un seul sinon."),
        error_messages={"required": _("Choisissez au moins un fichier.")},
    )
    effective_from = Day(
        label=_("Date d’effet"),
        help_text=_("Pour les lignes qui n’en portent pas d’autre."),
        error_messages={"required": _("Indiquez à partir de quand ces tarifs s’appliquent.")},
    )
    source = forms.CharField(
        label=_("Source"),
        help_text=_("Les calculs la citeront. Par exemple : CCAM version 81, publiée par la CNAM."),
        max_length=300,
        error_messages={"required": _("Dites d’où viennent ces fichiers.")},
    )

    def clean_kind(self) -> Kind:
        return Kind(self.cleaned_data["kind"])


@contextmanager
def on_disk(files: list[UploadedFile]) -> Iterator[list[Path]]:
    """Lay files that were sent in a folder of their own, under their names, for as long as they are read."""
    with tempfile.TemporaryDirectory() as folder:
        paths = []
        for file in files:
            path = Path(folder) / Path(file.name or "fichier").name
            with path.open("wb") as copy:
                copy.writelines(file.chunks())
            paths.append(path)
        yield paths


class EditionRejectionForm(Form):
    """Why an edition is set aside; whoever proposed it reads it."""

    reason = forms.CharField(
        label=_("Motif"),
        max_length=300,
        widget=forms.Textarea({"rows": 3}),
        help_text=_("La personne qui a proposé l’édition le lira."),
        error_messages={"required": _("Dites pourquoi cette édition est écartée.")},
    )
