"""A page set by Typst is accessible, says what it was given, and obeys nobody who wrote in it."""

import io
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pikepdf
import pypdfium2
import pytest

from escale.gateways import typesetting

MADE_AT = datetime(2026, 9, 15, 8, 0, tzinfo=UTC)
SOURCE = """
#set document(title: "Essai")
#set text(lang: "fr")
#let data = json(bytes(sys.inputs.data))
#title()
= Nom
#data.name
"""


def page(name: str, *, root: Path, source: str = SOURCE) -> bytes:
    return typesetting.pdf(source, {"name": name}, root=root, made_at=MADE_AT)


def text(content: bytes) -> str:
    return "".join(sheet.get_textpage().get_text_bounded() for sheet in pypdfium2.PdfDocument(content))


def test_a_page_is_tagged_titled_in_french_and_says_that_it_is_accessible(tmp_path):
    document = pikepdf.open(io.BytesIO(page("Zoé", root=tmp_path)))
    root: Any = document.Root
    assert root.MarkInfo.Marked
    assert str(root.Lang).startswith("fr")
    assert root.ViewerPreferences.DisplayDocTitle
    assert b"pdfuaid:part" in root.Metadata.read_bytes()


def test_the_same_words_give_the_same_bytes(tmp_path):
    assert page("Zoé", root=tmp_path) == page("Zoé", root=tmp_path)


@pytest.mark.parametrize("name", ["Zoé Œuvrard", "Ελένη", "Алекса́ндр", "#panic() *_$ @x", '"} ) ]', "a\\u{41}b"])
def test_what_somebody_wrote_is_shown_and_never_obeyed(tmp_path, name):
    assert name in text(page(name, root=tmp_path))


@pytest.mark.parametrize("name", ["北京医院", "โรงพยาบาล", "😀", "\x01", "\udce9"])
def test_a_sign_that_no_font_draws_leaves_a_mark_in_its_place(tmp_path, name):
    said = text(page(f"Hôpital {name} 12", root=tmp_path))
    assert f"Hôpital {typesetting.UNREADABLE}" in said
    assert "12" in said


def test_a_source_reads_what_lies_under_its_root_and_nothing_else(tmp_path):
    (tmp_path / "root").mkdir()
    (tmp_path / "root/here.typ").write_text('#let place = "ici"')
    (tmp_path / "there.typ").write_text('#let place = "là"')
    here = '#import "here.typ": place\n' + SOURCE + "#place"
    assert "ici" in text(page("Zoé", root=tmp_path / "root", source=here))
    for source in (here.replace("here", "../there"), '#import "@preview/cetz:0.3.0"\n' + SOURCE):
        with pytest.raises(typesetting.Faulty):
            page("Zoé", root=tmp_path / "root", source=source)


def test_a_source_without_a_title_is_refused(tmp_path):
    with pytest.raises(typesetting.Faulty, match="title"):
        page("Zoé", root=tmp_path, source='#set text(lang: "fr")\nRien')
