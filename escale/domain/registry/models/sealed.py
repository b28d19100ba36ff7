"""Short words that a row keeps sealed, in `…_sealed`, beside the digest by which they are found, in `…_digest`."""

from typing import Any, TypeVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Substr
from django.db.models.lookups import Exact

from escale.gateways import findable, keyring
from escale.gateways.cipher import Altered

Row = TypeVar("Row", bound=models.Model)


def digests(words: str) -> list[str]:
    """Return the digests under which words may be kept: while the keys turn, several; the last is the current one."""
    return findable.digests(words, keys=_keys())


def seal(words: str, *, digest: str) -> bytes:
    """Seal words beside their digest."""
    return findable.seal(words, digest=digest, keys=_keys())


def sealed(words: str) -> tuple[str, bytes]:
    """Return the digest of words and their seal; of none, nothing."""
    if not words:
        return "", b""
    digest = digests(words)[-1]
    return digest, seal(words, digest=digest)


def opened(kept: bytes | memoryview, *, digest: str) -> str:
    """Return the words that were sealed beside this digest; raises keyring.NoKey or Altered."""
    return findable.opened(bytes(kept), digest=digest, keys=_keys()) if digest else ""


def under_older_keys(rows: "models.QuerySet[Row]", *, of: str) -> "models.QuerySet[Row]":
    """Keep the rows whose words of this name the current key did not seal."""
    return rows.exclude(_current(of) | Q(**{f"{of}_digest": ""}))


def under_current_key(rows: "models.QuerySet[Row]", *, of: str) -> "models.QuerySet[Row]":
    """Keep the rows whose words of this name the current key sealed."""
    return rows.filter(_current(of))


def damaged(row: Any, *, of: str) -> bool:
    """Tell whether what is kept of its words does not open any more; raises keyring.NoKey if its key is not held."""
    try:
        return not getattr(row, of) and bool(getattr(row, f"{of}_sealed"))
    except Altered:
        return True


def _current(of: str) -> Exact:
    mark = _keys().mark(medical=False)
    return Exact(Substr(f"{of}_sealed", 1, len(mark), output_field=models.BinaryField()), mark)


def _keys() -> keyring.Keyring:
    return keyring.held(settings.VAULT_KEYS)
