"""Passkeys: a browser proves that it holds a key which no fake page can use (WebAuthn level 3)."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from fido2 import cbor
from fido2.cose import CoseKey
from fido2.server import Fido2Server
from fido2.webauthn import (
    AttestedCredentialData,
    AuthenticationResponse,
    PublicKeyCredentialDescriptor,
    PublicKeyCredentialRpEntity,
    PublicKeyCredentialType,
    PublicKeyCredentialUserEntity,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

_ANY_MODEL = b"\0" * 16
_REQUIRED = UserVerificationRequirement.REQUIRED


class Refused(ValueError):
    """What the browser sent is not what was asked of it, or is not signed by the key."""


@dataclass(frozen=True)
class Service:
    """For whom the keys are: the host of our address, and the addresses from which they may be used."""

    host: str
    name: str
    origins: tuple[str, ...]

    def _server(self) -> Fido2Server:
        return Fido2Server(
            PublicKeyCredentialRpEntity(id=self.host, name=self.name), verify_origin=self.origins.__contains__
        )


@dataclass(frozen=True)
class Key:
    """A key as we keep it: its name for the browser, its public half (COSE), how often it was used."""

    credential_id: bytes
    public_key: bytes
    sign_count: int


def ask_to_create(
    service: Service, *, user: bytes, name: str, known: Sequence[bytes]
) -> tuple[dict[str, Any], dict[str, Any]]:
    """
    Return what the browser is asked to make a key, and what must be remembered until it answers.

    `user` is opaque (64 bytes at most), `name` is shown to the person, `known` are the keys that they have already.
    """
    options, state = service._server().register_begin(
        PublicKeyCredentialUserEntity(id=user, name=name, display_name=name),
        [_descriptor(one) for one in known],
        resident_key_requirement=ResidentKeyRequirement.REQUIRED,
        user_verification=_REQUIRED,
    )
    return _plain(options), dict(state)


def created(service: Service, *, state: dict[str, Any], answer: str) -> Key:
    """Return the key that a browser made as it was asked; raises Refused."""
    try:
        data = service._server().register_complete(state, json.loads(answer))
        found = data.credential_data
        assert found
        return Key(found.credential_id, cbor.encode(found.public_key), data.counter)
    except Exception as error:  # the library raises many: any of them is a refusal
        raise Refused(str(error)) from error


def ask_to_sign(service: Service, *, known: Sequence[bytes] = ()) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return what the browser is asked to sign, with one of the known keys or any, and what must be remembered."""
    options, state = service._server().authenticate_begin([_descriptor(one) for one in known] or None, _REQUIRED)
    return _plain(options), dict(state)


def named(answer: str) -> bytes:
    """Return by which key an answer says that it is signed; raises Refused."""
    try:
        return AuthenticationResponse.from_dict(json.loads(answer)).raw_id
    except Exception as error:
        raise Refused(str(error)) from error


def signed(service: Service, *, state: dict[str, Any], key: Key, answer: str) -> int:
    """
    Check that this key signed what was asked, after its holder proved to be there, and return its new count.

    Raises Refused, also where the count went back: somebody copied the key (WebAuthn, § 6.1.1).
    """
    try:
        public: Any = cbor.decode(key.public_key)
        known = AttestedCredentialData.create(_ANY_MODEL, key.credential_id, CoseKey.parse(public))
        response = AuthenticationResponse.from_dict(json.loads(answer))
        service._server().authenticate_complete(state, [known], response)
        counter = response.response.authenticator_data.counter
    except Exception as error:
        raise Refused(str(error)) from error
    if (counter or key.sign_count) and counter <= key.sign_count:
        raise Refused("the count went back")
    return counter


def _descriptor(credential_id: bytes) -> PublicKeyCredentialDescriptor:
    return PublicKeyCredentialDescriptor(type=PublicKeyCredentialType.PUBLIC_KEY, id=credential_id)


def _plain(options: Any) -> dict[str, Any]:
    return dict(options)
