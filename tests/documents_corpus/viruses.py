"""The harmless test virus, hidden in every place where scanners have been seen to miss it."""

import base64
import io

import pikepdf

from tests.documents_corpus import phones
from tests.documents_corpus.case import Case
from tests.documents_corpus.locked_pdfs import locked
from tests.documents_corpus.pdf_writer import deflated, pdf, stream, with_attachments
from tests.documents_corpus.pictures import plain, png
from tests.documents_corpus.strangers import office, zipped
from tests.gateways.samples import EICAR, picture

FIXED = {"static_id": True}


def attached() -> bytes:
    """As qpdf writes it: clamd does not inflate a stream whose dictionary has a hexadecimal string."""
    return with_attachments({"virus.com": EICAR}, compress_streams=True, **FIXED)


def attached_with_checksum(filters: bytes = b"/Filter /FlateDecode") -> bytes:
    content = deflated(EICAR, b"/Type /EmbeddedFile /Params << /CheckSum <44d88612fea8a8f36de82e1278abb02f> >>")
    return pdf(b"<< /Type /Filespec /F (v) /EF << /F 7 0 R >> >>", content.replace(b"/Filter [ /FlateDecode]", filters),
               catalog=b"/Names << /EmbeddedFiles << /Names [(v) 6 0 R] >> >>")  # fmt: skip


def hidden(extra: bytes) -> bytes:
    return pdf(deflated(EICAR, extra))


def locked_with_attachment() -> bytes:
    return locked(6, user="", owner="x", content=attached())


def image_with_virus() -> bytes:
    """A picture that is small to look at."""
    return pdf(deflated(EICAR, b"/Type /XObject /Subtype /Image /Width 9 /Height 9 /A <00>"))


def encrypted_archive() -> bytes:
    """An archive that says its only file is under a password."""
    archive = bytearray(zipped({"virus.com": EICAR}))
    archive[6] |= 1
    archive[archive.index(b"PK\x01\x02") + 8] |= 1
    return bytes(archive)


def wrapped(depth: int) -> bytes:
    content = EICAR
    for _ in range(depth):
        content = zipped({"a": content})
    return content


def deep(depth: int) -> bytes:
    content = attached()
    for _ in range(depth):
        content = with_attachments({"autre.pdf": content}, **FIXED)
    return content


def in_metadata() -> bytes:
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(pdf())) as opened:
        opened.Root.Metadata = opened.make_stream(EICAR, {"/A": pikepdf.String(b"\xff\xfe\0\0")})
        opened.save(out, compress_streams=True, fix_metadata_version=False, **FIXED)
    return out.getvalue()


CASES = [
    Case(what, build, "infected", name)
    for what, build, name in (
        ("alone", lambda: EICAR, "eicar.com"),
        ("alone, named PDF", lambda: EICAR, "facture.pdf"),
        ("in an archive", lambda: zipped({"a.com": EICAR}), "a.zip"),
        ("in an archive in an archive", lambda: zipped({"a.zip": zipped({"a.com": EICAR})}), "a.zip"),
        ("in an archive in an archive in a PDF",
         lambda: with_attachments({"a.zip": zipped({"b.zip": zipped({"a.com": EICAR})})}, **FIXED), "a.pdf"),
        ("in an Office document inside a PDF",
         lambda: with_attachments({"a.docx": zipped({"word/a.bin": EICAR})}, **FIXED), "a.pdf"),
        ("in an archive after a PDF", lambda: pdf() + zipped({"a.com": EICAR}), "a.pdf"),
        ("in an archive fifteen times over", lambda: wrapped(15), "a.zip"),
        ("in an Office document", lambda: office() + zipped({"a.com": EICAR}), "a.docx"),
        ("in a comment of a JPEG", lambda: picture("JPEG", comment=EICAR), "a.jpg"),
        ("after a JPEG", lambda: picture("JPEG") + EICAR, "a.jpg"),
        ("in the film after a JPEG",
         lambda: picture("JPEG") + phones.box(b"mdat", phones.noise(9000) + EICAR), "a.jpg"),
        ("in the metadata of a JPEG", lambda: picture("JPEG", exif=b"Exif\0\0" + EICAR), "a.jpg"),
        ("in the text of a PNG", lambda: png(9, 9, phones.text(b"Title", EICAR, deflated=False)), "a.png"),
        ("in the metadata of a WebP", lambda: picture("WEBP", xmp=EICAR), "a.webp"),
        ("in the metadata of a TIFF", lambda: plain("TIFF", "RGB", tiffinfo={700: EICAR}), "a.tif"),
        ("in the metadata of a HEIC", lambda: phones.heic("RGB", xmp=EICAR), "a.heic"),
        ("after a PNG", lambda: picture("PNG") + EICAR, "a.png"),
        ("after a TIFF", lambda: picture("TIFF") + EICAR, "a.tif"),
        ("in a HEIC", lambda: picture("HEIF") + b"\0\0\0\x4cfree" + EICAR, "a.heic"),
        ("after a PDF", lambda: pdf() + EICAR, "a.pdf"),
        ("before a PDF", lambda: EICAR + b"\n" + pdf(), "a.pdf"),
        ("in a stream", lambda: pdf(stream(EICAR)), "a.pdf"),
        ("in a deflated stream", lambda: pdf(deflated(EICAR)), "a.pdf"),
        ("in a stream deflated twice", lambda: pdf(deflated(EICAR, times=2)), "a.pdf"),
        ("in a stream in hexadecimal",
         lambda: pdf(stream(EICAR.hex().encode() + b">", b"/Filter /ASCIIHexDecode")), "a.pdf"),
        ("in a stream in base 85",
         lambda: pdf(stream(base64.a85encode(EICAR) + b"~>", b"/Filter /ASCII85Decode")), "a.pdf"),
        ("behind a hexadecimal string", lambda: hidden(b"/A << /B <00> >>"), "a.pdf"),
        ("behind the end of a dictionary in a string", lambda: hidden(b"/A (>>)"), "a.pdf"),
        ("behind a string and a comment", lambda: hidden(b"/A << /B <00> >> %>>\n"), "a.pdf"),
        ("in a picture of a PDF", image_with_virus, "a.pdf"),
        ("in the metadata", in_metadata, "a.pdf"),
        ("attached", attached, "a.pdf"),
        ("attached with its sum", attached_with_checksum, "a.pdf"),
        ("attached under an array of filters", lambda: attached_with_checksum(b"/Filter [/Fl#61teDecode]"), "a.pdf"),
        ("attached under its owner's lock", locked_with_attachment, "a.pdf"),
        ("attached in an archive", lambda: with_attachments({"a.zip": zipped({"a.com": EICAR})}, **FIXED), "a.pdf"),
        ("attached to a PDF attached to a PDF", lambda: deep(1), "a.pdf"),
        ("attached to a PDF of a PDF of a PDF", lambda: deep(2), "a.pdf"),
    )
] + [
    Case("attached so deep that nobody looks", lambda: deep(6), "refused too_complex"),
    Case("attached in an archive under a password",
         lambda: with_attachments({"a.zip": encrypted_archive()}, **FIXED), "unscannable"),
    Case("in base 64", lambda: base64.b64encode(EICAR), "refused type", "a.txt"),
]  # fmt: skip
