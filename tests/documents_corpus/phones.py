"""What phones really send: pictures with films, depth, gain maps and notes of their maker after or inside them."""

import io
import random
import struct
import zlib

import pillow_heif
from PIL import Image, TiffImagePlugin

from tests.documents_corpus.case import Case
from tests.documents_corpus.pictures import chunk, exif, located, plain, png
from tests.gateways.samples import picture

XMP = b"<x:xmpmeta xmlns:x='adobe:ns:meta/'><rdf:RDF>%s</rdf:RDF></x:xmpmeta>"
PLACE = XMP % b"<exif:GPSLatitude>11,35N</exif:GPSLatitude>"
JPG, PNG, HEIC, WEBP, TIFF = "PXL_0001.MP.jpg", "capture.png", "IMG_0001.HEIC", "recu.webp", "scan.tif"
CONVERTED = "cleaned converted"


def noise(length: int) -> bytes:
    """Bytes that look like those of a film, the same each time."""
    return random.Random(length).randbytes(length)


def box(name: bytes, content: bytes) -> bytes:
    return struct.pack(">I", 8 + len(content)) + name + content


def film(length: int = 200_000) -> bytes:
    """A film whose bytes hold by chance what ends a JPEG, then what begins a programme."""
    return box(b"ftyp", b"mp42\0\0\0\0mp42isom") + box(b"mdat", noise(length) + b"\xff\xd9MZ" + noise(500))


def of_samsung(kind: bytes) -> bytes:
    """The trailer of that maker: its blocks, then their directory."""
    block = b"\0\0" + kind + b"\x10\0\0\0MotionPhoto_Data" + film()
    directory = b"SEFH" + struct.pack("<II", 106, 1) + b"\0\0" + kind + struct.pack("<II", len(block), len(block))
    return block + directory + struct.pack("<I", len(directory)) + b"SEFT"


def with_thumbnail() -> bytes:
    """A picture that holds a smaller one, with its own end, in what is told of it."""
    return segments(picture("JPEG", (90, 60)), b"\xe1", b"Exif\0\0MM\0\x2a\0\0\0\x08\0\0\0\0\0\0" + picture("JPEG"))


def segments(jpeg: bytes, marker: bytes, *contents: bytes) -> bytes:
    added = b"".join(b"\xff" + marker + struct.pack(">H", len(one) + 2) + one for one in contents)
    return jpeg[:2] + added + jpeg[2:]


def gain_map() -> bytes:
    """A picture, and after it the map of its lights, which has a thumbnail of its own."""
    return picture("JPEG", (90, 60), xmp=XMP % b"<hdrgm:Version>1.0</hdrgm:Version>") + with_thumbnail()


def text(keyword: bytes, content: bytes, *, deflated: bool) -> bytes:
    """An iTXt chunk."""
    head = keyword + b"\0" + bytes([deflated]) + b"\0\0\0"
    return chunk(b"iTXt", head + (zlib.compress(content) if deflated else content))


def wide(mode: str) -> bytes:
    """Sixteen bits a colour, which no picture of the library holds: written by hand."""
    colours = {"grey": 0, "colour": 2, "transparent": 6}[mode]
    samples = {0: 1, 2: 3, 6: 4}[colours]
    header = struct.pack(">IIBBBBB", 8, 8, 16, colours, 0, 0, 0)
    lines = zlib.compress((b"\0" + b"\x80\0" * 8 * samples) * 8)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", lines) + chunk(b"IEND", b"")


def heic(mode: str, **options) -> bytes:
    pillow_heif.register_heif_opener()
    buffer = io.BytesIO()
    Image.new(mode, (64, 48)).save(buffer, "HEIF", **options)
    return buffer.getvalue()


def several_sorts() -> bytes:
    """A fax, a page in grey and a photograph in one file, each packed in its own way."""
    buffer = io.BytesIO()
    with TiffImagePlugin.AppendingTiffWriter(buffer) as pages:
        for mode, packed in (("1", "group4"), ("L", "tiff_lzw"), ("RGB", "jpeg"), ("RGB", "tiff_adobe_deflate")):
            Image.new(mode, (64, 48)).save(pages, "TIFF", compression=packed)
            pages.newFrame()
    return buffer.getvalue()


def moving_webp(width: int = 32) -> bytes:
    """The header of a WebP, which may lie about its size."""
    body = b"VP8X\x0a\0\0\0\x02\0\0\0" + (width - 1).to_bytes(3, "little") * 2
    return b"RIFF" + struct.pack("<I", 4 + len(body)) + b"WEBP" + body


