"""What an editor leaves written in a file that went through it: read in its bytes, nothing is opened."""

import re
from collections.abc import Iterable

_EDITORS = {
    "photoshop": rb"Adobe Photoshop",
    "lightroom": rb"Adobe (?:Photoshop )?Lightroom",
    "gimp": rb"GIMP [23]\.",
    "snapseed": rb"Snapseed",
    "picsart": rb"PicsArt",
    "pixlr": rb"Pixlr",
    "canva": rb"\bCanva\b",
    "facetune": rb"Facetune",
    "affinity": rb"Affinity (?:Photo|Designer|Publisher)",
    "paintnet": rb"paint\.net",
    "inkscape": rb"Inkscape",
    "illustrator": rb"Adobe Illustrator",
    "sejda": rb"[Ss]ejda",
    "pdfescape": rb"PDFescape",
    "foxit": rb"Foxit (?:PhantomPDF|PDF Editor)",
}
NAMES = {
    "photoshop": "Adobe Photoshop", "lightroom": "Adobe Lightroom", "gimp": "GIMP", "snapseed": "Snapseed",
    "picsart": "PicsArt", "pixlr": "Pixlr", "canva": "Canva", "facetune": "Facetune", "affinity": "Affinity",
    "paintnet": "paint.net", "inkscape": "Inkscape", "illustrator": "Adobe Illustrator", "sejda": "Sejda",
    "pdfescape": "PDFescape", "foxit": "Foxit", "revised": "un ajout après coup dans le PDF",
}  # fmt: skip
"""What each trace is called."""

_ANY = re.compile(b"|".join(b"(?P<%s>%s)" % (name.encode(), shape) for name, shape in _EDITORS.items()))
_END = re.compile(rb"%%EOF")
_LONGEST = 64


def traces(content: Iterable[bytes], *, kind: str) -> frozenset[str]:
    """
    Return the traces, keys of NAMES, that editors left in a file of this media type, given some bytes at a time.

    The names that editors write of themselves in EXIF, XMP and the properties of PDF files; and for a PDF that it was
    changed after it was made (ISO 32000-2, 7.5.6). Whoever wants to hide them can: none proves that nothing was done;
    and to straighten a photograph is no fraud. Metadata that a PDF compresses are not read.
    """
    found: set[str] = set()
    ends, linear, tail = 0, False, b""
    for chunk in content:
        window = tail + chunk
        found.update(match.lastgroup for match in _ANY.finditer(window) if match.lastgroup)
        ends += len(_END.findall(window)) - len(_END.findall(tail))
        linear = linear or b"/Linearized" in window
        tail = window[-_LONGEST:]
    if kind == "application/pdf" and ends > 1 + linear:
        found.add("revised")
    return frozenset(found)
