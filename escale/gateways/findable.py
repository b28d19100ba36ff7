"""Short words that are kept sealed and have to be found again: beside the seal, a digest that only the house makes.

Numbers that people bear are few enough to be tried one after the other, so that a plain digest would tell them. This
one is an HMAC-SHA-256, whose key is made for it alone from an ordinary key of the house (HKDF): turning the keys makes
it anew with the seal, which says which key made both. The seal opens beside its own digest only.
"""

import hmac
from functools import cache

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDFExpand

from escale.gateways.keyring import Keyring, NoKey

DIGEST_SIGNS = 64

_PURPOSE = "escale.findable"


def digests(words: str, *, keys: Keyring) -> list[str]:
    """Return under which digests words may be kept, one for each key; the last is the current one. Raises NoKey."""
    if not keys.ordinary:
        raise NoKey("no ordinary key at all")
    return [hmac.digest(_made_from(key), words.encode(), "sha256").hex() for key in keys.ordinary.values()]


def seal(words: str, *, digest: str, keys: Keyring) -> bytes:
    """Seal words beside their current digest; raises NoKey."""
    return keys.wrap(words.encode(), name=f"{_PURPOSE}/{digest}", medical=False)


def opened(sealed: bytes, *, digest: str, keys: Keyring) -> str:
    """Return the words that were sealed beside this digest; raises NoKey or Altered."""
    return keys.unwrap(sealed, name=f"{_PURPOSE}/{digest}").decode()


@cache
def _made_from(key: bytes) -> bytes:
    return HKDFExpand(SHA256(), 32, _PURPOSE.encode()).derive(key)
