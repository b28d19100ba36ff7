"""The cipher of stored files: AES-256-GCM in frames, so that a file of any size passes through in little memory.

A file is cut in frames of 128 KiB, each sealed under a nonce made of its number and of whether it is the last (the
STREAM construction, Hoang, Reyhanitabar, Rogaway and Vizár, 2015). A data key serves one file only, so that no nonce
ever comes twice. A frame that was changed, moved, repeated, left out or taken from another file does not open, and the
end of a file cannot be cut off. A frame is given out only once it is known to be whole.
"""

import secrets
from collections.abc import Iterable, Iterator

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

FRAME = 128 * 1024
_TAG = 16
SEALED_FRAME = FRAME + _TAG


class Altered(Exception):
    """These bytes are not those that were put: changed, cut short, exchanged, or never ours."""


def data_key() -> bytes:
    """Draw the key of one file, 32 bytes."""
    return secrets.token_bytes(32)


def seal(key: bytes, chunks: Iterable[bytes]) -> Iterator[bytes]:
    """Yield the sealed frames of a content that comes in chunks of any size; an empty one has one empty frame."""
    cipher, number, waiting = AESGCM(key), 0, b""
    for chunk in chunks:
        rest = memoryview(chunk)
        while rest:
            if len(waiting) == FRAME:  # only what comes after a frame tells that it is not the last
                yield cipher.encrypt(_nonce(number, last=False), waiting, None)
                number, waiting = number + 1, b""
            piece, rest = rest[: FRAME - len(waiting)], rest[FRAME - len(waiting) :]
            waiting += bytes(piece)
    yield cipher.encrypt(_nonce(number, last=True), waiting, None)


class Frames:
    """The sealed frames of one file, to be opened in any order; `sealed` is how many bytes they take together.

    `size`, how many bytes the content has, is known to be true once the last frame has opened.
    """

    def __init__(self, key: bytes, sealed: int) -> None:
        self._cipher = AESGCM(key)
        self.last = max(0, -(-sealed // SEALED_FRAME) - 1)
        self.size = sealed - (self.last + 1) * _TAG
        least = self.last * FRAME + 1 if self.last else 0  # only an empty content has an empty last frame
        if self.size < least:
            raise Altered("cut short")

    def open(self, number: int, frame: bytes) -> bytes:
        """Return the content of a sealed frame; raises Altered."""
        try:
            return self._cipher.decrypt(_nonce(number, last=number == self.last), frame, None)
        except (InvalidTag, ValueError) as error:  # ValueError: too short to be a frame
            raise Altered(f"frame {number}") from error


def _nonce(number: int, *, last: bool) -> bytes:
    return number.to_bytes(11, "big") + bytes([last])
