"""A letter is accessible, says its code, and stands in the window of its envelope wherever the sheet slides."""

import io
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pikepdf
import pypdfium2
import pytest

from escale.gateways import letters, typesetting

LINK = "https://exemple.invalid/creer-mon-compte/code/"
SENDER = ("Caisse d’essai", "1 rue de l’Essai", "99999 Ville-Exemple")
MADE_AT = datetime(2026, 9, 15, 8, 0, tzinfo=UTC)
LETTER = letters.Letter(
    address=["ÉLISE D’AUBÉPIN", "CHEZ M. MODÈLE", "BÂTIMENT B", "WWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWW", "BP 99",
             "99999 VILLE-EXEMPLE"],
    reference="7KQ2M-XX4TD",
    written_on="Ville-Exemple, le 15 septembre 2026",
    title="Votre code",
    paragraphs=["Bonjour,", "Où çà ? À l’étranger, cœur léger.", letters.CODE, "Une seule fois."],
    code="ABCD-EFGH-JKLM",
)  # fmt: skip
POINTS_PER_MM = 72 / 25.4


def made(*written: letters.Letter) -> bytes:
    return letters.pdf(written or [LETTER], sender=SENDER, link=LINK, slip=None, made_at=MADE_AT)


def test_a_letter_is_tagged_titled_in_french_and_brings_its_fonts():
    document = pikepdf.open(io.BytesIO(made()))
    root: Any = document.Root
    assert root.MarkInfo.Marked
    assert "/StructTreeRoot" in root
    assert str(root.Lang).startswith("fr")
    assert str(document.docinfo.Title) == "Votre code"
    fonts = [font.DescendantFonts[0].FontDescriptor for font in document.pages[0].Resources.Font.values()]
    assert fonts
    assert all("/FontFile2" in font or "/FontFile3" in font for font in fonts)


def test_a_letter_says_its_words_its_code_and_where_to_type_it():
    said = pypdfium2.PdfDocument(made())[0].get_textpage().get_text_bounded()
    for words in ("Où çà ? À l’étranger, cœur léger.", "ABCD-EFGH-JKLM", LINK, "7KQ2M-XX4TD", "Une seule fois."):
        assert words in said
    assert letters.CODE not in said


def test_the_longest_address_stands_in_the_window_alone():
    page = pypdfium2.PdfDocument(made())[0]
    height = page.get_height()
    found = page.get_textpage()
    window = {"left": 100, "right": 190, "top": 55, "bottom": 79}
    points = {side: at * POINTS_PER_MM for side, at in window.items()}
    shown = found.get_text_bounded(
        left=points["left"], right=points["right"], top=height - points["top"], bottom=height - points["bottom"]
    )
    assert shown.split() == " ".join(LETTER.address).split()
    wider = found.get_text_bounded(
        left=(window["left"] - 10) * POINTS_PER_MM,
        right=(window["right"] + 10) * POINTS_PER_MM,
        top=height - (window["top"] - 11) * POINTS_PER_MM,
        bottom=height - (window["bottom"] + 11) * POINTS_PER_MM,
    )
    assert wider.split() == shown.split()


def test_a_letter_without_a_code_draws_no_square():
    plain = replace(LETTER, code="", paragraphs=["Bonjour,"])
    assert LINK not in pypdfium2.PdfDocument(made(plain))[0].get_textpage().get_text_bounded()


def test_an_address_of_seven_lines_is_refused():
    with pytest.raises(typesetting.Faulty):
        made(replace(LETTER, address=["x"] * 7))


def test_two_hundred_letters_are_one_file_of_two_hundred_sheets():
    assert len(pypdfium2.PdfDocument(made(*[LETTER] * 200))) == 200
