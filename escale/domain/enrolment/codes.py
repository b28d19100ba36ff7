"""The codes that prove that a letter was received, or an identity checked: drawn, told once, kept as digests."""

import hmac
import secrets
from typing import NamedTuple

from django.utils.crypto import salted_hmac

_SIGNS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
_LENGTH, _MARK = 12, 3
_SALT = "escale.enrolment.code"


class Digests(NamedTuple):
    """What is kept of a code: the digest of its beginning, and that of the whole.

    Only a try that begins well counts against a code: whoever knows no more than an address never uses one up. The
    nine signs that follow hold 45 bits.
    """

    mark: str
    whole: str


def number() -> str:
    """Draw a number by which a request is spoken of; it proves nothing."""
    signs = _draw(10)
    return f"{signs[:5]}-{signs[5:]}"


def draw() -> str:
    """Draw a code as it is printed: three groups of four signs, none of which looks like another."""
    signs = _draw(_LENGTH)
    return "-".join(signs[start : start + 4] for start in range(0, _LENGTH, 4))


def digests(code: str) -> Digests:
    """Return what is kept of a code, however it was typed."""
    signs = "".join(sign for sign in code.upper() if sign.isalnum())
    return Digests(_digest(signs[:_MARK]), _digest(signs))


def same(one: str, other: str) -> bool:
    """Compare two digests in a time that tells nothing."""
    return bool(one) and hmac.compare_digest(one, other)


def _digest(signs: str) -> str:
    return salted_hmac(_SALT, signs, algorithm="sha256").hexdigest()


def _draw(length: int) -> str:
    return "".join(secrets.choice(_SIGNS) for _ in range(length))
