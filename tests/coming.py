"""Files on their way to a claim."""

import io

import pikepdf

from escale.domain.claims import actions as claims
from escale.domain.claims.models import Arrival, Claim
from escale.domain.documents import queries as documents
from escale.domain.documents.models import Part
from tests import factories


def arrival(claim: Claim, *, name: str = "facture.pdf", size: int = 1000, content: bytes = b"") -> Arrival:
    """A file on its way to a draft, of which some bytes have arrived."""
    coming = claims.expect(
        claim=claim, bill=None, paper="bill", medical=False, name=name, declared_type="", size=size,
        by=factories.owner(claim),
    )  # fmt: skip
    if content:  # by hand: `append` lets go of the database, which a test holds
        stored = documents.vault().put([content])
        Part.objects.create(upload=coming.upload, offset=0, size=stored.size, key=stored.key)
        coming.upload.received = stored.size
        coming.upload.save()
    return coming


def locked(claim: Claim, *, name: str = "relevé.pdf", password: str = "sésame") -> Arrival:
    """A PDF that came whole to a draft, and waits for its password."""
    content = locked_pdf(password)
    coming = arrival(claim, name=name, size=len(content), content=content)
    claims.finish(arrival=coming, by=factories.owner(claim))
    return coming


def locked_pdf(password: str = "sésame") -> bytes:
    """A page of PDF unlike any other, which asks for this password."""
    paper = io.BytesIO()
    with pikepdf.open(io.BytesIO(factories.pdf())) as opened:
        opened.save(paper, encryption=pikepdf.Encryption(user=password, owner="", R=6))
    return paper.getvalue()
