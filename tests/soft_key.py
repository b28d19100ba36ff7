"""An authenticator in memory, honest unless told otherwise: what a browser answers for it (WebAuthn level 3)."""

import hashlib
import json
import secrets
from dataclasses import dataclass, field
from typing import Any

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from fido2.cose import ES256
from fido2.utils import websafe_encode
from fido2.webauthn import AttestationObject, AttestedCredentialData, AuthenticatorData

PRESENT, VERIFIED, ATTESTED = 0x01, 0x04, 0x40


@dataclass
class SoftKey:
    """One key, for one host, which counts how often it signs."""

    origin: str
    host: str = "localhost"
    counter: int = 0
    flags: int = PRESENT | VERIFIED
    private: ec.EllipticCurvePrivateKey = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))
    credential_id: bytes = field(default_factory=lambda: secrets.token_bytes(32))

    def create(self, asked: dict[str, Any]) -> str:
        """Answer what asks for a new key."""
        public = ES256.from_cryptography_key(self.private.public_key())
        kept = AttestedCredentialData.create(b"\0" * 16, self.credential_id, public)
        told = AuthenticatorData.create(self._host(), self.flags | ATTESTED, self.counter, kept)
        attestation = AttestationObject.create("none", told, {})
        return self._answer(self._client("webauthn.create", asked), attestationObject=bytes(attestation))

    def sign(self, asked: dict[str, Any]) -> str:
        """Answer what asks for a signature."""
        self.counter += 1
        client = self._client("webauthn.get", asked)
        told = AuthenticatorData.create(self._host(), self.flags, self.counter)
        signature = self.private.sign(bytes(told) + hashlib.sha256(client).digest(), ec.ECDSA(hashes.SHA256()))
        return self._answer(client, authenticatorData=bytes(told), signature=signature)

    def _host(self) -> bytes:
        return hashlib.sha256(self.host.encode()).digest()

    def _client(self, kind: str, asked: dict[str, Any]) -> bytes:
        said = {"type": kind, "challenge": asked["publicKey"]["challenge"], "origin": self.origin, "crossOrigin": False}
        return json.dumps(said).encode()

    def _answer(self, client: bytes, **told: bytes) -> str:
        response = {name: websafe_encode(value) for name, value in {"clientDataJSON": client, **told}.items()}
        name = websafe_encode(self.credential_id)
        return json.dumps({"id": name, "rawId": name, "type": "public-key", "response": response})
