"""PDF files that would do something, each in its own way, and some that only look as if they would."""

import pikepdf

from tests.documents_corpus.case import Case
from tests.documents_corpus.pdf_writer import deflated, pdf, rewritten, stream, with_attachments

JS = b"<< /S /JavaScript /JS (app.alert\\(1\\)) >>"
LAUNCH = b"<< /S /Launch /F (cmd.exe) /Win << /F (cmd.exe) /P (/c calc) >> >>"
URI = b"<< /S /URI /URI (http://example.org/) >>"
FILE = b"<< /Type /Filespec /F (note.txt) /EF << /F 7 0 R >> >>"
EMBEDDED = stream(b"Bonjour", b"/Type /EmbeddedFile")
LINK = b"/Annots [<< /Type /Annot /Subtype /Link /Rect [0 0 9 9] /A %s >>]"


def annotation(subtype: bytes, more: bytes) -> bytes:
    return b"/Annots [<< /Type /Annot /Subtype /%s /Rect [0 0 90 90] %s >>]" % (subtype, more)


def nested(depth: int) -> bytes:
    return pdf(b"<< /Deep " + b"[" * depth + JS + b"]" * depth + b" >>")


def chained(depth: int) -> bytes:
    action = JS
    for _ in range(depth):
        action = b"<< /S /GoTo /D [3 0 R /Fit] /Next " + action + b" >>"
    return pdf(page=LINK % action)


def hidden_in_an_object_stream() -> bytes:
    return rewritten(pdf(JS, catalog=b"/Names << /JavaScript << /Names [(a) 6 0 R] >> >>"),
                     object_stream_mode=pikepdf.ObjectStreamMode.generate, static_id=True)  # fmt: skip


def form(field: bytes = b"", more: bytes = b"") -> bytes:
    return pdf(
        b"<< /FT /Tx /T (nom) /Type /Annot /Subtype /Widget /Rect [0 0 99 20] /P 3 0 R " + field + b" >>",
        catalog=b"/AcroForm << /Fields [6 0 R] " + more + b" >>",
        page=b"/Annots [6 0 R]",
    )


def changed(body: bytes) -> bytes:
    """What is appended to a file of seven objects to change its sixth, without saying where: readers look for it."""
    return b"6 0 obj\n" + body + b"\nendobj\ntrailer\n<< /Size 7 /Root 1 0 R >>\nstartxref\n0\n%%EOF\n"


def pdf_in_pdf() -> bytes:
    return with_attachments({"autre.pdf": pdf(catalog=b"/OpenAction " + JS)}, static_id=True)


JAVASCRIPT = "cleaned javascript"
FILES = "cleaned embedded_files"
MEDIA = "cleaned rich_media"

