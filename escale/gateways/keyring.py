"""The keys that lock the keys of files: held outside the database and the store, by purpose, one of each current.

Each file has a data key of its own; its head is that key, wrapped. Turning the keys wraps it anew and leaves the
content alone. Ordinary files are wrapped by a secret that every process holds (AES-256-GCM). Medical ones are wrapped
for a public key (HPKE, RFC 9180, with ML-KEM-768 and X25519 together: what is stolen today must still be closed in
thirty years): every process can put one, only those that hold the private half can open it.

A head says its purpose and which key wrapped it. It opens only under the name that its file had when it was put.
"""

import base64
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cache
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.mlkem import MLKEM768PrivateKey, MLKEM768PublicKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hpke import (
    AEAD,
    KDF,
    KEM,
    MLKEM768X25519PrivateKey,
    MLKEM768X25519PublicKey,
    Suite,
)

from escale.gateways import durable
from escale.gateways.cipher import Altered

_SUITE = Suite(KEM.MLKEM768_X25519, KDF.HKDF_SHA256, AEAD.AES_256_GCM)
_ID = re.compile(r"[0-9A-Za-z.-]{1,40}")
_MARK = b"Escale1"
_HEAD = re.compile(rb"(?P<about>Escale1(?P<purpose>[om])(?P<id>[0-9A-Za-z.-]{1,40})/)(?P<wrapped>.+)", re.DOTALL)
_NONCE, _SEED, _LATTICE_PUBLIC = 12, 64, 1184


class NoKey(LookupError):
    """The key that wrapped this file is not held here: withdrawn, or kept from this process."""


class Kind(StrEnum):
    """The kinds of key, as the key file names them."""

    ORDINARY = "ordinary"
    MEDICAL_PUBLIC = "medical-public"
    MEDICAL_PRIVATE = "medical-private"


_BYTES = {Kind.ORDINARY: 32, Kind.MEDICAL_PUBLIC: 1216, Kind.MEDICAL_PRIVATE: 96}


@dataclass(frozen=True, slots=True)
class Keyring:
    """The keys one process holds, by id; of each kind the last is the current one, with which files are put.

    Raises ValueError for an id or a key that is not well formed, or two halves that do not go together.
    """

    ordinary: Mapping[str, bytes] = field(default_factory=dict, repr=False)
    medical_public: Mapping[str, bytes] = field(default_factory=dict, repr=False)
    medical_private: Mapping[str, bytes] = field(default_factory=dict, repr=False)

    def __post_init__(self) -> None:
        for kind, keys in zip(Kind, (self.ordinary, self.medical_public, self.medical_private), strict=True):
            for key_id, key in keys.items():
                if not _ID.fullmatch(key_id) or len(key) != _BYTES[kind]:
                    raise ValueError(f"{kind} key {key_id!r} is not well formed")
        for key_id, key in self.medical_private.items():
            if self.medical_public.get(key_id, b"") not in (b"", public_half(key)):
                raise ValueError(f"medical key {key_id!r}: the two halves do not go together")

    def wrap(self, data_key: bytes, *, name: str, medical: bool) -> bytes:
        """Return the head of the file of this name, wrapped by the current key; raises NoKey."""
        key_id = self._current(medical=medical)
        about = _about(key_id, medical=medical)
        if medical:
            return about + _SUITE.encrypt(data_key, _public(self.medical_public[key_id]), about + name.encode())
        nonce = secrets.token_bytes(_NONCE)
        return about + nonce + AESGCM(self.ordinary[key_id]).encrypt(nonce, data_key, about + name.encode())

    def unwrap(self, head: bytes, *, name: str) -> bytes:
        """Return the data key of the file of this name; raises NoKey or Altered."""
        read = _read(head)
        medical, key_id, bound = is_medical(head), read["id"].decode(), read["about"] + name.encode()
        key = (self.medical_private if medical else self.ordinary).get(key_id)
        if key is None:
            raise NoKey(f"{'medical' if medical else 'ordinary'} key {key_id}")
        wrapped = read["wrapped"]
        try:
            if medical:
                return _SUITE.decrypt(wrapped, _private(key), bound)
            return AESGCM(key).decrypt(wrapped[:_NONCE], wrapped[_NONCE:], bound)
        except (InvalidTag, ValueError) as error:  # ValueError: too short
            raise Altered("head") from error

    def is_current(self, head: bytes) -> bool:
        """Tell whether a head is wrapped by the current key of its purpose; raises Altered, or NoKey if none is."""
        return _read(head)["about"] == self.mark(medical=is_medical(head))

    def mark(self, *, medical: bool) -> bytes:
        """Return what the heads that the current key of a purpose wraps begin with; raises NoKey."""
        return _about(self._current(medical=medical), medical=medical)

    def _current(self, *, medical: bool) -> str:
        keys = self.medical_public if medical else self.ordinary
        if not keys:
            raise NoKey(f"no {'medical' if medical else 'ordinary'} key at all")
        return [*keys][-1]


