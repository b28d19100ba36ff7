"""Pictures made into pages: upright, on white paper, with nothing but their pixels."""

import io
import struct
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from PIL import Image

from escale.gateways.confined.entrance import Unreadable

LONGEST_SIDE = 1700
_QUALITY = 80
_FORMATS = {
    "image/jpeg": "JPEG", "image/png": "PNG", "image/heic": "HEIF", "image/webp": "WEBP", "image/tiff": "TIFF",
}  # fmt: skip
_OF_PAGES = {"image/heic", "image/tiff"}  # elsewhere, what follows the first picture is its movement or its depth
_SHOWN_BY_BROWSERS = {"image/jpeg", "image/png"}
_ORIENTATION, _GPS = 0x0112, 0x8825
_UPRIGHT = {
    2: Image.Transpose.FLIP_LEFT_RIGHT, 3: Image.Transpose.ROTATE_180, 4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE, 6: Image.Transpose.ROTATE_270, 7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}  # fmt: skip
# what decoders raise over a file that is not what it says
_DAMAGE = (OSError, SyntaxError, ValueError, TypeError, KeyError, IndexError, EOFError, OverflowError, struct.error)


def inspect(content: bytes, kind: str, folder: Path, limits: dict[str, int]) -> dict[str, Any]:
    """Draw every page of a picture, and tell what was left out or changed."""
    changed = [] if kind in _SHOWN_BY_BROWSERS else ["converted"]
    sizes, turned, has_gps = [], False, b"GPSLatitude" in content
    for number, (image, orientation, told) in enumerate(upright(content, kind, limits), start=1):
        turned, has_gps = turned or orientation in _UPRIGHT, has_gps or told
        with _damage_refused():
            sizes.append(save(image, folder, number))
    return {
        "pages": sizes,
        "removed": ["gps"] if has_gps else [],
        "changed": changed + (["upright"] if turned else []),
        "parts": 0,
    }


def upright(
    content: bytes, kind: str, limits: dict[str, int], longest: int = LONGEST_SIDE
) -> Iterator[tuple[Any, Any, bool]]:
    """Yield each page upright, no larger than that, with the orientation it had and whether it tells a place."""
    if kind == "image/heic":
        import pillow_heif

        pillow_heif.register_heif_opener(thumbnails=False, decode_threads=1)
        content = content[:8] + b"heic" + content[12:]  # some phones have brands that Pillow does not know
    Image.MAX_IMAGE_PIXELS = limits["pixels"] // 2  # Pillow refuses at twice this figure
    with _damage_refused():
        image: Any = Image.open(io.BytesIO(content), formats=[_FORMATS[kind]])
        frames = _pages_of(image, limits["pages"]) if kind in _OF_PAGES else iter([image])
        for frame in frames:
            orientation, told = _exif(frame)
            yield _upright(_loaded(frame, limits["pixels"], longest), orientation), orientation, told


@contextmanager
def _damage_refused() -> Iterator[None]:
    try:
        yield
    except Image.DecompressionBombError as error:
        raise Unreadable("too_many_pixels") from error
    except _DAMAGE as error:
        raise Unreadable("broken") from error


def save(image: Any, folder: Path, number: int) -> tuple[int, int]:
    """Write the pixels alone, on white paper, as the page of this number."""
    if image.has_transparency_data:
        layer = image.convert("RGBA")
        image = Image.new("RGB", layer.size, "white")
        image.paste(layer, mask=layer.getchannel("A"))
    elif image.mode != "L":
        image = image.convert("RGB")
    image.info.clear()
    image.save(folder / f"page-{number:03d}.jpg", "JPEG", quality=_QUALITY, optimize=True)
    return image.size


def _pages_of(image: Any, most: int) -> Any:
    """Go through the pages one by one: counting them first would follow a chain without end."""
    for number in range(most + 1):
        try:
            image.seek(number)
        except EOFError:
            return
        if number == most:
            raise Unreadable("too_many_pages")
        yield image


def _exif(image: Any) -> tuple[int, bool]:
    """Return the orientation, 1 when it is not told, and whether the place is; spoilt metadata tell nothing."""
    try:
        exif = image.getexif()
        return exif.get(_ORIENTATION, 1), _GPS in exif or "GPSLatitude" in str(image.info.get("xmp"))
    except (*_DAMAGE, RuntimeError):
        return 1, False


def _upright(image: Any, orientation: Any) -> Any:
    turn = _UPRIGHT.get(orientation) if isinstance(orientation, int) else None
    return image if turn is None else image.transpose(turn)


def _loaded(image: Any, most_pixels: int, longest: int) -> Any:
    """Decode a page at the size at which it will be shown."""
    if image.width * image.height > most_pixels:
        raise Unreadable("too_many_pixels")
    image.draft(None, (longest, longest))
    image.load()
    page = image.copy() if image.format == "TIFF" else image  # the next page will be read in its place
    if page.mode.startswith("I"):
        native = page.convert("I") if page.mode == "I;16B" else page  # the bytes of old Macintoshes
        page = native.point(lambda level: level / 256).convert("L")
    elif page.mode == "F":
        low, high = page.getextrema()
        page = page.point(lambda level: (level - low) * 255 / ((high - low) or 1)).convert("L")
    elif page.mode in {"1", "P"}:  # else enlarged and reduced without any smoothing
        page = page.convert("L" if page.mode == "1" else "RGBA")
    page.thumbnail((longest, longest), Image.Resampling.LANCZOS)
    return page
