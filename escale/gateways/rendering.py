"""Page images of a document, upright and without metadata, drawn in a process that can do no harm.

A file made by a stranger is opened by this module's own process only, with little memory, little time, no
environment and no way to the rest of the house but the images it leaves.
"""

import json
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

MOST_PAGES = 50
LONGEST_SIDE = 1700
_QUALITY = 80
_HIGHEST_SCALE = 4  # of 72 dots an inch: a till receipt need not be drawn larger
_MOST_PIXELS = 100_000_000
_MEMORY = 768 * 1024 * 1024
_CPU_SECONDS = 30
_WALL_SECONDS = 60
_MOST_BYTES = 64 * 1024 * 1024  # of a file written
_FORMATS = {"image/jpeg": "JPEG", "image/png": "PNG", "image/heic": "HEIF"}
_SENTENCES = {
    "locked": "Ce PDF est protégé par un mot de passe. Envoyez-en une copie sans protection.",
    "too_many_pages": f"Ce document compte plus de {MOST_PAGES} pages. Envoyez-le en plusieurs fichiers.",
    "broken": "Ce fichier est abîmé et ne peut pas être lu. Numérisez-le ou photographiez-le à nouveau.",
    "too_complex": "Ce fichier est trop lourd à afficher. Envoyez-le dans une définition moindre ou photographiez-le.",
}


class Unreadable(Exception):
    """The document cannot be drawn: `code` for programs, `str()` a French sentence that says what to do."""

    def __init__(self, code: str) -> None:
        super().__init__(_SENTENCES[code])
        self.code = code


@dataclass(frozen=True, slots=True)
class Page:
    """A JPEG file and its size in pixels."""

    path: Path
    width: int
    height: int


def pages(source: BinaryIO, kind: str, folder: Path) -> list[Page]:
    """Draw every page of a document as `page-001.jpg`… in an existing folder; raises Unreadable, leaving nothing.

    `kind` is the media type that `file_kinds.examine` found. Takes up to a minute: never in a web request.
    """
    try:
        sizes = _drawn(source, kind, folder)
        return [Page(_path(folder, number), *size) for number, size in enumerate(sizes, 1)]
    except Unreadable:
        for number in range(1, MOST_PAGES + 1):
            _path(folder, number).unlink(missing_ok=True)
        raise


def _drawn(source: BinaryIO, kind: str, folder: Path) -> list[tuple[int, int]]:
    command = [sys.executable, "-I", __file__, kind, str(folder)]
    try:
        # one arena: each thread of a decoder would otherwise reserve 64 MB of the memory allowed
        process = subprocess.run(  # noqa: S603 (our own file, no shell)
            command, input=source.read(), capture_output=True, timeout=_WALL_SECONDS, env={"MALLOC_ARENA_MAX": "1"}
        )
    except subprocess.TimeoutExpired as error:
        raise Unreadable("too_complex") from error
    if process.returncode:  # negative: killed by one of its own limits, or by the decoder's fault
        cause = ChildProcessError(process.returncode, process.stderr[-500:].decode(errors="replace"))
        raise Unreadable("too_complex" if process.returncode < 0 else "broken") from cause
    try:
        answer = json.loads(process.stdout)
        if isinstance(answer, str):
            raise Unreadable(answer)
        return [(int(width), int(height)) for width, height in answer]
    except (KeyError, TypeError, ValueError) as error:  # the file took the process over: believe nothing it says
        raise Unreadable("broken") from error


def _path(folder: Path, number: int) -> Path:
    return folder / f"page-{number:03d}.jpg"


def _main(kind: str, folder: Path) -> None:
    """Draw what comes on the standard input; print the sizes of the pages, or the code of a refusal."""
    _confine()
    content = sys.stdin.buffer.read()
    try:
        answer: Any = _draw_pdf(content, folder) if kind == "application/pdf" else _draw_image(content, kind, folder)
    except Unreadable as error:
        answer = error.code
    except MemoryError:
        answer = "too_complex"
    sys.stdout.write(json.dumps(answer))


def _confine() -> None:
    import resource

    for limit, value in (
        (resource.RLIMIT_AS, _MEMORY),
        (resource.RLIMIT_CPU, _CPU_SECONDS),
        (resource.RLIMIT_FSIZE, _MOST_BYTES),
        (resource.RLIMIT_NOFILE, 32),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(limit, (value, value))


def _draw_pdf(content: bytes, folder: Path) -> list[tuple[int, int]]:
    import pypdfium2

    try:
        document = pypdfium2.PdfDocument(content)
        document.init_forms()
    except pypdfium2.PdfiumError as error:
        raise Unreadable("locked" if "assword" in str(error) else "broken") from error
    if len(document) > MOST_PAGES:
        raise Unreadable("too_many_pages")
    sizes = []
    for number in range(len(document)):
        try:
            page = document[number]
            scale = min((LONGEST_SIDE - 1) / max(*page.get_size(), 1), _HIGHEST_SCALE)  # sizes are rounded up
            image = page.render(scale=scale).to_pil()
        except pypdfium2.PdfiumError as error:
            raise Unreadable("broken") from error
        sizes.append(_save(image, _path(folder, number + 1)))
        page.close()
    return sizes


def _draw_image(content: bytes, kind: str, folder: Path) -> list[tuple[int, int]]:
    import io

    import pillow_heif
    from PIL import Image, ImageOps

    pillow_heif.register_heif_opener(thumbnails=False, decode_threads=1)
    Image.MAX_IMAGE_PIXELS = _MOST_PIXELS // 2  # Pillow refuses at twice this figure
    try:
        image: Any = Image.open(io.BytesIO(content), formats=[_FORMATS[kind]])
        image.draft(None, (LONGEST_SIDE, LONGEST_SIDE))
        image.load()
    except Image.DecompressionBombError as error:
        raise Unreadable("too_complex") from error
    except (OSError, SyntaxError, ValueError) as error:
        raise Unreadable("broken") from error
    if image.mode.startswith("I"):
        image = image.point(lambda level: level / 256).convert("L")
    elif image.mode in {"1", "P"}:  # else enlarged and reduced without any smoothing
        image = image.convert("L" if image.mode == "1" else "RGBA")
    image.thumbnail((LONGEST_SIDE, LONGEST_SIDE), Image.Resampling.LANCZOS)
    return [_save(ImageOps.exif_transpose(image), _path(folder, 1))]


def _save(image: Any, path: Path) -> tuple[int, int]:
    """Write the pixels alone, on white paper."""
    from PIL import Image

    if image.has_transparency_data:
        layer = image.convert("RGBA")
        image = Image.new("RGB", layer.size, "white")
        image.paste(layer, mask=layer.getchannel("A"))
    elif image.mode != "L":
        image = image.convert("RGB")
    image.info.clear()
    image.save(path, "JPEG", quality=_QUALITY, optimize=True)
    return image.size


if __name__ == "__main__":
    _main(sys.argv[1], Path(sys.argv[2]))