def is_medical(head: bytes) -> bool:
    """Tell the purpose that a head states; raises Altered."""
    return _read(head)["purpose"] == b"m"


def read(*files: Path) -> Keyring:
    """Return the keyring that key files write, one key a line: kind, id, base64; `#` begins a comment.

    Raises OSError, or ValueError without telling any key: for a line that is not well formed, an id given twice.
    """
    held: dict[str, dict[str, bytes]] = {kind: {} for kind in Kind}
    for file in files:
        for number, line in enumerate(file.read_text(encoding="ascii", errors="replace").splitlines(), start=1):
            if words := line.partition("#")[0].split():
                try:
                    kind, key_id, encoded = words
                    key = base64.b64decode(encoded, validate=True)
                    if held[kind].setdefault(key_id, key) != key:
                        raise ValueError("an id given twice")
                except (ValueError, KeyError):
                    raise ValueError(f"{file}, line {number}: not a key, or an id given twice") from None
    return Keyring(held[Kind.ORDINARY], held[Kind.MEDICAL_PUBLIC], held[Kind.MEDICAL_PRIVATE])


@cache
def held(*files: Path | str) -> Keyring:
    """Return the keyring of these key files, read once by this process; raises as `read` does."""
    return read(*map(Path, files))


def add(file: Path, key_id: str, keys: Mapping[Kind, bytes]) -> None:
    """Make these the current keys of their kinds in a key file, which is made if need be, for its owner only."""
    before = file.read_bytes() if file.exists() else b""
    lines = (f"{kind} {key_id} {base64.b64encode(key).decode()}\n" for kind, key in keys.items())
    durable.replace(file, [before, *(line.encode() for line in lines)])


def draw(kind: Kind) -> bytes:
    """Draw a new ordinary or medical private key."""
    return secrets.token_bytes(_BYTES[kind])


def public_half(private: bytes) -> bytes:
    """Return the half of a medical key that every process may hold."""
    lattice = MLKEM768PrivateKey.from_seed_bytes(private[:_SEED]).public_key()
    curve = X25519PrivateKey.from_private_bytes(private[_SEED:]).public_key()
    return lattice.public_bytes_raw() + curve.public_bytes_raw()


def _about(key_id: str, *, medical: bool) -> bytes:
    return _MARK + (b"m" if medical else b"o") + key_id.encode() + b"/"


def _read(head: bytes) -> re.Match[bytes]:
    if not (read := _HEAD.fullmatch(head)):
        raise Altered("head")
    return read


def _private(key: bytes) -> MLKEM768X25519PrivateKey:
    return MLKEM768X25519PrivateKey(
        MLKEM768PrivateKey.from_seed_bytes(key[:_SEED]), X25519PrivateKey.from_private_bytes(key[_SEED:])
    )


def _public(key: bytes) -> MLKEM768X25519PublicKey:
    return MLKEM768X25519PublicKey(
        MLKEM768PublicKey.from_public_bytes(key[:_LATTICE_PUBLIC]),
        X25519PublicKey.from_public_bytes(key[_LATTICE_PUBLIC:]),
    )
