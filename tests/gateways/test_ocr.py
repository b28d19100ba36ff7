"""The words of a paper are read in a process of its own: a PDF's own text, or what is seen on its picture."""

import io
from pathlib import Path

import pikepdf
import pytest
import typst
from PIL import Image

from escale.gateways import inspection, ocr
from escale.gateways.file_kinds import Limits

BILL = (
    b"#set page(width: 120mm, height: 80mm)\n= Clinique Exemple\n\nConsultation du 24 octobre 2025\n\nTotal 448,55 EUR"
)
needs_eyes = pytest.mark.skipif("eng" in ocr.missing_languages(), reason="no Tesseract language on this machine")


def drawn(form: str) -> bytes:
    drawing = typst.compile(BILL, format=form, **({"ppi": 150} if form == "png" else {}))
    assert isinstance(drawing, bytes)
    return drawing


def test_the_words_of_a_pdf_are_its_own():
    (page,) = ocr.read(io.BytesIO(drawn("pdf")), kind="application/pdf", limits=Limits()).pages
    assert page.source == "layer"
    assert "Total 448,55 EUR" in ocr.text(page)


def test_the_words_of_a_pdf_that_is_shown_on_its_side_are_read_upright():
    turned = io.BytesIO()
    with pikepdf.open(io.BytesIO(drawn("pdf"))) as pdf:
        pdf.pages[0].rotate(90, relative=False)
        pdf.save(turned)
    (page,) = ocr.read(io.BytesIO(turned.getvalue()), kind="application/pdf", limits=Limits()).pages
    assert "Total 448,55 EUR" in ocr.text(page)
    total = next(word for word in page.words if "448" in word.text)
    left, top, right, bottom = ocr.placed(page, (total.left, total.top, total.right, total.bottom))
    assert bottom - top > right - left  # on the page as it is shown, it goes downwards


@needs_eyes
@pytest.mark.parametrize(("turned", "middle"), [(90, (0.69, 0.195)), (180, (0.805, 0.69))])
def test_the_words_of_a_picture_are_seen_where_they_are_whichever_way_up(turned: int, middle: tuple[float, float]):
    picture = Image.open(io.BytesIO(drawn("png"))).rotate(-turned, expand=True)
    content = io.BytesIO()
    picture.save(content, "PNG")
    (page,) = ocr.read(io.BytesIO(content.getvalue()), kind="image/png", limits=Limits()).pages
    assert page.turned == turned
    total = next(word for word in page.words if "448" in word.text)
    left, top, right, bottom = ocr.placed(page, (total.left, total.top, total.right, total.bottom))
    assert ((left + right) / 2, (top + bottom) / 2) == pytest.approx(middle, abs=0.02)


def test_a_box_is_told_where_the_picture_is_shown():
    page = ocr.Page(100, 200, (), turned=90)
    assert ocr.placed(page, (0, 0, 10, 20)) == (0.9, 0.0, 1.0, 0.1)
    assert ocr.placed(ocr.Page(100, 200, ()), (0, 0, 10, 20)) == (0.0, 0.0, 0.1, 0.1)


@pytest.mark.parametrize("content", [b"", b"%PDF-1.7\n%nothing", b"\x89PNG\r\n\x1a\n" + b"0" * 99])
def test_what_cannot_be_opened_is_refused_in_french(content: bytes):
    kind = "image/png" if content.startswith(b"\x89") else "application/pdf"
    with pytest.raises(inspection.Unreadable, match="abîmé"):
        ocr.read(io.BytesIO(content), kind=kind, limits=Limits())


def test_a_machine_without_languages_still_reads_pdf_files(monkeypatch, tmp_path: Path):
    monkeypatch.setattr(ocr, "languages_folder", lambda: None)
    assert ocr.missing_languages() == list(ocr.LANGUAGES)
    (page,) = ocr.read(io.BytesIO(drawn("pdf")), kind="application/pdf", limits=Limits()).pages
    assert page.words
    with pytest.raises(ocr.NoEyes):
        ocr.read(io.BytesIO(drawn("png")), kind="image/png", limits=Limits())
