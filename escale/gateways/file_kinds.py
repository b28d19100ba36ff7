"""Which files people may send: told by their first and last bytes, their name and their declared type."""

import os
import re
import unicodedata
from dataclasses import dataclass
from typing import BinaryIO

from escale.gateways import file_headers

_HEAD = 64 * 1024
_INSTEAD = "Enregistrez le document en PDF ou photographiez-le, puis envoyez ce nouveau fichier."
_FORMATS = "Seuls les fichiers PDF, JPEG, PNG, HEIC, WebP et TIFF sont acceptés."
_LEAST = 16  # bytes: no file is that short, a text that was meant is hardly
_LONGEST_NAME = 120
_LONGEST_EXTENSION = 10
_NEUTRAL_TYPES = {"", "application/octet-stream", "binary/octet-stream", "application/unknown", "image/*", "*/*"}
# Unicode categories; joiners shape letters in several scripts; every other invisible character may disguise a name
_BREAKS, _INVISIBLE = {"Cc", "Zl", "Zp"}, {"Cf", "Cs"}
_JOINERS = "\N{ZERO WIDTH NON-JOINER}\N{ZERO WIDTH JOINER}"


class Refused(Exception):
    """The file cannot be taken: `code` for programs, `str()` a French sentence that says what to do."""

    def __init__(self, code: str, sentence: str) -> None:
        super().__init__(sentence)
        self.code = code


@dataclass(frozen=True, slots=True)
class Limits:
    """The most that one file may hold: bytes, pages, pixels of a picture, and bytes once it is unpacked."""

    size: int = 10 * 1024 * 1024
    pages: int = 50
    pixels: int = 100_000_000
    unpacked: int = 50 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Kind:
    """A media type and the extension, with its dot, under which we name such a file."""

    type: str
    extension: str


@dataclass(frozen=True, slots=True)
class _Accepted:
    kind: Kind
    label: str
    extensions: frozenset[str]
    types: frozenset[str]


def _accepted(type_: str, label: str, extensions: str, *other_types: str) -> _Accepted:
    names = extensions.split()
    return _Accepted(Kind(type_, names[0]), label, frozenset(names), frozenset({type_, *other_types}))


_PDF = _accepted("application/pdf", "un PDF", ".pdf", "application/x-pdf")
_JPEG = _accepted("image/jpeg", "une image JPEG", ".jpg .jpeg .jpe .jfif", "image/jpg", "image/pjpeg")
_PNG = _accepted("image/png", "une image PNG", ".png", "image/x-png")
_HEIC = _accepted(
    "image/heic", "une image HEIC", ".heic .heif .hif",
    "image/heif", "image/heic-sequence", "image/heif-sequence",
)  # fmt: skip
_WEBP = _accepted("image/webp", "une image WebP", ".webp")
_TIFF = _accepted("image/tiff", "une image TIFF", ".tif .tiff", "image/x-tiff", "image/tif")
_PICTURES = (_JPEG, _PNG, _HEIC, _WEBP, _TIFF)
_ALL = (_PDF, *_PICTURES)
_PIXELS = {
    "image/jpeg": file_headers.jpeg_pixels,
    "image/png": file_headers.png_pixels,
    "image/heic": file_headers.heic_pixels,
    "image/webp": file_headers.webp_pixels,
    "image/tiff": file_headers.tiff_pixels,
}
# what has no mark at its end cannot have anything after it that we could tell
_AFTER = {
    "application/pdf": file_headers.after_pdf,
    "image/jpeg": file_headers.after_jpeg,
    "image/png": file_headers.after_png,
    "image/webp": file_headers.after_webp,
}
_PAGES_OF_THE_WEB = b"<"  # servers in trouble append one to the PDF they send, and it is not drawn

