"""PDF files that are damaged, endless, enormous, or merely odd."""

import struct
import zlib

import pikepdf

from tests.documents_corpus.case import Case
from tests.documents_corpus.pdf_writer import EMPTY_CATALOG, deflated, pdf, rewritten, stream, with_attachments, written
from tests.gateways import samples

MEGABYTE = 1024 * 1024
CATALOG = b"<< " + EMPTY_CATALOG + b" >>"
PAGE = b"<< /Type /Page /Parent 2 0 R /Resources << >> /MediaBox [0 0 595 842] >>"


def tree(depth: int) -> bytes:
    """One page under so many branches."""
    branches = [
        b"<< /Type /Pages /Kids [%d 0 R] /Count 1 /Parent %d 0 R >>" % (number + 1, number - 1)
        for number in range(2, depth + 2)
    ]
    return written([CATALOG, *branches, PAGE.replace(b"2 0 R", b"%d 0 R" % (depth + 1))])


def sized(box: bytes, more: bytes = b"") -> bytes:
    return written([
        CATALOG,
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /Resources << >> /MediaBox [" + box + b"] " + more + b" >>",
    ])  # fmt: skip


def drawing(content: bytes) -> bytes:
    return written([
        CATALOG, b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Resources << >> /Contents 4 0 R >>", content,
    ])  # fmt: skip


