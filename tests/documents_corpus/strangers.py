"""Files of other kinds, two files in one, and names made to deceive."""

import io
import zipfile

from tests.documents_corpus.case import Case
from tests.documents_corpus.pdf_writer import pdf, stream
from tests.gateways.samples import picture

HTML = b"<!DOCTYPE html><html><script>alert(1)</script></html>"
SVG = b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>"
PHP = b"<?php system($_GET['c']); ?>"
GIF = b"GIF89a\x01\0\x01\0\0\0\0;"
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)
MP4 = b"\0\0\0\x18ftypmp42\0\0\0\0mp42isom" + bytes(200)


def zipped(files: dict[str, bytes]) -> bytes:
    """An archive, the same each time."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(zipfile.ZipInfo(name), content, zipfile.ZIP_DEFLATED)
    return buffer.getvalue()


def office() -> bytes:
    return zipped({"[Content_Types].xml": b"<Types/>", "word/document.xml": b"<w:document/>"})


def commented(form: str) -> bytes:
    return picture(form, comment=HTML)


def bmp(header: bytes, pixels: bytes) -> bytes:
    return b"BM" + bytes(8) + (14 + len(header)).to_bytes(4, "little") + header + pixels


def programme() -> bytes:
    return b"MZ" + bytes(58) + b"\x40\0\0\0PE\0\0" + bytes(400)


def zip_in_pdf() -> bytes:
    """An archive whose comment is the end of the PDF that it lies in."""
    page = pdf(stream(zipped({"a.jar": b"a"})[:-2] + b"~~"))
    start = page.index(b"~~")
    return page[:start] + (len(page) - start - 2).to_bytes(2, "little") + page[start + 2 :]


TYPE, MISMATCH, POLYGLOT = "refused type", "refused mismatch", "refused polyglot"

CASES = [
    Case("nothing", lambda: b"", "refused empty"),
    Case("zeros", lambda: bytes(5000), "refused empty", "photo.jpg"),
    Case("spaces", lambda: b" " * 2048, "refused empty"),
    Case("a byte", lambda: b"x", "refused broken"),
    Case("a text", lambda: b"Bonjour", TYPE, "facture.txt", "text/plain"),
    Case("a text named PDF", lambda: b"Bonjour, voici ma facture", MISMATCH),
    Case("a table", lambda: b"a;b\n=cmd|' /c calc'!A0;1\n", TYPE, "soins.csv"),
    Case("a Word document", office, TYPE, "facture.docx"),
    Case("a Word document named PDF", office, MISMATCH),
    Case("an old Word document", lambda: OLE, TYPE, "facture.doc"),
    Case("a rich text", lambda: b"{\\rtf1 Bonjour}", TYPE, "facture.rtf"),
    Case("an archive", lambda: zipped({"facture.pdf": pdf()}), TYPE, "facture.zip"),
    Case("an archive bomb", lambda: zipped({"zeros": bytes(20 << 20)}), TYPE, "zeros.zip"),
    Case("an archive bomb named PDF", lambda: zipped({"zeros": bytes(20 << 20)}), MISMATCH),
    Case("an archive of RAR", lambda: b"Rar!\x1a\x07\x01\0" + bytes(90), TYPE, "a.rar"),
    Case("an archive of 7z", lambda: b"7z\xbc\xaf\x27\x1c" + bytes(90), TYPE, "a.7z"),
    Case("a web page", lambda: HTML, TYPE, "page.html", "text/html"),
    Case("a web page named PDF", lambda: HTML, MISMATCH),
    Case("a drawing in SVG", lambda: SVG, TYPE, "logo.svg", "image/svg+xml"),
    Case("a drawing in SVG named PNG", lambda: SVG, MISMATCH, "logo.png", "image/png"),
    Case("a programme", programme, TYPE, "setup.exe"),
    Case("a programme named PDF", programme, MISMATCH),
    Case("a programme of Unix", lambda: b"\x7fELF\x02\x01\x01" + bytes(90), TYPE, "a.out"),
    Case("a script", lambda: b"#!/bin/sh\nrm -rf /\n", MISMATCH, "photo.jpg"),
    Case("a GIF", lambda: GIF, TYPE, "photo.gif", "image/gif"),
    Case("a GIF that is an archive too", lambda: GIF + zipped({"a.class": b"\xca\xfe\xba\xbe"}), MISMATCH, "photo.png"),
    Case("a BMP", lambda: picture("BMP"), TYPE, "photo.bmp", "image/bmp"),
    Case("a BMP in grey, named PNG", lambda: picture("BMP", mode="L"), MISMATCH, "photo.png"),
    Case("an old BMP", lambda: bmp(b"\x0c\0\0\0\x08\0\x08\0\x01\0\x18\0", bytes(192)), TYPE, "photo.bmp"),
    Case("a BMP cut short", lambda: picture("BMP")[:-900], "refused truncated", "photo.bmp"),
    Case("a BMP of two bits", lambda: picture("BMP").replace(b"\x01\0\x18\0", b"\x01\0\x02\0", 1),
         "refused truncated", "photo.bmp"),
    Case("the beginning of a BMP", lambda: b"BM" + bytes(12), "refused truncated", "photo.bmp"),
    Case("a BMP of a thousand million pixels",
         lambda: picture("BMP").replace(b"\x40\0\0\0", b"\xff\xff\xff\0", 1), "refused too_many_pixels", "photo.bmp"),
    Case("a film", lambda: MP4, TYPE, "film.mp4", "video/mp4"),
    Case("an AVIF", lambda: b"\0\0\0\x1cftypavif\0\0\0\0avifmif1miaf" + bytes(90), TYPE, "photo.avif"),
    Case("a message", lambda: b"From: a@example.org\nSubject: Facture\n\nBonjour", TYPE, "facture.eml"),
    Case("random bytes named PDF", lambda: bytes(range(1, 256)) * 20, "refused broken"),
    Case("a PDF followed by an archive", lambda: pdf() + zipped({"a.txt": b"a"}), POLYGLOT),
    Case("a PDF followed by a programme", lambda: pdf() + programme(), POLYGLOT),
    Case("an archive followed by a PDF", lambda: zipped({"a.txt": b"a"}) + pdf(), MISMATCH),
    Case("a programme followed by a PDF", lambda: programme() + pdf(), MISMATCH),
    Case("a GIF followed by a PDF", lambda: GIF + pdf(), MISMATCH),
    Case("a script followed by a PDF", lambda: b"#!/bin/sh\nexit\n" + pdf(), MISMATCH),
    Case("a PDF followed by RAR", lambda: pdf() + b"Rar!\x1a\x07\0" + bytes(90), POLYGLOT),
    Case("a PDF followed by PHP", lambda: pdf() + PHP, POLYGLOT + "|accepted|cleaned repaired"),
    Case("a PDF with an archive in it, to its end", lambda: zip_in_pdf(), POLYGLOT),
    Case("a JPEG followed by RAR", lambda: picture("JPEG") + b"Rar!\x1a\x07\0" + bytes(90), POLYGLOT, "a.jpg"),
    Case("a JPEG followed by a script", lambda: picture("JPEG") + b"\n#!/bin/sh\nexit", POLYGLOT, "a.jpg"),
    Case("a JPEG followed by an archive with a comment",
         lambda: picture("JPEG") + zipped({"a.jar": b"a"})[:-2] + b"\x05\0hello", POLYGLOT, "a.jpg"),
    Case("a web page followed by a PDF", lambda: HTML + pdf(), MISMATCH),
    Case("a JPEG followed by an archive", lambda: picture("JPEG") + zipped({"a.jar": b"a"}), POLYGLOT, "a.jpg"),
    Case("a JPEG followed by a web page", lambda: picture("JPEG") + HTML, POLYGLOT, "a.jpg"),
    Case("a JPEG followed by PHP", lambda: picture("JPEG") + PHP, POLYGLOT, "a.jpg"),
    Case("a JPEG followed by a programme", lambda: picture("JPEG") + programme(), POLYGLOT, "a.jpg"),
    Case("a JPEG followed by a PDF", lambda: picture("JPEG") + pdf(), POLYGLOT, "a.jpg"),
    Case("a JPEG with a web page in its comment", lambda: commented("JPEG"), "accepted", "a.jpg"),
    Case("a PNG followed by an archive", lambda: picture("PNG") + zipped({"a.txt": b"a"}), POLYGLOT, "a.png"),
    Case("a WebP followed by an archive", lambda: picture("WEBP") + zipped({"a.txt": b"a"}), POLYGLOT, "a.webp"),
    Case("a TIFF followed by an archive", lambda: picture("TIFF") + zipped({"a.txt": b"a"}), POLYGLOT, "a.tif"),
    Case("a name written backwards", pdf, "refused extension", "facture\N{RIGHT-TO-LEFT OVERRIDE}fdp.exe"),
    Case("a name in Arabic", pdf, "accepted", "فاتورة.pdf"),
    Case("a name of 255 bytes", pdf, "accepted", "é" * 125 + "x.pdf"),
    Case("a name of 255 bytes and no end", pdf, "accepted", "é" * 127),
    Case("a name with a path", pdf, "accepted", "..\\..\\windows/../facture.pdf"),
    Case("a name with a zero", pdf, "refused extension", "facture.pdf\0.exe"),
    Case("a name with line breaks", pdf, "accepted", "facture\r\nX-Header: 1.pdf"),
    Case("no name", pdf, "accepted", ""),
    Case("two ends to a name", pdf, "accepted", "facture.php.pdf"),
    Case("a name that hides its end in spaces", pdf, "refused extension", "facture.pdf" + " " * 90 + ".exe"),
    Case("a name that ends with dots", pdf, "accepted", "facture.pdf. . ."),
    Case("a name in Cyrillic to its end", pdf, "refused extension", "facture.рdf"),
    Case("a name with a wide dot", pdf, "accepted", "facture．exe"),
    Case("a name with a stream of Windows", pdf, "refused extension", "facture.pdf:a.exe"),
    Case("a name that Windows keeps for itself", pdf, "accepted", "CON.pdf"),
    Case("a name of pictures", pdf, "accepted", "🧾😎.pdf"),
    Case("a name in Hebrew, marked", pdf, "accepted", "‏חשבונית‏.pdf"),
    Case("a name with an end of 300 letters", pdf, "accepted", "facture." + "z" * 300),
    Case("a name in capital letters", pdf, "accepted", "FACTURE.PDF"),
    Case("a name that is a path of parents", pdf, "accepted", "../" * 80 + "etc/facture.pdf"),
    Case("a name with marks upon marks", pdf, "accepted", "Z̃" * 100 + ".pdf"),
    Case("a PDF named TIFF", pdf, "refused extension", "scan.tif"),
    Case("a JPEG named PDF", lambda: picture("JPEG"), "refused extension", "facture.pdf"),
    Case("a HEIC named PDF", lambda: picture("HEIF"), "refused extension", "facture.pdf"),
    Case("a TIFF named Word", lambda: picture("TIFF"), "refused extension", "facture.docx"),
    Case("a PNG declared as a PDF", lambda: picture("PNG"), "refused declared_type", "a.png", "application/pdf"),
    Case("a PDF named as a programme", pdf, "refused extension", "facture.pdf.exe"),
    Case("a PDF named JPEG", pdf, "refused extension", "facture.jpg"),
    Case("a PDF declared as a picture", pdf, "refused declared_type", declared_type="image/png"),
    Case("a PDF declared as a web page", pdf, "refused declared_type", declared_type="text/html"),
    Case("a PDF declared as anything", pdf, "accepted", declared_type="application/octet-stream"),
]  # fmt: skip