# label, then the starts of such files; the first that matches names what we were given
_REFUSED = (
    ("un programme", rb"MZ|\x7fELF|\xca\xfe\xba\xbe|\xfe\xed\xfa|[\xce\xcf]\xfa\xed\xfe|#!|\x00asm"),
    ("un document Office ou une archive ZIP", rb"PK(\x03\x04|\x05\x06|\x07\x08)"),
    ("un document Office", rb"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1|\{\\rtf"),
    ("une archive", rb"Rar!|7z\xbc\xaf\x27\x1c|\x1f\x8b|BZh|\xfd7zXZ|!<arch>|xar!|MSCF|\x60\xea"),
    ("une image SVG", rb"(?is)[\xef\xbb\xbf\s]*<(.{0,1000}<)?svg\b"),
    ("une page web ou un fichier XML", rb"[\xef\xbb\xbf\s]*<"),
    ("une image GIF", rb"GIF8"),
    ("une image BMP", rb"(?s)BM....\x00\x00\x00\x00"),
    ("une vidéo ou une image d’un autre format", rb"(?s)....ftyp|RIFF|\x1aE\xdf\xa3|FLV|OggS"),
)
_BINARY = re.compile(rb"[\0-\x08\x0e-\x1a]")
_PIECE_OF_PDF = re.compile(rb"%PDF|\d obj\b|\btrailer\b|startxref")
_REFUSED_STARTS = [(label, re.compile(pattern)) for label, pattern in _REFUSED]


def examine(stream: BinaryIO, *, name: str, declared_type: str, limits: Limits) -> Kind:
    """Return what a file is, and leave the stream at its start; raises Refused.

    Cheap enough for a web request: it reads the head, the tail and the headers, and decodes nothing. What the name or
    the declared type say against the content refuses the file; what they do not say is not held against it. Phones
    name pictures after one another's formats: a picture is taken for the picture that it is.
    """
    size = stream.seek(0, os.SEEK_END)
    if size > limits.size:
        raise Refused(
            "too_big",
            f"Ce fichier pèse {_megabytes(size)} ; la limite est de "
            f"{_megabytes(limits.size)}. Envoyez-le en plusieurs fichiers ou numérisez-le avec une qualité moindre.",
        )
    stream.seek(0)
    head = stream.read(_HEAD)
    if not head.strip(b"\0\t\n\r "):
        raise Refused("empty", "Ce fichier est vide. Vérifiez-le sur votre appareil, puis envoyez-le à nouveau.")
    _examine_bmp(head, size, limits)
    extension, declared = _extension(name), declared_type.partition(";")[0].strip().lower()
    found = _content(head, extension, declared)
    _agree(found, extension, declared)
    if found is _PDF:
        _examine_pdf(stream, size)
    else:
        _examine_image(stream, size, found, limits)
    _examine_tail(stream, size, found)
    stream.seek(0)
    return found.kind


def clean_name(name: str) -> str:
    """Return a name fit to be shown: one line, no path, nothing invisible, 120 characters, its extension kept."""
    last = re.split(r"[/\\]", unicodedata.normalize("NFC", name))[-1]
    spaced = "".join(" " if unicodedata.category(c) in _BREAKS else c for c in last)
    visible = "".join(c for c in spaced if c in _JOINERS or unicodedata.category(c) not in _INVISIBLE)
    stem, dot, extension = " ".join(visible.split()).rstrip(" .").rpartition(".")
    if not dot or not extension or len(extension) > _LONGEST_EXTENSION:
        stem, extension = f"{stem}{dot}{extension}", ""
    ending = f".{extension}" if extension else ""
    return (stem.strip(" .")[: _LONGEST_NAME - len(ending)].rstrip() or "document") + ending


def _extension(name: str) -> str:
    """Return the extension in lower case with its dot; empty where a dot only ends a word, or stands in a date."""
    extension = os.path.splitext(clean_name(name))[1].lower()
    ends_a_word = " " in extension or extension[1:].isdigit() or len(extension) > _LONGEST_EXTENSION + 1
    return "" if ends_a_word else extension


