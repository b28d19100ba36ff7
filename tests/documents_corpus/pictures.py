"""Pictures of every sort that phones and scanners make, and of some that they do not."""

import io
import struct
import zlib

import pillow_heif
from PIL import Image

from tests.documents_corpus.case import Case
from tests.gateways.samples import picture

PNG = b"\x89PNG\r\n\x1a\n"


def exif(orientation: int = 1, gps: bool = False) -> Image.Exif:
    """What a camera tells: its maker, its number, its owner, how it was held and perhaps where."""
    told = Image.Exif()
    told[0x010F], told[0x0112], told[0x013B] = "Appareil", orientation, "Personne"
    told.get_ifd(0x8769)[0xA431] = "SN-0001"
    if gps:
        told.get_ifd(0x8825).update({1: "N", 2: (11.0, 35.0, 0.0), 3: "E", 4: (43.0, 8.0, 0.0)})
    return told


def turned(orientation: int, form: str = "JPEG") -> bytes:
    return picture(form, (40, 20), exif=exif(orientation))


def located(form: str) -> bytes:
    return picture(form, exif=exif(gps=True).tobytes())


def several(form: str, count: int, **options) -> bytes:
    """A picture of so many frames."""
    frames = [Image.new("RGB", (32, 24), (8 * n % 256, 90, 90)) for n in range(count)]
    buffer = io.BytesIO()
    frames[0].save(buffer, form, save_all=True, append_images=frames[1:], **options)
    return buffer.getvalue()


def plain(form: str, mode: str, size: tuple[int, int] = (32, 24), **options) -> bytes:
    """A picture of one colour."""
    buffer = io.BytesIO()
    Image.new(mode, size).save(buffer, form, **options)
    return buffer.getvalue()


def chunk(name: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))


def png(width: int, height: int, *chunks: bytes, lines: bytes | None = None, interlaced: bool = False) -> bytes:
    """A PNG in grey written by hand."""
    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, interlaced)
    lines = b"\0" * (width + 1) * height if lines is None else lines
    return PNG + chunk(b"IHDR", header) + b"".join(chunks) + chunk(b"IDAT", zlib.compress(lines)) + chunk(b"IEND", b"")


def interlaced() -> bytes:
    """Eight by eight pixels in seven passes, as Adam7 has it."""
    passes = [(1, 1), (1, 1), (2, 1), (2, 2), (4, 2), (4, 4), (8, 4)]
    return png(8, 8, lines=b"".join((b"\0" + b"\x80" * width) * height for width, height in passes), interlaced=True)


def rebranded(major: bytes, *others: bytes) -> bytes:
    """The same HEIC under other brands."""
    heic = picture("HEIF")
    length = int.from_bytes(heic[:4], "big")
    brands = (b"".join(others) + heic[16:length])[: length - 16]
    return heic[:8] + major + heic[12:16] + brands + heic[length:]


def going_round() -> bytes:
    """A TIFF whose last page is followed by the first."""
    tiff = bytearray(several("TIFF", 2))
    first = struct.unpack_from("<I", tiff, 4)[0]
    at = first + 2 + 12 * struct.unpack_from("<H", tiff, first)[0]
    second = struct.unpack_from("<I", tiff, at)[0]
    last = second + 2 + 12 * struct.unpack_from("<H", tiff, second)[0]
    struct.pack_into("<I", tiff, last, first)
    return bytes(tiff)


def tiff_bomb() -> bytes:
    """Four thousand million white pixels in a few bytes, as a fax."""
    tiff = bytearray(plain("TIFF", "1", (64, 64), compression="group4"))
    at = struct.unpack_from("<I", tiff, 4)[0]
    for entry in range(at + 2, at + 2 + 24, 12):
        struct.pack_into("<HHII", tiff, entry, struct.unpack_from("<H", tiff, entry)[0], 4, 1, 65_535)
    return bytes(tiff)


def sequence() -> bytes:
    """Three HEIC pictures in one file."""
    pillow_heif.register_heif_opener()
    return several("HEIF", 3)


