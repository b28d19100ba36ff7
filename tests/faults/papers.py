"""Papers to send: each a true PDF of one page, unlike any other, of the size that is asked."""

import hashlib
import os
from dataclasses import dataclass

from launcher.clamd import EICAR
from tests.documents_corpus import pdf_writer


@dataclass(frozen=True)
class Paper:
    """A file and the paper that it is."""

    code: str
    content: bytes

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.content).hexdigest()


def paper(code: str, size: int, *, infected: bool = False) -> Paper:
    """A sound paper, or one that holds the test virus."""
    noise = os.urandom(size).replace(b"endstream", b"ENDSTREAM")
    return Paper(code, pdf_writer.pdf(pdf_writer.stream(noise + (EICAR.encode() if infected else b""))))
