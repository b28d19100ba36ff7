"""Papers written as text: each line a row of words, wide gaps where there are several spaces."""

import re
from datetime import date

from escale.rules import findings
from escale.rules.findings import Findings, Page, Word

TODAY = date(2026, 11, 22)
_LETTER, _LINE = 10, 30


def page(text: str) -> Page:
    """Lay a text out as a page that was read without a doubt."""
    words = [
        Word(found[0], found.start() * _LETTER, rank * _LINE, found.end() * _LETTER, rank * _LINE + 18, rank, 95)
        for rank, line in enumerate(text.strip("\n").splitlines())
        for found in re.finditer(r"\S+", line)
    ]
    return Page(1000, max(len(text.splitlines()), 10) * _LINE, words)


def told(text: str, *, country: str = "") -> Findings:
    """Return what a paper tells."""
    return findings.find([page(text)], today=TODAY, country=country)