CASES = [
    Case("JavaScript at opening", lambda: pdf(catalog=b"/OpenAction " + JS), JAVASCRIPT + " open_action"),
    Case("JavaScript at opening, elsewhere",
         lambda: pdf(JS, catalog=b"/OpenAction 6 0 R"), JAVASCRIPT + " open_action"),
    Case("JavaScript in the names",
         lambda: pdf(JS, catalog=b"/Names << /JavaScript << /Names [(a) 6 0 R] >> >>"), JAVASCRIPT),
    Case("JavaScript when a page opens",
         lambda: pdf(page=b"/AA << /O " + JS + b" >>"), JAVASCRIPT + " additional_actions"),
    Case("JavaScript when the file closes",
         lambda: pdf(catalog=b"/AA << /WC " + JS + b" >>"), JAVASCRIPT + " additional_actions"),
    Case("JavaScript in a link", lambda: pdf(page=LINK % JS), JAVASCRIPT),
    Case("JavaScript after another action", lambda: chained(1), JAVASCRIPT),
    Case("JavaScript after forty actions", lambda: chained(40), JAVASCRIPT),
    Case("JavaScript under forty arrays", lambda: nested(40), JAVASCRIPT),
    Case("JavaScript under four hundred arrays", lambda: nested(400), JAVASCRIPT + "|refused broken|cleaned repaired"),
    Case("JavaScript under an escaped name",
         lambda: pdf(page=LINK % b"<< /#53 /J#61vaScript /J#53 (1) >>"), JAVASCRIPT),
    Case("JavaScript in a compressed stream",
         lambda: pdf(b"<< /S /JavaScript /JS 7 0 R >>", deflated(b"app.alert(1)")), JAVASCRIPT),
    Case("JavaScript in an object stream", hidden_in_an_object_stream, JAVASCRIPT),
    Case("JavaScript that nothing leads to", lambda: pdf(JS), JAVASCRIPT),
    Case("JavaScript in an outline", lambda: pdf(
        b"<< /First 7 0 R /Last 7 0 R /Count 1 >>", b"<< /Title (A) /Parent 6 0 R /A " + JS + b" >>",
        catalog=b"/Outlines 6 0 R"), JAVASCRIPT),
    Case("JavaScript in a field", lambda: form(b"/AA << /K " + JS + b" >>"), JAVASCRIPT + " additional_actions"),
    Case("JavaScript in a rendition",
         lambda: pdf(page=LINK % b"<< /S /Rendition /JS (1) >>"), JAVASCRIPT + " rich_media"),
    Case("JavaScript among several actions to follow",
         lambda: pdf(page=LINK % (b"<< /S /GoTo /D [3 0 R /Fit] /Next [" + URI + JS + b"] >>")), JAVASCRIPT),
    Case("JavaScript in the resources of a page",
         lambda: pdf(b"<< /Properties << /P << /A [<< /B " + JS + b" >>] >> >> >>"), JAVASCRIPT),
    Case("JavaScript in the dictionary of a stream",
         lambda: pdf(stream(b"", b"/PieceInfo << /A << /Private << /B " + JS + b" >> >> >>")), JAVASCRIPT),
    Case("JavaScript in the trailer", lambda: pdf(trailer=b"/Info << /A << /B " + JS + b" >> >>"), JAVASCRIPT),
    Case("JavaScript in a version of before", lambda: pdf(JS) + changed(b"null"), "cleaned repaired"),
    Case("JavaScript in a version of after", lambda: pdf(b"null") + changed(JS), JAVASCRIPT + " repaired"),
    Case("a link that is JavaScript",
         lambda: pdf(page=LINK % b"<< /S /URI /URI (javascript:app.alert\\(1\\)) >>"), "accepted|" + JAVASCRIPT),
    Case("a programme launched from the network",
         lambda: pdf(page=LINK % b"<< /S /Launch /F << /FS /URL /F (http://example.org/a) >> >>"), "cleaned launch"),
    Case("a programme launched for Unix", lambda: pdf(page=LINK % b"<< /S /Launch /Unix (sh) >>"), "cleaned launch"),
    Case("a programme launched under ten dictionaries",
         lambda: pdf(b"<< /A " * 10 + LAUNCH + b" >>" * 10), "cleaned launch"),
    Case("a programme launched by an outline", lambda: pdf(
        b"<< /First 7 0 R /Last 7 0 R /Count 1 >>", b"<< /Title (A) /Parent 6 0 R /A " + LAUNCH + b" >>",
        catalog=b"/Outlines 6 0 R"), "cleaned launch"),
    Case("actions in a field above the fields", lambda: pdf(
        b"<< /T (a) /Kids [7 0 R] /AA << /C " + JS + b" >> >>",
        b"<< /FT /Tx /T (b) /Parent 6 0 R /Type /Annot /Subtype /Widget /Rect [0 0 9 9] >>",
        catalog=b"/AcroForm << /Fields [6 0 R] >>", page=b"/Annots [7 0 R]"), JAVASCRIPT + " additional_actions"),
    Case("a form without any action", lambda: form(), "accepted"),
    Case("a form that is sent",
         lambda: form(b"/A << /S /SubmitForm /F (http://example.org) >>"), "cleaned submit_form"),
    Case("a form that imports", lambda: form(b"/A << /S /ImportData /F (a.fdf) >>"), "cleaned import_data"),
    Case("an XFA form", lambda: form(more=b"/XFA [(template) 4 0 R]"), "cleaned xfa"),
    Case("a programme launched at opening",
         lambda: pdf(catalog=b"/OpenAction " + LAUNCH), "cleaned launch open_action"),
    Case("a programme launched by a link", lambda: pdf(page=LINK % LAUNCH), "cleaned launch"),
    Case("a programme launched when a page closes",
         lambda: pdf(page=b"/AA << /C " + LAUNCH + b" >>"), "cleaned launch additional_actions"),
    Case("a web page opened at once", lambda: pdf(catalog=b"/OpenAction " + URI), "cleaned open_action"),
    Case("a web page opened with a page", lambda: pdf(page=b"/AA << /O " + URI + b" >>"), "cleaned additional_actions"),
    Case("a link to the web", lambda: pdf(page=LINK % URI), "accepted"),
    Case("a place to open at", lambda: pdf(catalog=b"/OpenAction [3 0 R /Fit]"), "accepted"),
    Case("a place to go to at opening", lambda: pdf(catalog=b"/OpenAction << /S /GoTo /D [3 0 R /Fit] >>"), "accepted"),
    Case("no additional action", lambda: pdf(catalog=b"/AA << >>"), "accepted"),
    Case("a word of JavaScript in a title",
         lambda: pdf(b"<< /Title (/JavaScript /Launch) >>", trailer=b"/Info 6 0 R"), "accepted"),
    Case("a link into another file",
         lambda: pdf(page=LINK % b"<< /S /GoToR /F (b.pdf) /D [0 /Fit] >>"), "cleaned external_file"),
    Case("a link into a file inside", lambda: pdf(page=LINK % b"<< /S /GoToE /D [0 /Fit] >>"), "cleaned external_file"),
    Case("a stream kept in another file", lambda: pdf(stream(b"", b"/F (/etc/passwd)")), "cleaned external_file"),
    Case("a file inside",
         lambda: pdf(FILE, EMBEDDED, catalog=b"/Names << /EmbeddedFiles << /Names [(n) 6 0 R] >> >>"), FILES),
    Case("a file in an annotation",
         lambda: pdf(FILE, EMBEDDED, page=annotation(b"FileAttachment", b"/FS 6 0 R")), FILES),
    Case("a file that nothing leads to", lambda: pdf(b"null", EMBEDDED), FILES),
    Case("a portfolio", lambda: pdf(FILE, EMBEDDED, catalog=b"/Collection << /Type /Collection >>"), FILES),
    Case("a file inside that is empty", lambda: with_attachments({"vide.txt": b""}, static_id=True), FILES),
    Case("a hundred files inside", lambda: with_attachments({f"{n}.txt": b"x" for n in range(100)}, static_id=True),
         "refused too_complex"),
    Case("a PDF with JavaScript inside a PDF", pdf_in_pdf, FILES),
    Case("a broken PDF inside a PDF", lambda: with_attachments({"a.pdf": b"%PDF-1.7 nothing"}, static_id=True), FILES),
    Case("rich media", lambda: pdf(page=annotation(b"RichMedia", b"/RichMediaContent << >>")), MEDIA),
    Case("a screen", lambda: pdf(page=annotation(b"Screen", b"/A << /S /Rendition /OP 0 >>")), MEDIA),
    Case("a film on the page", lambda: pdf(page=annotation(b"Movie", b"/Movie << /F (a.avi) >>")), MEDIA),
    Case("a sound on the page", lambda: pdf(page=annotation(b"Sound", b"/Sound 4 0 R")), MEDIA),
    Case("a solid", lambda: pdf(page=annotation(b"3D", b"/3DD 4 0 R")), MEDIA),
]  # fmt: skip