def _content(head: bytes, extension: str, declared: str) -> _Accepted:
    if head.startswith(b"\xff\xd8"):
        return _JPEG
    if head.startswith(file_headers.PNG):
        return _PNG
    if head.startswith(b"RIFF") and head[8:12] == b"WEBP":
        return _WEBP
    if head.startswith(file_headers.TIFF):
        return _TIFF
    if file_headers.is_heic(head):
        return _HEIC
    is_what = next((f"est {label}" for label, start in _REFUSED_STARTS if start.match(head)), "")
    if not is_what and b"%PDF-" in head[:1024]:
        return _PDF
    promised = next((kind for kind in _ALL if extension in kind.extensions or declared in kind.types), None)
    is_piece = len(head) < _LEAST or _BINARY.search(head) or promised is _PDF and _PIECE_OF_PDF.search(head)
    if promised and not is_what and is_piece:
        raise Refused(
            "broken",
            f"Ce fichier devrait être {promised.label}, mais son contenu est abîmé. "
            "Téléchargez-le, numérisez-le ou photographiez-le à nouveau.",
        )
    if promised:
        raise Refused(
            "mismatch",
            f"Ce fichier est annoncé comme {promised.label}, mais son contenu {is_what or 'n’est pas reconnu'}. "
            f"{_FORMATS} {_INSTEAD}",
        )
    raise Refused("type", f"Le contenu de ce fichier {is_what or 'n’est pas reconnu'}. {_FORMATS} {_INSTEAD}")


def _agree(found: _Accepted, extension: str, declared: str) -> None:
    alike = _PICTURES if found in _PICTURES else (found,)
    if extension and not any(extension in kind.extensions for kind in alike):
        raise Refused(
            "extension",
            f"Le contenu de ce fichier est {found.label}, mais son nom finit par « {extension} ». "
            f"Renommez-le pour qu’il finisse par « {found.kind.extension} ».",
        )
    if declared not in _NEUTRAL_TYPES and not any(declared in kind.types for kind in alike):
        wrong = next((other.label for other in _ALL if declared in other.types), "un autre type de fichier")
        raise Refused(
            "declared_type",
            f"Le contenu de ce fichier est {found.label}, mais votre appareil l’annonce comme {wrong}. {_INSTEAD}",
        )


def _examine_pdf(stream: BinaryIO, size: int) -> None:
    if not file_headers.pdf_is_whole(stream, size):
        raise Refused("truncated", "Ce PDF est incomplet : sa fin manque. Téléchargez-le ou numérisez-le à nouveau.")


def _examine_image(stream: BinaryIO, size: int, found: _Accepted, limits: Limits) -> None:
    _examine_pixels(_PIXELS[found.kind.type](stream, size), limits)


def _examine_bmp(head: bytes, size: int, limits: Limits) -> None:
    """Tell first that a BMP is damaged: nobody could convert it, which is what its sender is asked next."""
    if file_headers.is_bmp(head):
        pixels, is_whole = file_headers.bmp_pixels(head, size)
        _examine_pixels(pixels if is_whole or pixels > limits.pixels else 0, limits)


def _examine_pixels(pixels: int, limits: Limits) -> None:
    if not pixels:
        raise Refused("truncated", "Cette image est incomplète ou abîmée. Reprenez la photo, ou envoyez-la à nouveau.")
    if pixels > limits.pixels:
        raise Refused(
            "too_many_pixels",
            f"Cette image est trop grande : {pixels // 1_000_000} millions de pixels, pour une limite de "
            f"{limits.pixels // 1_000_000}. Réduisez-la ou reprenez la photo avec une définition moindre.",
        )


def _examine_tail(stream: BinaryIO, size: int, found: _Accepted) -> None:
    after = _AFTER[found.kind.type](stream, size) if found.kind.type in _AFTER else b""
    other = file_headers.foreign_tail(stream, size, after)
    if other and not (found is _PDF and other.startswith(_PAGES_OF_THE_WEB)):
        raise Refused(
            "polyglot",
            f"Un autre fichier est caché à la suite {'de ce PDF' if found is _PDF else 'de cette image'}. {_INSTEAD}",
        )


def _megabytes(size: int) -> str:
    tenths = -(-size * 10 // (1024 * 1024))  # rounded up: a file over the limit must not seem to be at it
    whole, tenth = divmod(tenths, 10)
    return f"{whole},{tenth} Mo" if tenth else f"{whole} Mo"
