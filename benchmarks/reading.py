"""What a machine finds on our own papers: totals, currencies and dates, by language, clean and photographed."""

import io
import multiprocessing
import os
import re
import time
from collections import Counter
from decimal import Decimal
from pathlib import Path

from django.conf import settings
from django.utils import timezone

from escale.domain.documents import reading
from escale.gateways import inspection
from escale.rules.findings import Finding
from tests.ocr.layouts import LAYOUTS
from tests.ocr.maker import paper
from tests.ocr.photograph import photographed
from tests.ocr.words import LANGUAGES

Asked = tuple[str, str, int, str]
"""A paper to draw and read: its language, its layout and the rank of that, clean or photographed."""

_SECONDS = 60
_STATES = ("nette", "photo")
_FIELDS = ("total", "currency", "date")
_COLUMNS = ("Langue", "Pièces", "Totaux", "Monnaies", "Dates", "Faux", "dont sûrs", "Demandés", "Secondes par page")
_HEAD = f"| {' | '.join(_COLUMNS)} |\n{'|---' * len(_COLUMNS)}|"
_NOTE = "ocr.md"
_MEASURED = re.compile(r"(?<=<!-- mesuré -->\n).*(?=\n<!-- fin -->)", re.DOTALL)


def measure(*, languages: tuple[str, ...] = ()) -> None:
    """
    Read every paper of the corpus twice, as many at once as there are processors, and print what is amiss and a table;
    that of all languages is kept in the note.

    « Faux » are values that are wrong, of three a paper, and « sûrs » those of them for which the paper would not be
    looked at again; « Demandés » those that the paper leaves open, so that somebody is asked; what else is missing is
    not found.
    """
    began = time.monotonic()
    asked: list[Asked] = [
        (language, layout, rank, state)
        for language in languages or LANGUAGES
        for state in _STATES
        for rank, layout in enumerate(LAYOUTS)
    ]
    found: dict[str, Counter[str]] = {}
    with multiprocessing.Pool(os.cpu_count()) as readers:
        for (language, layout, _rank, state), (counts, amiss) in zip(asked, readers.imap(_judged, asked), strict=True):
            found.setdefault(f"{language}, {state}", Counter()).update(counts)
            if amiss:
                print(f"{language}-{layout}, {state} : {amiss}", flush=True)
    rows = [_row(name, counts) for name, counts in [*found.items(), ("toutes", sum(found.values(), Counter()))]]
    minutes = f"{(time.monotonic() - began) / 60:.0f} minutes"
    when = f"Mesuré le {timezone.localdate():%d/%m/%Y}, en {minutes}, {os.cpu_count()} lectures à la fois."
    table = "\n".join([_HEAD, *rows, "", when])
    print(table)
    if not languages:
        note = Path(settings.CHECKOUT) / "docs" / _NOTE
        note.write_text(_MEASURED.sub(lambda _old: table, note.read_text()))


def _judged(asked: Asked) -> tuple[Counter[str], str]:
    """Return what is right and wrong of a paper, in figures and in words."""
    language, layout, rank, state = asked
    drawn = paper(language, layout, rank)
    clean = state == "nette"
    image = drawn.image if clean else photographed(drawn.image, drawn.name)
    began = time.monotonic()
    kind = "image/png" if clean else "image/jpeg"
    try:
        told = reading.look(io.BytesIO(image), kind=kind, seconds=_SECONDS).findings
    except inspection.Unreadable as refusal:  # it took too long: nothing is found
        return Counter(papers=1, milliseconds=1000 * _SECONDS), str(refusal)
    counts = Counter(papers=1, milliseconds=round(1000 * (time.monotonic() - began)))
    right = (str(drawn.total), drawn.currency, drawn.given_on.isoformat())
    amiss = []
    for field, found, value in zip(_FIELDS, (told.total, told.currency, told.given_on), right, strict=True):
        same = _same(found, value)
        counts[field] += same
        counts["asked"] += bool(found and found.ambiguous)
        wrong = bool(found and not found.ambiguous and not same)
        counts["wrong"] += wrong
        counts["sure"] += bool(wrong and found and found.confidence >= reading.SURE)
        if not same:
            amiss.append(f"{field} {value}, lu {' ou '.join(found.candidates) if found else 'rien'}")
    return counts, " ; ".join(amiss)


def _same(found: Finding | None, value: str) -> bool:
    if not found or found.ambiguous:
        return False
    return Decimal(found.value) == Decimal(value) if found.field == "total" else found.value == value


def _row(name: str, counts: Counter[str]) -> str:
    shares = [f"{100 * counts[field] / counts['papers']:.0f} %" for field in _FIELDS]
    seconds = f"{counts['milliseconds'] / counts['papers'] / 1000:.1f}".replace(".", ",")
    cells = (name, counts["papers"], *shares, counts["wrong"], counts["sure"], counts["asked"], seconds)
    return f"| {' | '.join(map(str, cells))} |"
