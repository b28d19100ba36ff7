"""PDF files drawn, unlocked, and unpacked for the scanner."""

import io
import unicodedata
from contextlib import suppress
from pathlib import Path
from typing import Any

import pikepdf
import pypdfium2

from escale.gateways.confined import active, pictures
from escale.gateways.confined.entrance import Unreadable

_HIGHEST_SCALE = 4  # of 72 dots an inch: a till receipt need not be drawn larger
_DEEPEST = 4  # PDF within PDF
_MOST_PARTS = 100
_NO_ROOM = "bad_alloc"
_UNPACKED = {
    "compress_streams": False,
    "stream_decode_level": pikepdf.StreamDecodeLevel.generalized,
    "object_stream_mode": pikepdf.ObjectStreamMode.disable,
    "fix_metadata_version": False,  # else metadata that are not XMP are thrown away unseen
}


def inspect(content: bytes, folder: Path, limits: dict[str, int]) -> dict[str, Any]:
    """Draw every page; tell what is active; unpack the file and those inside it as `part-001`… for the scanner."""
    parts = Parts(folder, limits["unpacked"])
    with opened(content) as pdf:
        changed = ["decrypted"] if pdf.is_encrypted else []
        removed, damaged = unpack(pdf, parts)
    sizes, mended = _draw(content, folder, limits["pages"])
    return {
        "pages": sizes,
        "removed": sorted(removed),
        "changed": changed + (["repaired"] if damaged or mended else []),
        "parts": parts.count,
    }


def unlock(content: bytes, password: str, folder: Path) -> dict[str, Any]:
    """Write a copy that opens without a password as `unlocked.pdf`."""
    with opened(content, password) as pdf:
        try:
            pdf.save(folder / "unlocked.pdf", fix_metadata_version=False)
        except (pikepdf.PdfError, RuntimeError, ValueError) as error:
            raise Unreadable(_code(error)) from error
    return {}


def opened(content: bytes, password: str = "") -> pikepdf.Pdf:
    """Open a PDF with one of its passwords, or with none if it asks for none.

    An empty owner's password opens the file in some readers only: the others ask for the one that its author chose.
    """
    for spelling in _spellings(password):
        try:
            pdf = pikepdf.open(io.BytesIO(content), password=spelling)
        except pikepdf.PasswordError:
            continue
        except (pikepdf.PdfError, RuntimeError, ValueError) as error:
            raise Unreadable(_code(error)) from error
        if spelling or not pdf.is_encrypted or pdf.user_password_matched:
            return pdf
        pdf.close()
    raise Unreadable("wrong_password" if password else "locked")


def _spellings(password: str) -> list[bytes]:
    """Return the bytes that a password may stand for, then none: a keyboard composes, a maker of PDF has its alphabet.

    UTF-8 since revision 5 (ISO 32000-2, 7.6.4.3.3, with SASLprep), PDFDocEncoding before; old makers on Windows and
    Macintosh used their own.
    """
    forms = dict.fromkeys([password, *(unicodedata.normalize(form, password) for form in ("NFC", "NFKC", "NFD"))])
    spelt = []
    for alphabet in ("utf-8", "pdfdoc", "cp1252", "mac_roman"):
        for form in forms:
            with suppress(UnicodeError):  # no such letter there
                spelt.append(form.encode(alphabet))
    return [*dict.fromkeys(filter(None, spelt)), b""]


def _code(error: Exception) -> str:
    return "protected" if "encrypt" in str(error) else "broken"


class Parts:
    """The files written for the scanner, up to so many bytes in all."""

    def __init__(self, folder: Path, most: int) -> None:
        self._folder, self._left, self.count = folder, most, 0

    def write(self, content: bytes) -> None:
        """Write one part; a file that unpacks into too much is refused."""
        self.count += 1
        self._left -= len(content)
        if self._left < 0 or self.count > _MOST_PARTS:
            raise Unreadable("too_complex")
        (self._folder / f"part-{self.count:03d}").write_bytes(content)


def unpack(pdf: pikepdf.Pdf, parts: Parts, depth: int = 1) -> tuple[set[str], bool]:
    """Write a PDF without compression, then each file inside it, and so on.

    Return what is active in the first, and whether it is damaged.

    Scanners do not find their way in every PDF (a hexadecimal string before /Filter is enough to lose them). The
    files inside, written apart, and the pixels of large pictures are left out of the first copy.
    """
    if depth > _DEEPEST:
        raise Unreadable("too_complex")
    try:
        found = active.look_through(pdf)
        inside = [_bytes(stream) for stream in found.attachments.values()]
        for stream in (*found.attachments.values(), *found.pictures):
            stream.write(b"")
        pdf.Root.Everything = _everything(pdf)  # else what nothing leads to is not written
        copy = io.BytesIO()
        pdf.save(copy, **_UNPACKED)
    except (pikepdf.PdfError, RuntimeError, ValueError, TypeError) as error:
        raise Unreadable("broken") from error
    warnings = pdf.get_warnings()  # told once only
    if any(_NO_ROOM in str(warning) for warning in warnings):  # qpdf left it as it was, and goes on
        raise Unreadable("too_complex")
    parts.write(copy.getvalue())
    for content in inside:
        parts.write(content)
        if b"%PDF-" in content[:1024]:
            _unpack_inner(content, parts, depth + 1)
    return found.active, bool(warnings)


def _everything(pdf: pikepdf.Pdf) -> pikepdf.Array:
    """Return all objects but the lock: the scanner would take the open copy for a locked one."""
    lock = pdf.trailer.get("/Encrypt")
    number = lock.objgen if lock is not None and lock.is_indirect else None
    return pikepdf.Array([
        thing for thing in pdf.objects if isinstance(thing, pikepdf.Object) and thing.objgen != number
    ])  # fmt: skip


def _unpack_inner(content: bytes, parts: Parts, depth: int) -> None:
    try:
        with opened(content) as pdf:
            unpack(pdf, parts, depth)
    except Unreadable as error:  # nobody will be shown it; locked or broken, the scanner has its bytes
        if str(error) == "too_complex":
            raise


def _bytes(stream: Any) -> bytes:
    try:
        return stream.read_bytes()
    except pikepdf.PdfError as error:
        if _NO_ROOM in str(error):
            raise Unreadable("too_complex") from error
        return stream.read_raw_bytes()


def _draw(content: bytes, folder: Path, most: int) -> tuple[list[tuple[int, int]], bool]:
    """Draw the file as it is or, where that fails, as qpdf mends it; tell which."""
    try:
        return _drawn(content, folder, most), False
    except pypdfium2.PdfiumError:
        pass
    try:
        with opened(content) as pdf:
            mended = io.BytesIO()
            pdf.save(mended)
        return _drawn(mended.getvalue(), folder, most), True
    except (pypdfium2.PdfiumError, pikepdf.PdfError, RuntimeError) as error:
        raise Unreadable("broken") from error


def _drawn(content: bytes, folder: Path, most: int) -> list[tuple[int, int]]:
    document = pypdfium2.PdfDocument(content)
    document.init_forms()
    if len(document) > most:
        raise Unreadable("too_many_pages")
    sizes = []
    for number in range(len(document)):
        page = document[number]
        scale = min((pictures.LONGEST_SIDE - 1) / max(*page.get_size(), 1), _HIGHEST_SCALE)  # sizes are rounded up
        sizes.append(pictures.save(page.render(scale=scale).to_pil(), folder, number + 1))
        page.close()
    if not sizes:
        raise pypdfium2.PdfiumError("no page")
    return sizes
