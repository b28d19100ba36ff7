"""What scanners, hospitals' computers and makers of PDF really send, and what looks like it."""

import io
import re

import pikepdf
from PIL import Image

from tests.documents_corpus.active_pdfs import EMBEDDED, FILE
from tests.documents_corpus.case import Case
from tests.documents_corpus.locked_pdfs import locked
from tests.documents_corpus.odd_pdfs import drawing, sized, updated
from tests.documents_corpus.pdf_writer import EMPTY_CATALOG, deflated, pdf, rewritten, stream, written
from tests.gateways import samples

CATALOG = b"<< " + EMPTY_CATALOG + b" >>"
SIDES = b"/Type /XObject /Subtype /Image /Width 64 /Height 48 "
FORM = b"/Type /XObject /Subtype /Form /BBox [0 0 9 9]"
REPAIRED = "accepted|cleaned repaired"
BROKEN = "refused broken"


def showing(*objects: bytes) -> bytes:
    """A page that is one picture, the first of these objects, which are numbered from 5."""
    return written([
        CATALOG, b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R"
        b" /Resources << /XObject << /I 5 0 R >> >> >>",
        stream(b"595 0 0 842 0 0 cm /I Do"), *objects,
    ])  # fmt: skip


def fax() -> bytes:
    """A page packed as scanners do in black and white."""
    buffer = io.BytesIO()
    Image.new("1", (64, 48), 1).save(buffer, "TIFF", compression="group4")
    with Image.open(buffer) as page:
        start, length = page.tag_v2[273][0], page.tag_v2[279][0]
    lines = buffer.getvalue()[start : start + length]
    return showing(stream(
        lines, SIDES + b"/ColorSpace /DeviceGray /BitsPerComponent 1 /Filter /CCITTFaxDecode"
        b" /DecodeParms << /K -1 /Columns 64 /Rows 48 >>",
    ))  # fmt: skip


def photograph(form: str, filters: bytes, mode: str = "RGB", space: bytes = b"/DeviceRGB") -> bytes:
    """A page that is a file of a camera as it is."""
    content = samples.picture(form, (64, 48), mode)
    return showing(stream(content, SIDES + b"/BitsPerComponent 8 /ColorSpace " + space + b" /Filter " + filters))


def raw(space: bytes, bits: int, length: int, more: bytes = b"", *others: bytes) -> bytes:
    image = SIDES + b"/ColorSpace %s /BitsPerComponent %d %s" % (space, bits, more)
    return showing(deflated(b"\x80" * length, image), *others)


def dynamic_form() -> bytes:
    """A form that one reader alone can show; the others see a page that asks to wait."""
    packet = stream(b"<xdp:xdp xmlns:xdp='http://ns.adobe.com/xdp/'><template/></xdp:xdp>")
    return pdf(packet, catalog=b"/NeedsRendering true /AcroForm << /Fields [] /XFA 6 0 R >>")


def filled_form() -> bytes:
    """A form that was filled, whose reader has to draw the answers."""
    return pdf(b"<< /FT /Tx /T (nom) /V (Dupont) /Type /Annot /Subtype /Widget /Rect [50 50 300 80] /P 3 0 R"
               b" /DA (/F1 12 Tf 0 g) >>",
               catalog=b"/AcroForm << /Fields [6 0 R] /NeedAppearances true /DR << /Font << /F1 5 0 R >> >> >>",
               page=b"/Annots [6 0 R]")  # fmt: skip


def signed() -> bytes:
    return pdf(b"<< /FT /Sig /T (s) /V 7 0 R /Type /Annot /Subtype /Widget /Rect [0 0 0 0] /P 3 0 R >>",
               b"<< /Type /Sig /Filter /Adobe.PPKLite /SubFilter /adbe.pkcs7.detached /ByteRange [0 9 99 9]"
               b" /Contents <00> >>",
               catalog=b"/AcroForm << /Fields [6 0 R] /SigFlags 3 >>", page=b"/Annots [6 0 R]")  # fmt: skip


