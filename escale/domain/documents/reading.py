"""A paper read by machine: its words, and what they tell; it writes nothing."""

from dataclasses import dataclass
from datetime import date
from typing import BinaryIO

from django.conf import settings
from django.utils import timezone

from escale.gateways import inspection, ocr
from escale.rules import findings

SURE = 0.5
"""How sure a total must be, of 1, for the paper not to be looked at another way."""
_LEAST_SECONDS = 8


@dataclass(frozen=True, slots=True)
class Look:
    """The pages that were read, how many were left when the time was over, what they tell, and the seconds it took."""

    pages: tuple[ocr.Page, ...]
    left: int
    findings: findings.Findings
    seconds: float


def look(content: BinaryIO, *, kind: str, seconds: float, country: str = "") -> Look:
    """
    Read a paper; where no total is seen for sure, look at its pictures another way, and keep what says more.

    :raises inspection.Unreadable: if nothing can be seen of it.
    """
    today = timezone.localdate()
    first = _look(content, kind=kind, seconds=seconds, country=country, today=today)
    left = seconds - first.seconds
    total = first.findings.total
    if (total and total.confidence >= SURE) or left < _LEAST_SECONDS:
        return first
    script = next((page.script for page in first.pages if page.script), "")
    content.seek(0)
    try:
        second = _look(content, kind=kind, seconds=left, country=country, today=today, again=True, script=script)
    except inspection.Unreadable:  # it took longer than was left: what was seen first stands
        return first
    best = max(first, second, key=_sureness)
    return Look(best.pages, best.left, best.findings, first.seconds + second.seconds)


def _sureness(look: Look) -> float:
    """Return how sure the total, the currency and the day are, in all."""
    found = look.findings
    return sum(one.confidence for one in (found.total, found.currency, found.given_on) if one and not one.ambiguous)


def _look(
    content: BinaryIO, *, kind: str, seconds: float, country: str, today: date, again: bool = False, script: str = ""
) -> Look:
    limits = settings.FILE_LIMITS
    read = ocr.read(content, kind=kind, limits=limits, seconds=seconds, again=again, script=script)
    pages = [
        findings.Page(page.width, page.height, [findings.Word(*word) for word in page.words]) for page in read.pages
    ]
    return Look(read.pages, read.left, findings.find(pages, today=today, country=country), read.cost.seconds)
