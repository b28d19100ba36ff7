"""Some papers of each language are read, clean and photographed; `benchmarks reading` reads them all."""

import io
import subprocess
from decimal import Decimal

import pytest

from escale.domain.documents import reading
from escale.gateways import ocr
from tests.ocr.maker import paper
from tests.ocr.photograph import photographed

pytestmark = pytest.mark.skipif(bool(ocr.missing_languages()), reason="languages of Tesseract are missing here")


def has_font(name: str) -> bool:
    found = subprocess.run(["fc-match", name, "--format", "%{family}"], capture_output=True, text=True, check=False)
    return name in found.stdout


@pytest.mark.parametrize(
    ("language", "layout", "rank", "font"),
    [
        ("fr", "till", 0, ""), ("en", "slip", 2, ""), ("de", "till", 0, ""), ("es", "receipt", 0, ""),
        ("it", "slip", 2, ""), ("pt", "slip", 2, ""), ("ar", "receipt", 1, "Noto Naskh Arabic"),
        ("th", "slip", 2, "Garuda"), ("ja", "till", 0, "Noto Sans CJK JP"),
    ],
)  # fmt: skip
def test_a_clean_paper_is_read(language: str, layout: str, rank: int, font: str):
    if font and not has_font(font):
        pytest.skip(f"the font {font} is missing here")
    drawn = paper(language, layout, rank)
    told = reading.look(io.BytesIO(drawn.image), kind="image/png", seconds=60).findings
    assert told.total
    assert Decimal(told.total.value) == drawn.total
    assert told.currency
    assert told.currency.value == drawn.currency
    assert told.given_on
    assert told.given_on.value == drawn.given_on.isoformat()


@pytest.mark.parametrize(("language", "layout", "rank"), [("fr", "thermal", 0), ("en", "fee", 1)])
def test_a_photograph_is_read(language: str, layout: str, rank: int):
    drawn = paper(language, layout, rank)
    photograph = photographed(drawn.image, drawn.name)
    told = reading.look(io.BytesIO(photograph), kind="image/jpeg", seconds=60).findings
    assert told.total
    assert Decimal(told.total.value) == drawn.total
    assert told.given_on
    assert told.given_on.value == drawn.given_on.isoformat()


def test_digits_of_arabic_are_read_in_a_font_never_shown():
    if not has_font("Noto Naskh Arabic"):
        pytest.skip("the font is missing here")
    drawn = paper("ar", "slip", 2)
    told = reading.look(io.BytesIO(drawn.image), kind="image/png", seconds=60).findings
    assert told.total
    assert Decimal(told.total.value) == drawn.total
