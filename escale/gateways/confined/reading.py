"""The words of a paper: those that a PDF tells by itself, else those that are seen on the picture of each page."""

import json
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pypdfium2

from escale.gateways.confined import pictures, seeing, text_layer
from escale.gateways.confined.entrance import Unreadable

ANSWER = "words.json"
_DOTS_A_POINT = 300 / 72
_LEAST_SECONDS_A_PAGE = 2


def read(content: bytes, kind: str, folder: Path, limits: dict[str, int], asked: dict[str, Any]) -> dict[str, Any]:
    """Write in `words.json` the words of each page, as long as there is time; tell how many pages were left."""
    until = time.monotonic() + asked["seconds"]
    eyes: seeing.Eyes | None = None
    pages: list[dict[str, Any]] = []
    left = 0
    for words, picture in _pages(content, kind, limits, asked):
        if words is None and until - time.monotonic() < _LEAST_SECONDS_A_PAGE:
            left += 1
            continue
        if words is None:
            eyes = eyes or seeing.Eyes(asked)
            words = eyes.read(picture(), until)
        pages.append(words)
    (folder / ANSWER).write_text(json.dumps(pages))
    return {"left": left}


def _pages(content: bytes, kind: str, limits: dict[str, int], asked: dict[str, Any]) -> Iterator[tuple[Any, Any]]:
    """Yield for each page its own words, if it has any, and how to draw it."""
    if kind != "application/pdf":
        for image, _orientation, _told in pictures.upright(content, kind, limits, seeing.LONGEST_SIDE):
            yield None, lambda image=image: image
        return
    try:
        document = pypdfium2.PdfDocument(content)
    except pypdfium2.PdfiumError:
        document = _mended(content)
    with suppress(pypdfium2.PdfiumError):
        document.init_forms()
    if len(document) > limits["pages"]:
        raise Unreadable("too_many_pages")
    if not len(document):
        raise Unreadable("broken")
    for number in range(len(document)):
        try:
            page = document[number]
            words = None if asked["again"] else text_layer.words(page)
            yield words, lambda page=page: _drawn(page)
            page.close()
        except pypdfium2.PdfiumError:
            continue


def _drawn(page: Any) -> Any:
    scale = min(seeing.LONGEST_SIDE / max(*page.get_size(), 1), _DOTS_A_POINT)
    return page.render(scale=scale).to_pil()


def _mended(content: bytes) -> Any:
    import io

    import pikepdf

    from escale.gateways.confined.pdfs import opened

    try:
        with opened(content) as pdf:
            mended = io.BytesIO()
            pdf.save(mended)
        return pypdfium2.PdfDocument(mended.getvalue())
    except (pypdfium2.PdfiumError, pikepdf.PdfError, RuntimeError) as error:
        raise Unreadable("broken") from error
