"""Files on their way to a claim."""

import io

import pikepdf

from escale.domain.claims import actions as claims
from escale.domain.claims.models import Arrival, Claim
from tests import factories


def arrival(claim: Claim, *, name: str = "facture.pdf", size: int = 1000, sha256: str = "") -> Arrival:
    """A file on its way to a draft, of which nothing has arrived yet."""
    return claims.expect(
        claim=claim, bill=None, paper="bill", medical=False, name=name, declared_type="", size=size, sha256=sha256,
        by=factories.owner(claim),
    )  # fmt: skip


def locked(claim: Claim, *, name: str = "relevé.pdf", password: str = "sésame") -> Arrival:
    """A PDF that came to a draft, and waits for its password."""
    content = locked_pdf(password)
    try:
        claims.attach(
            claim=claim, bill=None, paper="bill", medical=False, content=io.BytesIO(content), name=name,
            declared_type="application/pdf", size=len(content), by=factories.owner(claim),
        )  # fmt: skip
    except claims.Locked as lock:
        return lock.arrival
    raise AssertionError("it opened without a password")


def locked_pdf(password: str = "sésame") -> bytes:
    """A page of PDF unlike any other, which asks for this password."""
    paper = io.BytesIO()
    with pikepdf.open(io.BytesIO(factories.pdf())) as opened:
        opened.save(paper, encryption=pikepdf.Encryption(user=password, owner="", R=6))
    return paper.getvalue()
