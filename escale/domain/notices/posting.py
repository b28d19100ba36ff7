"""What a letter on paper says, sealed from the moment it is written until it is printed."""

import json
from pathlib import Path
from typing import Any

from django.conf import settings
from django.template import Engine

from escale.domain.notices.models import PaperLetter
from escale.gateways import envelope, keyring
from escale.gateways.envelope import Envelope
from escale.gateways.letters import Letter

CODE_PAGE, RECOVERY_PAGE = "/creer-mon-compte/code/", "/connexion/acces-perdu/"
_PAPERS = Engine(dirs=[str(Path(__file__).parent / "papers")], autoescape=False)


def seal(kind: str, words: dict[str, Any]) -> Envelope:
    """Write a letter from its template and seal it: the first line is the title, a blank line parts paragraphs."""
    pages = {"code_page": settings.PUBLIC_URL + CODE_PAGE, "recovery_page": settings.PUBLIC_URL + RECOVERY_PAGE}
    text = _PAPERS.render_to_string(f"{kind}.txt", {**words, **pages})
    title, *paragraphs = [" ".join(part.split()) for part in text.strip().split("\n\n")]
    said = {"title": title, "paragraphs": paragraphs, "code": words.get("code", ""), "number": words["number"]}
    return envelope.seal(json.dumps(said).encode(), keys=keyring.held(settings.VAULT_KEYS))


def opened(letter: PaperLetter, *, written_on: str) -> Letter:
    """
    Return what a letter says, to print it.

    :raises keyring.NoKey, cipher.Altered: if it is not as it was sealed.
    """
    sealed = Envelope(letter.name, bytes(letter.head), bytes(letter.sealed))
    said = json.loads(envelope.opened(sealed, keys=keyring.held(settings.VAULT_KEYS)))
    return Letter(
        address=letter.address.splitlines(),
        reference=said["number"],
        written_on=written_on,
        title=said["title"],
        paragraphs=said["paragraphs"],
        code=said["code"],
    )
