"""Pages to print or to keep, set by Typst as accessible PDF (PDF/UA-1), with the fonts that it brings."""

import json
import re
import unicodedata
from collections.abc import Mapping
from datetime import datetime
from functools import cache
from pathlib import Path

import typst

UNREADABLE = "□"
"""What stands for a sign that no font can draw: a page with a hole in it is not accessible."""

_NOWHERE = "/nonexistent"  # no package is ever looked for, here or over the network
_NOT_DRAWN = re.compile(r'the text `"(.+?)"` could not be displayed')
_ESCAPED = re.compile(r"\\u\{([0-9a-f]+)\}")
_ROUNDS = 3


class Faulty(Exception):
    """The source cannot be set: its grammar is wrong, or the page would not be accessible."""


def pdf(source: str, data: Mapping[str, object], *, root: Path, made_at: datetime) -> bytes:
    """
    Return a PDF/UA-1 (ISO 14289-1) made from a Typst source; the same arguments give the same bytes.

    The source reads what it says of somebody with `#let data = json(bytes(sys.inputs.data))`, so that no text of
    theirs is ever taken for a command. `data` holds what JSON holds. The source may import what lies under `root`,
    and nothing else. It must set the title of the document and the language of the text. `made_at` is aware of its
    time zone.

    :raises Faulty: with what Typst says, and where.
    """
    written = json.dumps(_drawable(data), ensure_ascii=False)
    for _ in range(_ROUNDS):
        compiler = typst.Compiler(
            source.encode(),
            root=str(root),
            font_paths=_fonts(),
            sys_inputs={"data": written},
            package_path=_NOWHERE,
            package_cache_path=_NOWHERE,
        )
        try:
            pages = compiler.compile(format="pdf", pdf_standards="ua-1", timestamp=int(made_at.timestamp()))
        except typst.TypstError as error:
            if not (holes := _NOT_DRAWN.findall(error.diagnostic)):
                raise Faulty(error.diagnostic) from None
            for hole in holes:
                written = written.replace(_ESCAPED.sub(_sign, hole), UNREADABLE)
        else:
            assert isinstance(pages, bytes)
            return pages
    raise Faulty("signs that no font can draw")


@cache
def _fonts() -> typst.Fonts:
    return typst.Fonts(include_system_fonts=False)  # the same page on every machine


def _drawable(value: object) -> object:
    match value:
        case str():
            return "".join(UNREADABLE if _is_no_sign(sign) else sign for sign in value)
        case Mapping():
            return {name: _drawable(part) for name, part in value.items()}
        case list() | tuple():
            return [_drawable(part) for part in value]
    return value


def _is_no_sign(sign: str) -> bool:
    return unicodedata.category(sign) in {"Cc", "Cs", "Co", "Cn"} and sign not in "\n\t"


def _sign(escaped: re.Match[str]) -> str:
    return chr(int(escaped[1], 16))
