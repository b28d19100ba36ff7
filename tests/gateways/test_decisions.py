"""The letter of a decision, as a machine reads it aloud: its parts are tagged, in order, and none is lost."""

import io
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pikepdf
import pypdfium2
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from escale.gateways import decisions

MADE_AT = datetime(2026, 9, 15, 8, 0, tzinfo=UTC)
LINK = "https://exemple.invalid/"
SENDER = ("Caisse d’essai", "1 rue de l’Essai", "99999 Ville-Exemple")


def block(kind: str, text: str, **parts: Any) -> dict[str, Any]:
    return {"kind": kind, "text": text, "level": 0, "head": [], "rows": [], **parts}


BLOCKS = [
    block("paragraph", "Madame, Monsieur,"),
    block("heading", "Ce que nous décidons", level=1),
    block(
        "table", "Les lignes", head=["Ligne", "Soins", "Payé"], rows=[["1", "Soin A", "12 €"], ["2", "Soin B", "7 €"]]
    ),
    block("heading", "Pourquoi", level=1),
    block("heading", "Un motif", level=2),
    block("paragraph", "Texte appliqué : CSS, art. R. 761-20."),
    block("table", "Le calcul", head=["Étape", "Après"], rows=[["Tarif", "30 €"]]),
    block("paragraph", "Où écrire : par lettre, ou au +33 (0)4 00 00 00 00."),
]


def letter(blocks: list[dict[str, Any]], **traits: str) -> dict[str, Any]:
    known = {"to": "Alix Exemple", "reference": "7KQ2M-XX4TD", "written_on": "15 septembre 2026", "title": "Décision"}
    return {**known, **traits, "blocks": blocks}


def made(blocks: list[dict[str, Any]], **traits: str) -> bytes:
    return decisions.pdf(letter(blocks, **traits), sender=SENDER, link=LINK, made_at=MADE_AT)


def tree(element: Any) -> Iterator[Any]:
    """Every element of the structure of a document, in the order in which it is read."""
    if isinstance(element, pikepdf.Array):
        for one in element:
            yield from tree(one)
    elif isinstance(element, pikepdf.Dictionary) and "/S" in element:
        yield element
        yield from tree(element.get("/K", pikepdf.Array()))


def marked(page: pikepdf.Page) -> dict[int, list[pikepdf.ContentStreamInstruction]]:
    """What is drawn under each mark of a page."""
    found: dict[int, list[Any]] = {}
    open_marks: list[int | None] = []
    for instruction in pikepdf.parse_content_stream(page):
        match str(instruction.operator):
            case "BDC":
                properties: Any = instruction.operands[1]
                mark = properties.get("/MCID") if isinstance(properties, pikepdf.Dictionary) else None
                open_marks.append(None if mark is None else int(mark))
            case "BMC":
                open_marks.append(None)
            case "EMC":
                open_marks.pop()
            case operator if operator in {"Tj", "TJ", "Do"} and open_marks:
                inner = next((mark for mark in reversed(open_marks) if mark is not None), None)
                if inner is not None:
                    found.setdefault(inner, []).append(instruction)
    return found


@pytest.fixture(scope="module")
def document() -> Iterator[pikepdf.Pdf]:
    with pikepdf.open(io.BytesIO(made(BLOCKS))) as opened:
        yield opened


def test_a_letter_says_that_it_is_accessible_in_french_and_under_its_title(document):
    root: Any = document.Root
    assert root.MarkInfo.Marked
    assert str(root.Lang).startswith("fr")
    assert root.ViewerPreferences.DisplayDocTitle
    assert str(document.docinfo.Title) == "Décision"
    assert b"<pdfuaid:part>1</pdfuaid:part>" in root.Metadata.read_bytes()


