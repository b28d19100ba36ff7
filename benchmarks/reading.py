"""What a machine finds on our own papers: totals, currencies and dates, by language, clean and photographed."""

import io
import time
from collections import Counter
from decimal import Decimal

from escale.domain.documents import reading
from tests.ocr.maker import Paper, papers
from tests.ocr.photograph import photographed

_SECONDS = 60


def measure(*, languages: tuple[str, ...] = ()) -> None:
    """Read every paper of the corpus twice, and print a table."""
    found: dict[tuple[str, str], Counter[str]] = {}
    for paper in papers(*([languages] if languages else [])):
        for state, image, kind in (
            ("nette", paper.image, "image/png"),
            ("photo", photographed(paper.image, paper.name), "image/jpeg"),
        ):
            counts = found.setdefault((paper.language, state), Counter())
            began = time.monotonic()
            counts.update(_right(paper, image, kind))
            counts["seconds"] += round(time.monotonic() - began)
    print("| Langue | Pièces | Totaux | Monnaies | Dates | Secondes par page |\n|---|---|---|---|---|---|")
    for (language, state), counts in sorted(found.items()):
        shares = " | ".join(f"{100 * counts[what] / counts['papers']:.0f} %" for what in ("total", "currency", "date"))
        print(f"| {language}, {state} | {counts['papers']} | {shares} | {counts['seconds'] / counts['papers']:.1f} |")


def _right(paper: Paper, image: bytes, kind: str) -> dict[str, int]:
    told = reading.look(io.BytesIO(image), kind=kind, seconds=_SECONDS).findings
    return {
        "papers": 1,
        "total": bool(told.total and Decimal(told.total.value) == paper.total),
        "currency": bool(told.currency and told.currency.value == paper.currency),
        "date": bool(told.given_on and told.given_on.value == paper.given_on.isoformat()),
    }