def portfolio() -> bytes:
    return pdf(FILE, EMBEDDED, catalog=b"/Collection << /View /D /Schema << /n << /Subtype /F /N (Nom) >> >> >>"
               b" /Names << /EmbeddedFiles << /Names [(n) 6 0 R] >> >>")  # fmt: skip


def electronic_invoice() -> bytes:
    """An invoice with its figures for computers inside, as Factur-X has them."""
    file = b"<< /Type /Filespec /F (factur-x.xml) /UF (factur-x.xml) /AFRelationship /Data /EF << /F 7 0 R >> >>"
    return pdf(file, stream(b"<?xml version='1.0'?><rsm:CrossIndustryInvoice/>", b"/Type /EmbeddedFile"),
               catalog=b"/AF [6 0 R] /Names << /EmbeddedFiles << /Names [(factur-x.xml) 6 0 R] >> >>")  # fmt: skip


def layers() -> bytes:
    return pdf(b"<< /Type /OCG /Name (Calque) >>", catalog=b"/OCProperties << /OCGs [6 0 R]"
               b" /D << /OFF [6 0 R] >> >>", page=b"/Group << /S /Transparency /CS /DeviceRGB >>")  # fmt: skip


def reborn(times: int) -> bytes:
    """A page that was saved again so often, each time after the time before."""
    content = updated()
    for _ in range(times):
        start = len(content)
        content += b"4 0 obj\n" + stream(b"BT /F1 9 Tf (encore) Tj ET") + b"\nendobj\n"
        table, before = len(content), re.findall(rb"startxref\n(\d+)", content)[-1]
        content += b"xref\n4 1\n%010d 00000 n \ntrailer\n<< /Size 6 /Root 1 0 R /Prev %s >>\n" % (start, before)
        content += b"startxref\n%d\n%%%%EOF\n" % table
    return content


def laughing(depth: int) -> bytes:
    """Drawings that each draw another ten times."""
    following = b" /Resources << /XObject << /N %d 0 R >> >>"
    forms = [stream(b"/N Do " * 10, FORM + following % (number + 6)) for number in range(depth)]
    return showing(*forms, stream(b"0 0 9 9 re f", FORM))


