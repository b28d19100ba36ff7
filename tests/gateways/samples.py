"""Small files of each kind, made here: nothing in them is anybody's."""

import io

import pillow_heif
from PIL import Image

# in halves: scanners of code hosts remove any file that holds it whole
EICAR = (r"X5O!P%@AP[4\PZX54(P^)7CC)7}$EICAR-" + "STANDARD-ANTIVIRUS-TEST-FILE!$H+H*").encode()


def pdf(pages: int = 1, trailer: bytes = b"", junk: bytes = b"") -> bytes:
    """A PDF of A4 pages, one word on each; `trailer` is added to its trailer, `junk` as a comment in its body."""
    text = b"BT /F1 48 Tf 100 400 Td (Facture) Tj ET"
    kids = b" ".join(b"%d 0 R" % (number + 5) for number in range(pages))
    bodies = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [%s] /Count %d >>" % (kids, pages),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(text), text),
        *[b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R"
          b" /Resources << /Font << /F1 3 0 R >> >> >>"] * pages,
    ]  # fmt: skip
    content, offsets = b"%PDF-1.7\n" + (b"%" + junk + b"\n" if junk else b""), []
    for number, body in enumerate(bodies, 1):
        offsets.append(len(content))
        content += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table = b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    start = len(content)
    content += b"xref\n0 %d\n0000000000 65535 f \n%s" % (len(bodies) + 1, table)
    content += b"trailer\n<< /Size %d /Root 1 0 R %s >>\nstartxref\n%d\n%%%%EOF\n" % (len(bodies) + 1, trailer, start)
    return content


def picture(form: str, size: tuple[int, int] = (64, 48), mode: str = "RGB", **options) -> bytes:
    """A picture in JPEG, PNG or HEIF: red in its top left quarter, grey elsewhere."""
    pillow_heif.register_heif_opener()
    image = Image.new("RGB", size, "grey")
    image.paste("red", (0, 0, size[0] // 2, size[1] // 2))
    buffer = io.BytesIO()
    image.convert(mode).save(buffer, form, **options)
    return buffer.getvalue()