def with_image(width: int, height: int, times: int = 1) -> bytes:
    """A page that is one white picture."""
    image = b"/Type /XObject /Subtype /Image /BitsPerComponent 1 /ColorSpace /DeviceGray"
    sides = b" /Width %d /Height %d" % (width, height)
    return written([
        CATALOG, b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R"
        b" /Resources << /XObject << /I 5 0 R >> >> >>",
        stream(b"595 0 0 842 0 0 cm /I Do"), deflated(b"\xff" * (width // 8 * height), image + sides, times),
    ])  # fmt: skip


def moved(content: bytes) -> bytes:
    """The offsets of the table are all wrong."""
    return content.replace(b"%PDF-1.7\n", b"%PDF-1.7\n%" + b"x" * 50 + b"\n", 1)


def updated() -> bytes:
    """A second version of the page, appended."""
    first = pdf()
    start = len(first)
    update = first + b"3 0 obj\n" + PAGE + b"\nendobj\n"
    table = b"xref\n3 1\n%010d 00000 n \n" % start
    trailer = b"trailer\n<< /Size 6 /Root 1 0 R /Prev %d >>\n" % first.rindex(b"xref\n0")
    return update + table + trailer + b"startxref\n%d\n%%%%EOF\n" % len(update)


def going_round() -> bytes:
    """A table whose previous table is itself."""
    content = pdf()
    return content.replace(b"/Root 1 0 R", b"/Root 1 0 R /Prev %d" % content.rindex(b"xref\n0"), 1)


def object_stream_bomb() -> bytes:
    inside = b"6 0 " + b"[" + b"0 " * (8 * MEGABYTE) + b"]"
    return pdf(deflated(inside, b"/Type /ObjStm /N 1 /First 4"))


def gigabyte() -> bytes:
    """A gigabyte of zeros, deflated: each block of them is written as the one before."""
    deflate, block = zlib.compressobj(9), bytes(8 * MEGABYTE)
    head, again = (deflate.compress(block) + deflate.flush(zlib.Z_FULL_FLUSH) for _ in range(2))
    return head + again * 127 + b"\x03\0" + struct.pack(">HH", 2**30 % 65_521, 1)


def linearized() -> bytes:
    return rewritten(samples.pdf(3), linearize=True, static_id=True)


BROKEN = "refused broken"
REPAIRED = "cleaned repaired"

CASES = [
    Case("a page", pdf, "accepted", pages=1),
    Case("fifty pages", lambda: samples.pdf(50), "accepted", pages=50),
    Case("a page too many", lambda: samples.pdf(51), "refused too_many_pages"),
    Case("no page", lambda: samples.pdf(0), BROKEN),
    Case("a linearized file", linearized, "accepted", pages=3),
    Case("an object stream", lambda: rewritten(pdf(), object_stream_mode=pikepdf.ObjectStreamMode.generate,
                                               static_id=True), "accepted", pages=1),
    Case("objects that are numbers", lambda: pdf(b"true", b"42", b"1.5", b"null", b"(text)", b"/Name"), "accepted"),
    Case("a second version", updated, "accepted", pages=1),
    Case("a quarter turn", lambda: sized(b"0 0 595 842", b"/Rotate 90"), "accepted", pages=1),
    Case("a page of one point", lambda: sized(b"0 0 1 1"), "accepted", pages=1),
    Case("a page of five metres", lambda: sized(b"0 0 14400 14400"), "accepted", pages=1),
    Case("a page as thin as a hair", lambda: sized(b"0 0 1 14400"), "accepted", pages=1),
    Case("a page beyond numbers",
         lambda: sized(b"0 0 1e30 99999999999999999999"), "accepted|cleaned repaired|" + BROKEN),
    Case("a page inside out", lambda: sized(b"595 842 0 0"), "accepted", pages=1),
    Case("a page without size", lambda: sized(b""), "accepted|" + REPAIRED),
    Case("a branch of three hundred", lambda: tree(300), "accepted|" + REPAIRED + "|" + BROKEN),
    Case("a branch of five thousand", lambda: tree(5000), "accepted|" + BROKEN),
    Case("a tree that is its own branch", lambda: pdf(pages=b"/Type /Pages /Kids [2 0 R] /Count 1"), BROKEN),
    Case("a page that comes twice",
         lambda: pdf(pages=b"/Type /Pages /Kids [3 0 R 3 0 R] /Count 2"), "accepted|" + REPAIRED),
    Case("a million pages said", lambda: pdf(pages=b"/Type /Pages /Kids [3 0 R] /Count 1000000"),
         "accepted|refused too_many_pages|" + REPAIRED),
    Case("fewer than no page said",
         lambda: pdf(pages=b"/Type /Pages /Kids [3 0 R] /Count -5"), "accepted|" + BROKEN + "|" + REPAIRED),
    Case("a table that goes round", going_round, "accepted|" + REPAIRED),
    Case("a table of two thousand million",
         lambda: pdf().replace(b"/Size 6", b"/Size 2147483647"), "accepted|" + REPAIRED),
    Case("a table in the wrong place", lambda: moved(pdf()), REPAIRED, pages=1),
    Case("no table", lambda: pdf().replace(b"xref\n0", b"xxxx\n0"), REPAIRED, pages=1),
    Case("no length", lambda: pdf().replace(b"/Length 39", b"/Length 99"), REPAIRED, pages=1),
    Case("no version", lambda: pdf().replace(b"%PDF-1.7", b"%PDF-9.9"), "accepted|" + REPAIRED, pages=1),
    Case("junk before", lambda: b"\r\n\xef\xbb\xbf" + pdf(), "accepted|" + REPAIRED, pages=1),
    Case("a kilobyte before", lambda: b"%" + b"x" * 900 + b"\n" + pdf(), "accepted|" + REPAIRED, pages=1),
    Case("zeros after", lambda: pdf() + bytes(10_000), "accepted|" + REPAIRED, pages=1),
    Case("a web page after", lambda: pdf() + b"<!DOCTYPE html><html>Erreur</html>", "accepted|" + REPAIRED, pages=1),
    Case("its first half", lambda: (content := samples.pdf(3))[: len(content) // 2], "refused truncated"),
    Case("its end missing", lambda: pdf()[:-7], "refused truncated"),
    Case("its beginning missing", lambda: pdf()[9:], BROKEN),
    Case("a header alone", lambda: b"%PDF-1.7\n", "refused truncated"),
    Case("a header and an end", lambda: b"%PDF-1.7\n%%EOF\n", BROKEN),
    Case("random bytes in between", lambda: b"%PDF-1.7\n" + bytes(range(256)) * 40 + b"\n%%EOF\n", BROKEN),
    Case("no catalogue", lambda: pdf(trailer=b"/Root 99 0 R"), BROKEN + "|" + REPAIRED),
    Case("a catalogue that is a number", lambda: pdf(b"42", trailer=b"/Root 6 0 R"), BROKEN + "|" + REPAIRED),
    Case("a content that is not deflated",
         lambda: drawing(stream(b"nothing", b"/Filter /FlateDecode")), "accepted|" + REPAIRED, pages=1),
    Case("a filter of nobody's",
         lambda: drawing(stream(b"nothing", b"/Filter /Nobody")), "accepted|" + REPAIRED, pages=1),
    Case("a content without end",
         lambda: drawing(deflated(b"q " * (4 * MEGABYTE))), "accepted|refused too_complex", pages=None),
    Case("a deflate bomb", lambda: pdf(deflated(bytes(60 * MEGABYTE))), "refused too_complex"),
    Case("a deflate bomb in a bomb", lambda: pdf(deflated(bytes(60 * MEGABYTE), times=2)), "refused too_complex"),
    Case("a deflate bomb of a gigabyte",
         lambda: pdf(stream(gigabyte(), b"/Filter /FlateDecode")), "refused too_complex"),
    Case("a deflate bomb inside",
         lambda: with_attachments({"a.bin": bytes(60 * MEGABYTE)}, static_id=True), "refused too_complex"),
    Case("an object stream bomb", object_stream_bomb, "accepted|refused too_complex|" + BROKEN + "|" + REPAIRED),
    Case("a picture of 64 million pixels", lambda: with_image(8000, 8000), "accepted", pages=1),
    Case("a picture smaller than it says",
         lambda: with_image(8, 8).replace(b"/Width 8", b"/Width 99999"), "accepted|" + REPAIRED, pages=1),
]  # fmt: skip
