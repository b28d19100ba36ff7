"""Letters on paper, set as one accessible PDF, addressed so that the window of an envelope shows where they go."""

import io
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

import segno

from escale.gateways import typesetting

ADDRESS_LINES, ADDRESS_WIDTH = 6, 38
"""What the post takes of an address (NF Z 10-011)."""

CODE = "[code]"
"""The paragraph in whose place the code stands."""

_SOURCE = Path(__file__).with_suffix(".typ")


@dataclass(frozen=True)
class Letter:
    """One letter: the lines of its address, then what it says, paragraph by paragraph, CODE among them or not."""

    address: Sequence[str]
    reference: str
    written_on: str
    title: str
    paragraphs: Sequence[str]
    code: str


@dataclass(frozen=True)
class Slip:
    """The first sheet of a bag, which stays at the Fund: a title, and what whoever prints must know."""

    title: str
    facts: Sequence[str]


def pdf(letters: Sequence[Letter], *, sender: Sequence[str], link: str, slip: Slip | None, made_at: datetime) -> bytes:
    """
    Return the letters as one PDF/UA-1, a sheet each, after the slip if there is one; the same words, the same bytes.

    `link` is the page where the code is typed, printed and drawn as a QR code. `made_at` is aware of its time zone.

    :raises typesetting.Faulty: if an address has more than six lines, or cannot be set.
    """
    if any(len(letter.address) > ADDRESS_LINES for letter in letters):
        raise typesetting.Faulty("an address has more than six lines")
    said = {
        "title": slip.title if slip else letters[0].title,
        "sender": sender,
        "slip": slip and asdict(slip),
        "letters": [asdict(letter) | {"link": link if letter.code else ""} for letter in letters],
        "mark": CODE,
        "square": square(link),
    }
    return typesetting.pdf(_SOURCE.read_text(encoding="utf-8"), said, root=_SOURCE.parent, made_at=made_at)


def square(link: str) -> str:
    """Return the QR code of an address, drawn as SVG."""
    drawn = io.BytesIO()
    segno.make(link, error="m", micro=False).save(drawn, kind="svg", border=2, xmldecl=False, nl=False, omitsize=True)
    return drawn.getvalue().decode()
