"""PDF files written by hand, since no library would write what is in some of them."""

import io
import zlib

import pikepdf

EMPTY_CATALOG = b"/Type /Catalog /Pages 2 0 R"


def pdf(*objects: bytes, catalog: bytes = b"", page: bytes = b"", trailer: bytes = b"", pages: bytes = b"") -> bytes:
    """A page with one word; `objects` are numbered from 6, the other arguments are added to dictionaries.

    1 is the catalogue, 2 the page tree, 3 the page, 4 its content, 5 its font.
    """
    text = b"BT /F1 48 Tf 100 400 Td (Facture) Tj ET"
    return written([
        b"<< " + EMPTY_CATALOG + b" " + catalog + b" >>",
        b"<< " + (pages or b"/Type /Pages /Kids [3 0 R] /Count 1") + b" >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R"
        b" /Resources << /Font << /F1 5 0 R >> >> " + page + b" >>",
        stream(text),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
        *objects,
    ], trailer)  # fmt: skip


def written(bodies: list[bytes], trailer: bytes = b"") -> bytes:
    """Number the objects from 1, and write them with their table."""
    content, offsets = b"%PDF-1.7\n", []
    for number, body in enumerate(bodies, 1):
        offsets.append(len(content))
        content += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table = b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    count = len(bodies) + 1
    head = b"xref\n0 %d\n0000000000 65535 f \n%s" % (count, table)
    root = b"" if b"/Root" in trailer else b"/Root 1 0 R"
    end = b"trailer\n<< /Size %d %s %s >>\nstartxref\n%d\n%%%%EOF\n" % (count, root, trailer, len(content))
    return content + head + end


def stream(content: bytes, extra: bytes = b"") -> bytes:
    """An object that is a stream."""
    return b"<< /Length %d %s >>\nstream\n%s\nendstream" % (len(content), extra, content)


def deflated(content: bytes, extra: bytes = b"", times: int = 1) -> bytes:
    """A stream compressed one or more times."""
    for _ in range(times):
        content = zlib.compress(content, 9)
    return stream(content, extra + b" /Filter [" + b" /FlateDecode" * times + b"]")


def rewritten(content: bytes, **options) -> bytes:
    """The same file as qpdf writes it: with object streams, or encrypted."""
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(content)) as opened:
        opened.save(out, **options)
    return out.getvalue()


def with_attachments(files: dict[str, bytes], **options) -> bytes:
    """A page and the files attached to it, as qpdf writes them."""
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(pdf())) as opened:
        for name, content in files.items():
            opened.attachments[name] = pikepdf.AttachedFileSpec(opened, content, filename=name)
        opened.save(out, **options)
    return out.getvalue()