CASES = [
    Case("a JPEG and its film", lambda: picture("JPEG") + film(), "accepted", JPG, pages=1),
    Case("a JPEG and its film, from Samsung", lambda: picture("JPEG") + of_samsung(b"\x30\x0a"), "accepted", JPG),
    Case("a JPEG, zeros, and its film", lambda: picture("JPEG") + bytes(70_000) + film(), "accepted", JPG),
    Case("a JPEG and the notes of its maker", lambda: picture("JPEG") + noise(90_000), "accepted", JPG),
    Case("a JPEG and its gain map", gain_map, "accepted", JPG, pages=1),
    Case("a JPEG, its gain map and its film", lambda: gain_map() + film(), "accepted", JPG),
    Case("a JPEG, its gain map and a web page", lambda: gain_map() + b"<html>", "refused polyglot", JPG),
    Case("a JPEG with a thumbnail", with_thumbnail, "accepted", JPG),
    Case("a JPEG with its place, and its film", lambda: located("JPEG") + film(), "cleaned gps", JPG),
    Case("a JPEG with its place in many segments",
         lambda: segments(located("JPEG"), b"\xe1", *[b"http://ns.adobe.com/xmp/extension/\0" + noise(60_000)] * 9),
         "cleaned gps", JPG),
    Case("a JPEG with a profile of colours in pieces",
         lambda: segments(picture("JPEG"), b"\xe2", *[b"ICC_PROFILE\0%c\x02" % n + noise(900) for n in (1, 2)]),
         "accepted", JPG),
    Case("a JPEG filled with 0xFF",
         lambda: picture("JPEG").replace(b"\xff\xdb", b"\xff" * 40 + b"\xdb"), "accepted", JPG),
    Case("a JPEG whose colours begin again",
         lambda: picture("JPEG", (200, 200), restart_marker_rows=1), "accepted", JPG),
    Case("a JPEG of twelve megapixels", lambda: plain("JPEG", "RGB", (4000, 3000)), "accepted", JPG),
    Case("a JPEG of two hundred megapixels",
         lambda: plain("JPEG", "L", (64, 48)).replace(b"\0\x30\0\x40", b"\x2f\xd0\x3f\xc0", 1),
         "refused too_many_pixels", JPG),
    Case("a JPEG with a comment of a programme", lambda: picture("JPEG", comment=b"MZ#!PK\3\4"), "accepted", JPG),
    Case("a PNG of a screen",
         lambda: png(9, 9, chunk(b"sRGB", b"\0"), text(b"XML:com.adobe.xmp", XMP % b"", deflated=False)),
         "accepted", PNG),
    Case("a PNG that tells where in XMP",
         lambda: png(9, 9, text(b"XML:com.adobe.xmp", PLACE, deflated=False)), "cleaned gps", PNG),
    Case("a PNG that tells where in XMP, deflated",
         lambda: png(9, 9, text(b"XML:com.adobe.xmp", PLACE, deflated=True)), "cleaned gps", PNG),
    *(Case(f"a PNG in 16 bits, {mode}", lambda m=mode: wide(m), "accepted", PNG)
      for mode in ("grey", "colour", "transparent")),
    Case("a PNG and the notes of its maker", lambda: png(9, 9) + noise(90_000), "accepted", PNG),
    Case("a PNG with a web page in its text",
         lambda: png(9, 9, text(b"Title", b"<html>", deflated=False)), "accepted", PNG),
    Case("a PNG followed by a web page", lambda: png(9, 9) + b"<html>", "refused polyglot", PNG),
    Case("a PNG for iPhones only",
         lambda: png(9, 9).replace(b"\0\0\0\rIHDR", chunk(b"CgBI", bytes(4)) + b"\0\0\0\rIHDR"),
         "refused truncated|refused broken", PNG),
    Case("a WebP with all that can be told", lambda: picture("WEBP", exif=exif(6), xmp=XMP % b""),
         CONVERTED + " upright", WEBP),
    Case("a WebP that tells where in XMP", lambda: picture("WEBP", xmp=PLACE), CONVERTED + " gps", WEBP),
    Case("a WebP and zeros", lambda: picture("WEBP") + bytes(900), CONVERTED, WEBP),
    Case("a WebP followed by PHP", lambda: picture("WEBP") + b"<?php phpinfo();", "refused polyglot", WEBP),
    Case("a WebP of two hundred megapixels", lambda: moving_webp(16_000), "refused too_many_pixels", WEBP),
    Case("a WebP without pictures", moving_webp, "refused broken", WEBP),
    Case("a HEIC and its film", lambda: picture("HEIF") + box(b"mpvd", film()), CONVERTED, HEIC),
    Case("a HEIC and its film, from Samsung",
         lambda: picture("HEIF") + of_samsung(b"\x30\x0a"), CONVERTED, "20260915_101500.heic"),
    Case("a HEIC and zeros", lambda: picture("HEIF") + bytes(900), CONVERTED, HEIC),
    Case("a HEIC of ten bits", lambda: heic("I;16", bit_depth=10), CONVERTED, HEIC),
    Case("a HEIC with transparency", lambda: heic("RGBA"), CONVERTED, HEIC),
    Case("a HEIC in grey", lambda: heic("L"), CONVERTED, HEIC),
    Case("a HEIC that tells where in XMP", lambda: heic("RGB", xmp=PLACE), CONVERTED + " gps", HEIC),
    Case("a HEIC of ten thousand million pixels",
         lambda: (h := heic("RGB"))[: (at := h.index(b"ispe") + 8)] + b"\0\1\x86\xa0" * 2 + h[at + 8 :],
         "refused too_many_pixels", HEIC),
    Case("a HEIC whose film is cut short",
         lambda: picture("HEIF") + box(b"mpvd", film())[:-90], "refused truncated", HEIC),
    Case("a TIFF of four sorts of pages", several_sorts, CONVERTED, TIFF, pages=4),
    Case("a TIFF from a Macintosh", lambda: plain("TIFF", "I;16B"), CONVERTED, TIFF),
    Case("a TIFF of an old fax", lambda: plain("TIFF", "1", (1728, 1100), compression="group3"), CONVERTED, TIFF),
    Case("a TIFF that tells where in XMP",
         lambda: plain("TIFF", "RGB", tiffinfo={700: PLACE}), CONVERTED + " gps", TIFF),
    Case("a TIFF and zeros", lambda: plain("TIFF", "RGB") + bytes(900), CONVERTED, TIFF),
]  # fmt: skip