CASES = [
    Case("a scan in black and white", fax, "accepted", "SCAN0001.PDF", pages=1),
    Case("a scan that is a JPEG", lambda: photograph("JPEG", b"/DCTDecode"), "accepted", pages=1),
    Case("a scan that is a JPEG in an array", lambda: photograph("JPEG", b"[/DCTDecode]"), "accepted", pages=1),
    Case("a scan that is a JPEG in CMYK",
         lambda: photograph("JPEG", b"/DCTDecode", "CMYK", b"/DeviceCMYK"), "accepted", pages=1),
    Case("a scan that is a JPEG in grey",
         lambda: photograph("JPEG", b"/DCTDecode", "L", b"/DeviceGray"), "accepted", pages=1),
    Case("a scan that is a JPEG 2000", lambda: photograph("JPEG2000", b"/JPXDecode"), "accepted", pages=1),
    Case("a scan that is a damaged JPEG",
         lambda: photograph("JPEG", b"/DCTDecode").replace(b"\xff\xdb", b"\xff\0"), "accepted", pages=1),
    Case("a scan that is no JBIG2",
         lambda: showing(stream(b"nothing", SIDES + b"/ColorSpace /DeviceGray /BitsPerComponent 1"
                                b" /Filter /JBIG2Decode")), "accepted", pages=1),
    Case("a picture in 16 bits", lambda: raw(b"/DeviceRGB", 16, 64 * 48 * 6), "accepted"),
    Case("a picture of a palette",
         lambda: raw(b"[/Indexed /DeviceRGB 255 <%s>]" % (b"808080" * 256), 8, 64 * 48), "accepted"),
    Case("a picture under a mask",
         lambda: raw(b"/DeviceGray", 8, 64 * 48, b"/SMask 6 0 R", deflated(
             b"\x80" * 64 * 48, SIDES + b"/ColorSpace /DeviceGray /BitsPerComponent 8")), "accepted"),
    Case("a picture in LAB", lambda: raw(b"[/Lab << /WhitePoint [0.95 1 1.09] >>]", 8, 64 * 48 * 3), "accepted"),
    Case("a picture written in the page",
         lambda: drawing(stream(b"q 99 0 0 99 0 0 cm BI /W 8 /H 8 /CS /G /BPC 1 ID 12345678 EI Q")),
         "accepted"),
    Case("a file filled up with zeros", lambda: pdf() + bytes(200_000), REPAIRED, "SCAN0002.PDF", pages=1),
    Case("a file filled up with spaces", lambda: pdf() + b" \r\n" * 50_000, REPAIRED, "SCAN0003.PDF", pages=1),
    Case("a cut file filled up with zeros", lambda: pdf()[:-30] + bytes(200_000), "refused truncated"),
    Case("a header of a mail before", lambda: b"Content-Type: application/pdf\r\n\r\n" + pdf(), REPAIRED, pages=1),
    Case("a kilobyte of zeros before", lambda: bytes(1000) + pdf(), REPAIRED, pages=1),
    Case("too much before", lambda: b"x" * 2000 + pdf(), BROKEN),
    Case("ten more versions", lambda: reborn(10), REPAIRED, pages=1),
    Case("Macintosh's ends of lines", lambda: pdf().replace(b"\n", b"\r"), REPAIRED),
    Case("version 2.0", lambda: pdf().replace(b"%PDF-1.7", b"%PDF-2.0"), "accepted", pages=1),
    Case("version 2.0 under its owner's lock",
         lambda: locked(6, user="", owner="x", content=pdf().replace(b"%PDF-1.7", b"%PDF-2.0")), "cleaned decrypted"),
    Case("linearized under its owner's lock", lambda: rewritten(
        samples.pdf(3), linearize=True, encryption=pikepdf.Encryption(user="", owner="x")), "cleaned decrypted"),
    Case("linearized under a lock", lambda: rewritten(
        samples.pdf(3), linearize=True, encryption=pikepdf.Encryption(user="u", owner="x")), "refused locked"),
    Case("locked, with a kilobyte before",
         lambda: b"x" * 900 + locked(6, user="ouvre", owner="autre"), "refused locked"),
    Case("locked, with zeros after", lambda: locked(4, user="ouvre", owner="autre") + bytes(90_000), "refused locked"),
    Case("locked, its end missing", lambda: locked(4, user="ouvre", owner="autre")[:-30], "refused truncated"),
    Case("a form that asks to wait", dynamic_form, "cleaned xfa", pages=1),
    Case("a form that was filled", filled_form, "accepted", pages=1),
    Case("a signature", signed, "accepted", pages=1),
    Case("a portfolio with its columns", portfolio, "cleaned embedded_files", pages=1),
    Case("an invoice for computers too", electronic_invoice, "cleaned embedded_files", "facture.pdf", pages=1),
    Case("a layer that is hidden", layers, "accepted", pages=1),
    Case("a page in units of its own", lambda: sized(b"0 0 595 842", b"/UserUnit 75"), "accepted", pages=1),
    Case("a page of forty kilometres", lambda: sized(b"0 0 99999999 99999999"), "accepted|" + BROKEN),
    Case("a page of no size", lambda: sized(b"0 0 0 0"), "accepted|" + BROKEN),
    Case("a page below nothing", lambda: sized(b"-900 -900 -300 -50"), "accepted", pages=1),
    Case("a page that is cropped to nothing", lambda: sized(b"0 0 595 842", b"/CropBox [900 900 999 999]"), BROKEN),
    Case("a page in words", lambda: sized(b"/A (b) null 5"), REPAIRED + "|" + BROKEN),
    Case("a receipt two metres long", lambda: sized(b"0 0 227 5669"), "accepted", pages=1),
    Case("a drawing that draws itself",
         lambda: showing(stream(b"/I Do", FORM + b" /Resources << /XObject << /I 5 0 R >> >>")), "accepted", pages=1),
    Case("two drawings that each draw ten", lambda: laughing(2), "accepted", pages=1),
    Case("thirty drawings that each draw ten", lambda: laughing(30), "refused too_complex"),
]  # fmt: skip
