"""What a page says of a file that it is about to send, and how it is read."""

import base64
from typing import Any

from django import forms
from django.core.validators import RegexValidator
from django.utils.translation import gettext_lazy as _

from escale.domain.appeals import queries as appeals
from escale.domain.appeals.models import Appeal
from escale.domain.claims import queries
from escale.domain.claims.models import AskedPaper, Attachment, Bill, Claim
from escale.domain.documents.actions import Checksum
from escale.web.insured.bill_forms import OTHER_PAPER

ALGORITHMS = {"sha256": 32, "sha1": 20}
"""Each with the bytes of its digest."""


class UploadForm(forms.Form):
    """The metadata of an upload, and the paper that it will be."""

    filename = forms.CharField(max_length=1000)
    filetype = forms.CharField(max_length=100, required=False)
    size = forms.IntegerField(min_value=0, max_value=2**31 - 1)
    paper = forms.ChoiceField(error_messages={"required": _("Dites de quelle pièce il s’agit.")})
    bill = forms.ModelChoiceField(Bill.objects.none(), required=False)
    medical = forms.BooleanField(required=False)
    sha256 = forms.CharField(required=False, validators=[RegexValidator(r"\A[0-9a-f]{64}\Z")])
    key = forms.UUIDField(required=False)
    replaces = forms.ModelChoiceField(Attachment.objects.none(), required=False)
    answers = forms.ModelChoiceField(AskedPaper.objects.none(), required=False)
    appeal = forms.ModelChoiceField(Appeal.objects.none(), required=False, to_field_name="reference")

    def __init__(self, *args: Any, claim: Claim, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: dict[str, Any] = self.fields
        paper, bill, replaces, answers = (fields[name] for name in ("paper", "bill", "replaces", "answers"))
        paper.choices = [*((one.code, one.code) for one in queries.papers(claim)), (OTHER_PAPER, OTHER_PAPER)]
        bill.queryset = claim.bills.all()
        replaces.queryset = claim.attachments.select_related("document", "bill", "claim")
        answers.queryset = claim.asked_papers.select_related("bill", "claim")
        fields["appeal"].queryset = appeals.open_on(claim)

    def clean_appeal(self) -> str:
        appeal: Appeal | None = self.cleaned_data["appeal"]
        return appeal.reference if appeal else ""

    def clean(self) -> dict[str, Any]:
        found = super().clean() or {}
        if place := found.get("replaces") or found.get("answers"):  # it will be what that paper is
            self.errors.pop("paper", None)
            found["paper"] = place.paper
        return found

    def announced(self) -> dict[str, Any]:
        """Return what is announced, in the words of the action."""
        words = {"filename": "name", "filetype": "declared_type"}
        return {words.get(name, name): value for name, value in self.cleaned_data.items()}


def metadata(header: str) -> dict[str, str]:
    """Read `Upload-Metadata`: names, each with its value in base64, between commas. Raises ValueError."""
    pairs = (pair.strip().partition(" ") for pair in header.split(",") if pair.strip())
    return {name: base64.b64decode(value, validate=True).decode() for name, _space, value in pairs}


def checksum(header: str) -> Checksum | None:
    """Read `Upload-Checksum`: an algorithm, then the digest in base64; None for no header. Raises ValueError."""
    if not header:
        return None
    algorithm, _space, encoded = header.partition(" ")
    digest = base64.b64decode(encoded, validate=True)
    if algorithm not in ALGORITHMS or len(digest) != ALGORITHMS[algorithm]:
        raise ValueError(header)
    return Checksum(algorithm, digest)
