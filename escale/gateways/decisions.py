"""The letter of a decision, set as one accessible PDF: what is read aloud is what is written, in the same order."""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path

from escale.gateways import typesetting
from escale.gateways.letters import square

_SOURCE = Path(__file__).with_suffix(".typ")


def pdf(letter: Mapping[str, object], *, sender: Sequence[str], link: str, made_at: datetime) -> bytes:
    """
    Return a letter as a PDF/UA-1 (ISO 14289-1); the same words and the same moment give the same bytes.

    `letter` holds `to`, `reference`, `written_on`, `title` and `blocks`, each with its `kind` (heading, paragraph or
    table), `text`, `level`, `head` and `rows`. `link` is the address that its QR code opens, printed beside it.
    `made_at` is aware of its time zone.

    :raises typesetting.Faulty: if it cannot be set.
    """
    said = {**json.loads(json.dumps(letter)), "sender": sender, "place": "Toulon", "link": link, "square": square(link)}
    return typesetting.pdf(_SOURCE.read_text(encoding="utf-8"), said, root=_SOURCE.parent, made_at=made_at)