def test_a_letter_brings_all_its_fonts_with_what_each_sign_means(document):
    fonts = [font for page in document.pages for font in page.Resources.Font.values()]
    assert fonts
    for font in fonts:
        assert "/ToUnicode" in font
        described = font.DescendantFonts[0].FontDescriptor
        assert "/FontFile2" in described or "/FontFile3" in described


def test_headings_tables_and_the_code_are_tagged_in_the_order_of_the_letter(document):
    kinds = [str(one.S) for one in tree(document.Root.StructTreeRoot.K)]
    wanted = {"/Title", "/H1", "/H2", "/Table", "/Caption", "/TH", "/TD", "/Figure", "/P"}
    order = [kind for kind in kinds if kind in wanted - {"/P", "/Figure", "/Caption"}]
    assert order == [
        *(["/Title"] if "/Title" in kinds else []), "/H1", "/Table", *["/TH"] * 3, *["/TD"] * 6, "/H1", "/H2",
        "/Table", *["/TH"] * 2, *["/TD"] * 2,
    ]  # fmt: skip
    figures = [one for one in tree(document.Root.StructTreeRoot.K) if str(one.S) == "/Figure" and "/Alt" in one]
    assert [LINK in str(one.Alt) for one in figures] == [True]


def test_every_column_of_a_table_is_headed_and_says_so(document):
    heads = [one for one in tree(document.Root.StructTreeRoot.K) if str(one.S) == "/TH"]
    assert len(heads) == 5
    for head in heads:
        attributes = head.A if isinstance(head.A, pikepdf.Array) else [head.A]
        assert [str(one.Scope) for one in attributes if "/Scope" in one] == ["/Column"]


def test_everything_drawn_is_under_a_mark_and_each_mark_is_read_once(document):
    read: dict[tuple[int, int], int] = {}
    pages = {page.obj.objgen: index for index, page in enumerate(document.pages)}
    for element in tree(document.Root.StructTreeRoot.K):
        kids = element.get("/K", [])
        for kid in kids if isinstance(kids, pikepdf.Array) else [kids]:
            if isinstance(kid, int):
                place = (pages[element.Pg.objgen], int(kid))
            elif isinstance(kid, pikepdf.Dictionary) and str(kid.get("/Type", "")) == "/MCR":
                place = (pages[kid.get("/Pg", element.get("/Pg")).objgen], int(kid.MCID))
            else:
                continue
            read[place] = read.get(place, 0) + 1
    assert set(read.values()) == {1}
    drawn = {(index, mark) for index, page in enumerate(document.pages) for mark in marked(page)}
    assert drawn <= set(read)


def test_what_is_read_aloud_is_what_is_written_in_its_order():
    said = "".join(sheet.get_textpage().get_text_bounded() for sheet in pypdfium2.PdfDocument(made(BLOCKS)))
    flat = " ".join(said.split())
    words = [
        text for one in BLOCKS for text in (one["text"], *one["head"], *(cell for row in one["rows"] for cell in row))
    ]
    at = flat.index("Madame")
    for text in words:
        at = flat.index(text, at)


def test_the_same_letter_is_the_same_file():
    assert made(BLOCKS) == made(BLOCKS)


ODD = st.text(max_size=80)


@settings(max_examples=15)
@given(name=ODD, words=st.text(max_size=3_000), cell=st.text(max_size=300))
def test_no_name_nor_sentence_breaks_a_page(name, words, cell):
    table = block("table", name, head=["Étape", "Texte"], rows=[[cell, cell * 3], ["1 €", name]])
    pages = pypdfium2.PdfDocument(made([block("paragraph", words), table, block("paragraph", cell)], to=name))
    assert 1 <= len(pages) <= 12


def test_a_word_without_an_end_stays_on_the_page():
    long = "W" * 400
    page = pypdfium2.PdfDocument(made([block("table", "T", head=["A", "B"], rows=[[long, "1 €"]])]))[0]
    text = page.get_textpage()
    assert all(text.get_charbox(at)[2] <= page.get_width() for at in range(text.count_chars()))
