"""Short texts that the database keeps sealed: each opens under its own name only, with the keys of its purpose."""

import secrets
from typing import NamedTuple

from escale.gateways import cipher, keyring
from escale.gateways.keyring import Keyring


class Envelope(NamedTuple):
    """A sealed text: its name, the head that holds its key, wrapped, and its content."""

    name: str
    head: bytes
    content: bytes


def seal(text: bytes, *, keys: Keyring, medical: bool = False) -> Envelope:
    """Seal a text with a key of its own, wrapped for everybody of the house or for physicians; raises NoKey."""
    name, key = secrets.token_hex(16), cipher.data_key()
    return Envelope(name, keys.wrap(key, name=name, medical=medical), b"".join(cipher.seal(key, [text])))


def rewrapped(head: bytes, *, name: str, keys: Keyring) -> bytes:
    """Return the head of a text, wrapped by the current key of its purpose; raises NoKey or Altered."""
    if keys.is_current(head):
        return head
    return keys.wrap(keys.unwrap(head, name=name), name=name, medical=keyring.is_medical(head))


def opened(envelope: Envelope, *, keys: Keyring) -> bytes:
    """Return the text of at most 128 KiB that was sealed; raises NoKey or Altered."""
    key = keys.unwrap(envelope.head, name=envelope.name)
    return cipher.Frames(key, len(envelope.content)).open(0, envelope.content)
