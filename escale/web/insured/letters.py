"""« Courrier de décision »: what the Fund wrote, on a page and on paper, since when it is there and was first read."""

import re
from collections.abc import Sequence
from typing import Any, NamedTuple

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from escale.domain.accounts.models import Role
from escale.domain.claims import actions as claims
from escale.domain.claims import letters, secrecy
from escale.domain.claims.models import Claim, DecisionLetter
from escale.gateways import cipher, keyring, typesetting
from escale.web.hats import ActorRequest, wearing
from escale.web.insured.for_me import concerning
from escale.web.insured.journey import own

_SUM = re.compile(r"((−\s)?[\d\s.,]+\s\S+|–)$")
UNSET = (typesetting.Faulty, cipher.Altered, keyring.NoKey)
"""What keeps a letter from being read today."""


class Cell(NamedTuple):
    """What a row says under the name of a column, and whether that column is of sums, which stand at the right."""

    name: str
    words: str
    is_sum: bool


@wearing(Role.INSURED)
@require_safe
def letter(request: ActorRequest, number: str, pk: int) -> HttpResponse:
    """Show the letter of a decision, and note its first reading."""
    claim, found, veiled = _own(request, number, pk)
    try:
        shown = _shown(claim, found, veiled=veiled)
    except UNSET:
        return _later(request, claim)
    _note(request, found)
    routes = {"pdf": "insured:letter_pdf", "up": "insured:claim"}
    return render(request, "insured/letter.html", shown | routes)


@wearing(Role.INSURED)
@require_safe
def letter_pdf(request: ActorRequest, number: str, pk: int) -> HttpResponse:
    """Give the same on paper."""
    claim, found, veiled = _own(request, number, pk)
    try:
        file = as_file(found, veiled=veiled)
    except UNSET:
        return _later(request, claim)
    _note(request, found)
    return file


@wearing(Role.INSURED, oneself=True)
@require_safe
def letter_for_me(request: ActorRequest, number: str, pk: int) -> HttpResponse:
    """Show to whoever received the care the whole letter about it, which another's account received too."""
    claim, found = _for_me(request, number, pk)
    try:
        shown = _shown(claim, found, veiled=False)
    except UNSET:
        return _later(request, claim, up="insured:for_me_claim")
    routes = {"pdf": "insured:for_me_letter_pdf", "up": "insured:for_me_claim"}
    return render(request, "insured/letter.html", shown | routes)


@wearing(Role.INSURED, oneself=True)
@require_safe
def letter_for_me_pdf(request: ActorRequest, number: str, pk: int) -> HttpResponse:
    """Give the same on paper."""
    claim, found = _for_me(request, number, pk)
    try:
        return as_file(found, veiled=False)
    except UNSET:
        return _later(request, claim, up="insured:for_me_claim")


def _own(request: ActorRequest, number: str, pk: int) -> tuple[Claim, DecisionLetter, bool]:
    claim = own(request, number)
    return claim, _of(claim, pk), secrecy.hides_nature(claim, reader=request.actor)


def _note(request: ActorRequest, found: DecisionLetter) -> None:
    """Note that a letter was read, once it could be: to ask for its head is not to read it."""
    if request.method == "GET":
        claims.read_letter(letter=found, by=request.actor)


def _later(request: ActorRequest, claim: Claim, *, up: str = "insured:claim") -> HttpResponse:
    """Say that the letter cannot be shown now: no delay runs from what could not be read."""
    return render(request, "insured/letter_later.html", {"claim": claim, "up": up}, status=503)


def _for_me(request: ActorRequest, number: str, pk: int) -> tuple[Claim, DecisionLetter]:
    claim = concerning(request, number)
    return claim, _of(claim, pk)


def _of(claim: Claim, pk: int) -> DecisionLetter:
    found = get_object_or_404(DecisionLetter, decision=pk, decision__claim=claim)
    found.decision = next(one for one in claim.decisions.all() if one.pk == pk)
    found.decision.claim = claim
    return found


def _shown(claim: Claim, found: DecisionLetter, *, veiled: bool) -> dict[str, Any]:
    said = letters.opened(found, veiled=veiled)
    blocks = [one | {"rows": named(one["head"], one["rows"])} for one in said["blocks"]]
    return {"claim": claim, "letter": found, "said": said, "blocks": blocks}


def named(head: Sequence[str], rows: Sequence[Sequence[str]]) -> list[list[Cell]]:
    """Give each cell the name of its column, which stands before it where the screen is narrow."""
    sums = [all(_SUM.match(row[place]) for row in rows) for place in range(len(head))]
    return [[Cell(*one) for one in zip(head, row, sums, strict=True)] for row in rows]


def as_file(found: DecisionLetter, *, veiled: bool) -> HttpResponse:
    """Return a letter as a file to keep."""
    name = f"decision-{found.decision.claim.number}-{found.decision_id}.pdf"
    return HttpResponse(
        letters.pdf(found, veiled=veiled),
        content_type="application/pdf",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )
