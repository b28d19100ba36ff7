"""What a PDF can do besides being looked at, found wherever it is hidden."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pikepdf

_MANY_PIXELS = 1_000_000  # bytes; larger pictures are not worth unpacking for the scanner
_HARMLESS_STARTS = {"/GoTo", "/Named"}
_ACTIONS = {
    "/JavaScript": "javascript", "/Launch": "launch", "/SubmitForm": "submit_form", "/ImportData": "import_data",
    "/GoToR": "external_file", "/GoToE": "external_file", "/Rendition": "rich_media", "/Movie": "rich_media",
    "/Sound": "rich_media", "/RichMediaExecute": "rich_media",
}  # fmt: skip
_KEYS = {
    "/JS": "javascript", "/JavaScript": "javascript", "/XFA": "xfa", "/EF": "embedded_files",
    "/EmbeddedFiles": "embedded_files", "/Collection": "embedded_files",
}  # fmt: skip
_SUBTYPES = {
    "/FileAttachment": "embedded_files", "/RichMedia": "rich_media", "/Movie": "rich_media", "/Screen": "rich_media",
    "/Sound": "rich_media", "/3D": "rich_media",
}  # fmt: skip
_SAMPLES = {"/DeviceGray": 1, "/CalGray": 1, "/Indexed": 1, "/Separation": 1}


@dataclass(slots=True)
class Found:
    """The names of what is active, the files inside the file, and the pictures too large to unpack."""

    active: set[str] = field(default_factory=set)
    attachments: dict[tuple[int, int], Any] = field(default_factory=dict)
    pictures: list[Any] = field(default_factory=list)


def look_through(pdf: pikepdf.Pdf) -> Found:
    """Look at every object of the file, even those that no page leads to, and at all that lies directly in them."""
    found = Found()
    for thing in (pdf.trailer, *pdf.objects):
        if isinstance(thing, pikepdf.Stream):
            _note_stream(thing, found)
        for mapping in _mappings(thing):
            _note(mapping, found)
    return found


def _mappings(thing: Any) -> Iterator[Any]:
    """Go through the dictionaries in an object, without following its references: those are objects of their own."""
    pending = [thing]
    while pending:
        current = pending.pop()
        if isinstance(current, pikepdf.Array):
            inside = list(current)
        elif isinstance(current, (pikepdf.Dictionary, pikepdf.Stream)):
            yield current
            inside = [value for _, value in current.items()]
        else:
            continue
        pending += [
            value
            for value in inside
            if isinstance(value, (pikepdf.Dictionary, pikepdf.Array)) and not value.is_indirect
        ]


def _note(mapping: Any, found: Found) -> None:
    keys = set(mapping.keys())
    found.active |= {_KEYS[key] for key in keys & _KEYS.keys()}
    if "/S" in keys and (what := _ACTIONS.get(_name(mapping["/S"]))):
        found.active.add(what)
    if "/Subtype" in keys and (what := _SUBTYPES.get(_name(mapping["/Subtype"]))):
        found.active.add(what)
    if "/OpenAction" in keys and _acts(mapping["/OpenAction"]):
        found.active.add("open_action")
    if "/AA" in keys and isinstance(mapping["/AA"], pikepdf.Dictionary) and len(mapping["/AA"]):
        found.active.add("additional_actions")
    if "/EF" in keys and isinstance(mapping["/EF"], pikepdf.Dictionary):
        for _, stream in mapping["/EF"].items():
            if isinstance(stream, pikepdf.Stream):
                found.attachments[stream.objgen] = stream


def _note_stream(stream: Any, found: Found) -> None:
    if _name(stream.get("/Type")) == "/EmbeddedFile":
        found.active.add("embedded_files")
        found.attachments[stream.objgen] = stream
    elif "/F" in stream:  # its bytes are said to lie in another file
        found.active.add("external_file")
    elif _name(stream.get("/Subtype")) == "/Image" and _bytes_of_pixels(stream) > _MANY_PIXELS:
        found.pictures.append(stream)


def _bytes_of_pixels(image: Any) -> int:
    try:
        bits = int(image.get("/BitsPerComponent", 1)) * _SAMPLES.get(_colour_space(image), 3)
        return int(image["/Width"]) * int(image["/Height"]) * bits // 8
    except (KeyError, TypeError, ValueError, ArithmeticError):
        return 0


def _colour_space(image: Any) -> str:
    space = image.get("/ColorSpace")
    return _name(space[0]) if isinstance(space, pikepdf.Array) and len(space) else _name(space)


def _acts(opening: Any) -> bool:
    return isinstance(opening, pikepdf.Dictionary) and _name(opening.get("/S")) not in _HARMLESS_STARTS


def _name(value: Any) -> str:
    return str(value) if isinstance(value, pikepdf.Name) else ""
