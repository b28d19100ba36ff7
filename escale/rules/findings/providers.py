"""Who gave the care, and under which number they billed it."""

import re
from collections.abc import Sequence

from escale.rules.findings.layout import Row
from escale.rules.findings.vocabulary import labels, provider_words

_FIRST_ROWS = 14
_LONGEST = 70
_NUMBER = re.compile(
    r"[\s:.#°º*=-]*(?:n[o°º.]?\s*:?\s*)?([a-z]{0,6}[-/. ]?\d[\da-z]*(?:[-/.]\d[\da-z]*)*|[a-z]+-?\d[\da-z/-]*)"
)


def provider(rows: Sequence[Row]) -> tuple[Row, int, int] | None:
    """Return where the provider is written: a place of care among the first rows, a doctor, else the largest words."""
    places, titled, never = provider_words()
    best: tuple[float, Row, int, int] | None = None
    for rank, row in enumerate([row for row in rows if row.page == 1][:_FIRST_ROWS]):
        for start, end in _cells(row):
            text = row.text[start:end]
            letters = sum(map(str.isalpha, text))
            if letters < 3 or letters < 0.5 * len(text.replace(" ", "")) or len(text) > _LONGEST:
                continue
            worth = min(row.size, 2.5) - 0.15 * rank
            worth += 3.0 if places.search(text) else 2.0 if titled.search(text) else 0.0
            worth -= 3.0 if never.search(text) and not text.startswith(("pharm", "clin", "hosp")) else 0.0
            worth -= 2.0 * (1 - min(row.confidence(start, end) + 0.3, 1))
            if best is None or worth > best[0]:
                best = worth, row, start, end
    return best[1:] if best and best[0] > 0 else None


def number(rows: Sequence[Row]) -> tuple[Row, int, int] | None:
    """Return where the number of the bill is written, beside its label."""
    for row in rows:
        for label in labels(row):
            if label.kind != "number":
                continue
            found = _NUMBER.match(row.text, label.end)
            if found and len(re.sub(r"\D", "", found[1])) >= 2:
                return row, *found.span(1)
    return None


def _cells(row: Row) -> list[tuple[int, int]]:
    """Return the parts of a row that wide gaps put apart."""
    return [(found.start(), found.end()) for found in re.finditer(r"[^\t]+", row.text)]