JPG, PNG_, HEIC, WEBP, TIFF = "photo.jpg", "photo.png", "photo.heic", "photo.webp", "photo.tiff"
CONVERTED = "cleaned converted"
CUT, BROKEN = "refused truncated", "refused broken"
BIG = "refused too_many_pixels"

CASES = [
    *(Case(f"a JPEG held as {n}",
           lambda n=n: turned(n), "accepted" if n == 1 else "cleaned upright", JPG) for n in range(1, 9)),
    Case("a JPEG held as no one can", lambda: turned(9), "accepted", JPG),
    Case("a PNG held upside down", lambda: turned(3, "PNG"), "cleaned upright", PNG_),
    Case("a WebP held sideways", lambda: turned(6, "WEBP"), CONVERTED + " upright", WEBP),
    Case("a TIFF held sideways", lambda: turned(6, "TIFF"), CONVERTED + " upright", TIFF),
    Case("a HEIC held sideways", lambda: turned(6, "HEIF"), CONVERTED, HEIC),
    Case("a JPEG that tells where", lambda: located("JPEG"), "cleaned gps", JPG),
    Case("a PNG that tells where", lambda: located("PNG"), "cleaned gps", PNG_),
    Case("a WebP that tells where", lambda: located("WEBP"), CONVERTED + " gps", WEBP),
    Case("a TIFF that tells where", lambda: located("TIFF"), CONVERTED + " gps", TIFF),
    Case("a HEIC that tells where", lambda: located("HEIF"), CONVERTED + " gps", HEIC),
    Case("a JPEG that tells where in XMP",
         lambda: picture("JPEG", xmp=b"<x exif:GPSLatitude='11,35N'/>"), "cleaned gps", JPG),
    Case("a JPEG whose metadata are rubbish",
         lambda: picture("JPEG", exif=b"Exif\0\0II*\0\xff\xff\xff\xff" * 9), "accepted", JPG),
    Case("a progressive JPEG", lambda: picture("JPEG", progressive=True), "accepted", JPG),
    Case("a JPEG in grey", lambda: picture("JPEG", mode="L"), "accepted", JPG),
    Case("a JPEG in CMYK", lambda: picture("JPEG", mode="CMYK"), "accepted", JPG),
    Case("a JPEG of one pixel", lambda: picture("JPEG", (1, 1)), "accepted", JPG),
    Case("a JPEG as thin as a hair", lambda: picture("JPEG", (1, 20_000)), "accepted", JPG),
    Case("a JPEG of a hundred million pixels", lambda: plain("JPEG", "L", (10_000, 10_000)), "accepted", JPG),
    Case("a JPEG of a few more", lambda: plain("JPEG", "L", (10_001, 10_000)), BIG, JPG),
    Case("a JPEG followed by a film", lambda: picture("JPEG") + b"\0\0\0\x18ftypmp42" + bytes(9000), "accepted", JPG),
    Case("a JPEG of two views", lambda: several("MPO", 2), "accepted", JPG, pages=1),
    Case("a JPEG cut short", lambda: picture("JPEG", (90, 90))[:-20], CUT, JPG),
    Case("the beginning of a JPEG", lambda: b"\xff\xd8\xff", CUT, JPG),
    Case("a JPEG without any table",
         lambda: b"\xff\xd8\xff\xc0\0\x0b\x08\0\x10\0\x10\x01\x01\x11\0\xff\xd9", BROKEN, JPG),
    *(Case(f"a PNG in {mode}",
           lambda mode=mode: picture("PNG", mode=mode), "accepted", PNG_) for mode in ("1", "P", "L", "LA", "RGBA")),
    Case("a PNG in 16 bits", lambda: plain("PNG", "I;16"), "accepted", PNG_),
    Case("a PNG in seven passes", interlaced, "accepted", PNG_),
    Case("a PNG that moves", lambda: several("PNG", 3), "accepted", PNG_, pages=1),
    Case("a PNG of one pixel", lambda: png(1, 1), "accepted", PNG_),
    Case("a PNG of nine hundred million pixels", lambda: png(30_000, 30_000, lines=b""), BIG, PNG_),
    Case("a PNG of no pixel", lambda: png(0, 9), CUT, PNG_),
    Case("a PNG with a bomb in its text",
         lambda: png(9, 9, chunk(b"zTXt", b"a\0\0" + zlib.compress(bytes(2 << 20)))), BROKEN, PNG_),
    Case("a PNG with fewer lines than it says", lambda: png(90, 90, lines=b"\0" * 91), "accepted|" + BROKEN, PNG_),
    Case("a PNG whose sums are wrong", lambda: png(9, 9).replace(b"IHDR\0\0\0\x09", b"IHDR\0\0\0\x08"), BROKEN, PNG_),
    Case("a PNG cut short", lambda: png(9, 9)[:-20], CUT, PNG_),
    Case("the beginning of a PNG", lambda: PNG, CUT, PNG_),
    Case("a WebP", lambda: picture("WEBP"), CONVERTED, WEBP),
    Case("a lossless WebP", lambda: picture("WEBP", mode="RGBA", lossless=True), CONVERTED, WEBP),
    Case("a WebP that moves", lambda: several("WEBP", 3), CONVERTED, WEBP, pages=1),
    Case("a WebP of one pixel", lambda: picture("WEBP", (1, 1)), CONVERTED, WEBP),
    Case("a WebP cut short", lambda: picture("WEBP", (90, 90))[:-20], CUT, WEBP),
    Case("a WebP with nothing in it",
         lambda: b"RIFF\x16\0\0\0WEBPVP8 \x0a\0\0\0" + b"\x9d\x01\x2a\x01\0" * 2, BROKEN + "|" + CUT, WEBP),
    Case("a TIFF of three pages", lambda: several("TIFF", 3), CONVERTED, "scan.tif", pages=3),
    Case("a TIFF of a page too many", lambda: several("TIFF", 51), "refused too_many_pages", TIFF),
    Case("a TIFF that goes round", going_round, CONVERTED + "|refused too_many_pages|" + BROKEN, TIFF),
    *(Case(f"a TIFF in {mode}, {packed}", lambda m=mode, c=packed: plain("TIFF", m, compression=c), CONVERTED, TIFF)
      for mode, packed in (("1", "group4"), ("L", "tiff_lzw"), ("RGB", "jpeg"), ("CMYK", "tiff_adobe_deflate"),
                           ("RGB", "packbits"), ("I;16", "raw"), ("F", "raw"), ("P", "raw"), ("RGBA", "raw"))),
    Case("a TIFF in LAB", lambda: plain("TIFF", "LAB"), CONVERTED + "|" + BROKEN, TIFF),
    Case("a TIFF for giants", lambda: picture("TIFF", big_tiff=True), CONVERTED, TIFF),
    Case("a TIFF of four thousand million pixels", tiff_bomb, BIG, TIFF),
    Case("a TIFF cut short", lambda: picture("TIFF")[:200], CUT + "|" + BROKEN, TIFF),
    Case("the beginning of a TIFF", lambda: b"II*\0\x08\0\0\0", CUT, TIFF),
    Case("a HEIC", lambda: picture("HEIF"), CONVERTED, HEIC),
    Case("a HEIC of one pixel", lambda: picture("HEIF", (1, 1)), CONVERTED, HEIC),
    Case("a HEIC of several pictures", sequence, CONVERTED, HEIC, pages=3),
    *(Case(f"a HEIC of brand {major.decode()}",
           lambda b=major: rebranded(b), CONVERTED, HEIC) for major in (b"mif1", b"heix", b"msf1", b"MiHB")),
    Case("a HEIC that says it is an AVIF", lambda: rebranded(b"avif"), "refused mismatch", HEIC),
    Case("a HEIC cut short", lambda: picture("HEIF")[:-20], CUT, HEIC),
    Case("a HEIC without pixels", lambda: picture("HEIF")[:-40] + bytes(40), CONVERTED + "|" + BROKEN, HEIC),
    Case("a JPEG named PNG", lambda: picture("JPEG"), "accepted", "recu.png", "image/png"),
    Case("a JPEG named HEIC", lambda: picture("JPEG"), "accepted", "IMG_0001.HEIC"),
    Case("a HEIC named JPEG", lambda: picture("HEIF"), CONVERTED, "IMG_0002.jpg", "image/jpeg"),
]  # fmt: skip
