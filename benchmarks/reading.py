"""What a machine finds on our own papers: totals, currencies and dates, by language, clean and photographed."""

import io
import time
from collections import Counter
from decimal import Decimal

from escale.domain.documents import reading
from escale.rules.findings import Finding
from tests.ocr.maker import Paper, papers
from tests.ocr.photograph import photographed
from tests.ocr.words import LANGUAGES

_SECONDS = 60
_FIELDS = ("total", "currency", "date")
_HEAD = "| Langue | Pièces | Totaux | Monnaies | Dates | Faux | Demandés | Secondes par page |\n" + "|---" * 8 + "|"


def measure(*, languages: tuple[str, ...] = ()) -> None:
    """
    Read every paper of the corpus twice, and print a table.

    « Faux » are values that are wrong, of three a paper; « Demandés » those that the paper leaves open, so that
    somebody is asked; what else is missing is not found.
    """
    print(_HEAD)
    whole: Counter[str] = Counter()
    for language in languages or tuple(LANGUAGES):
        drawn = papers((language,))
        for state in ("nette", "photo"):
            counts = sum((_judged(paper, state) for paper in drawn), Counter())
            print(_row(f"{language}, {state}", counts), flush=True)
            whole += counts
    print(_row("toutes", whole))


def _judged(paper: Paper, state: str) -> Counter[str]:
    image, kind = (
        (paper.image, "image/png") if state == "nette" else (photographed(paper.image, paper.name), "image/jpeg")
    )
    began = time.monotonic()
    told = reading.look(io.BytesIO(image), kind=kind, seconds=_SECONDS).findings
    counts = Counter(papers=1, milliseconds=round(1000 * (time.monotonic() - began)))
    right = (str(paper.total), paper.currency, paper.given_on.isoformat())
    for field, found, value in zip(_FIELDS, (told.total, told.currency, told.given_on), right, strict=True):
        counts[field] += _same(found, value)
        counts["asked"] += bool(found and found.ambiguous)
        counts["wrong"] += bool(found and not found.ambiguous and not _same(found, value))
    return counts


def _same(found: Finding | None, value: str) -> bool:
    if not found or found.ambiguous:
        return False
    return Decimal(found.value) == Decimal(value) if found.field == "total" else found.value == value


def _row(name: str, counts: Counter[str]) -> str:
    shares = " | ".join(f"{100 * counts[field] / counts['papers']:.0f} %" for field in _FIELDS)
    seconds = f"{counts['milliseconds'] / counts['papers'] / 1000:.1f}".replace(".", ",")
    return f"| {name} | {counts['papers']} | {shares} | {counts['wrong']} | {counts['asked']} | {seconds} |"
