"""PDF files under every kind of lock that qpdf can make, and one that it cannot."""

import re

import pikepdf

from tests.documents_corpus.active_pdfs import JS
from tests.documents_corpus.case import Case
from tests.documents_corpus.pdf_writer import pdf, rewritten

_CIPHERS = {2: "RC4 40 bits", 3: "RC4 128 bits", 4: "AES 128 bits", 5: "AES 256 bits, first draft", 6: "AES 256 bits"}


def locked(revision: int, *, user: str, owner: str, content: bytes | None = None, secret: bool = True) -> bytes:
    """A page under this lock, its metadata too unless they are no secret; with AES its bytes differ each time."""
    aes = revision >= 4
    lock = pikepdf.Encryption(user=user, owner=owner, R=revision, aes=aes, metadata=aes and secret)
    return rewritten(content or pdf(), encryption=lock, **({} if aes else {"static_id": True}))


def locked_by_certificate() -> bytes:
    lock = b"<< /Filter /Adobe.PubSec /SubFilter /adbe.pkcs7.s4 /V 2 /R 3 /Length 128 /Recipients [(a)] >>"
    return pdf(lock, trailer=b"/Encrypt 6 0 R /ID [<00> <00>]")


def locked_in_the_trailer() -> bytes:
    """The lock is written in the trailer itself, as some makers do."""
    content = locked(3, user="", owner="x")
    found = re.search(rb"/Encrypt (\d+) 0 R", content)
    assert found
    lock = content[content.index(b"\n%s 0 obj\n" % found[1]) :].partition(b" obj\n")[2].partition(b"\nendobj")[0]
    return content.replace(found[0], b"/Encrypt " + lock)


CASES = [
    *(
        Case(f"{cipher}: {what}", lambda r=revision, u=user, o=owner: locked(r, user=u, owner=o), expected)
        for revision, cipher in _CIPHERS.items()
        for what, user, owner, expected in (
            ("a password to open it", "ouvre", "autre", "refused locked"),
            ("one password for all", "ouvre", "ouvre", "refused locked"),
            ("a password to open it, none for its owner", "ouvre", "", "refused locked"),
            ("its owner's password only", "", "autre", "cleaned decrypted"),
            ("no password at all", "", "", "cleaned decrypted"),
        )
    ),
    Case("a certificate", locked_by_certificate, "refused protected"),
    Case("JavaScript under its owner's lock",
         lambda: locked(6, user="", owner="x", content=pdf(catalog=b"/OpenAction " + JS)),
         "cleaned decrypted javascript open_action"),
    Case("its owner's lock in the trailer", locked_in_the_trailer, "cleaned decrypted"),
    Case("metadata outside its owner's lock", lambda: locked(4, user="", owner="x", secret=False), "cleaned decrypted"),
    Case("a lock that is only spoken of", lambda: pdf(b"<< /Encrypt 9 0 R >>"), "accepted"),
]  # fmt: skip
