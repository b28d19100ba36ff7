"""Papers that never came, and that an agent asks for."""

from typing import Any

from escale.domain.accounts.actor import Actor
from escale.domain.claims import actions as claims
from escale.domain.claims.models import AskedPaper, Attachment, Claim
from tests import factories


def paper(claim: Claim | None = None, *, code: str = "mission_order", by: Actor | None = None) -> AskedPaper:
    """A paper of a claim that the insured person is to send (needs `scanning`)."""
    claim, by = claim or factories.received(), by or factories.agent()
    [asked] = claims.ask_papers(claim=claim, wanted={code: "Avec les dates de la mission."}, by=by)
    return asked


def sent(to: AskedPaper, *, content: bytes | None = None, **traits: Any) -> Attachment:
    """The paper that was asked for, that nobody scanned yet."""
    return factories.attachment(to.claim, paper=to.paper, content=content, name="ordre.pdf", answers=to, **traits)
