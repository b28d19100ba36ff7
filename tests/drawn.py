"""Papers as a scanner or a telephone gives them, each unlike any other."""

import io
from itertools import count

from PIL import Image

_ranks = count(1)


def pdf() -> bytes:
    """A page of PDF unlike any other."""
    return _drawn("PDF")


def jpeg() -> bytes:
    """A photograph unlike any other."""
    return _drawn("JPEG")


def _drawn(form: str) -> bytes:
    rank, paper = next(_ranks), io.BytesIO()
    image = Image.new("RGB", (120, 170), "white")
    image.paste((rank % 256, rank // 256 % 256, 90), (10, 10, 60, 60))
    image.save(paper, form, **({"title": f"Facture {rank}"} if form == "PDF" else {"comment": b"%d" % rank}))
    return paper.getvalue()
