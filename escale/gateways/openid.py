"""The services of the State that say who somebody is, by OpenID Connect 1.0: FranceConnect v2 and ProConnect."""

import json
import re
import secrets
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from hmac import compare_digest
from typing import Any, NoReturn
from urllib.parse import urlencode, urlsplit

from authlib.integrations.base_client import OAuthError
from authlib.integrations.requests_client import OAuth2Session
from authlib.oauth2.rfc7636 import create_s256_code_challenge
from joserfc import jwt
from joserfc.errors import BadSignatureError, InvalidKeyIdError, JoseError
from joserfc.jwk import KeySet
from requests import RequestException, Response

from escale.gateways import bounded
from escale.gateways.bounded import Unavailable

ALGORITHMS = ("ES256", "RS256")
LEEWAY = 5
_KEPT_SECONDS = 600
_SUBJECT = re.compile(r"[!-~]{1,255}")

_kept: dict[str, tuple[float, dict[str, Any]]] = {}


class Declined(Exception):
    """The person gave up before the service, or it refused them."""


class Untrue(Exception):
    """What comes back is not what was asked, or does not come from the service; `code` says at which check."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, kw_only=True)
class Registration:
    """What a service and we agreed on: its name, ours, and where people come back to."""

    issuer: str
    client_id: str
    client_secret: str = field(repr=False)
    redirect_uri: str
    scopes: tuple[str, ...]
    levels: tuple[str, ...] = ("eidas1", "eidas2", "eidas3")
    """The levels of assurance that are accepted (acr); the first is the one asked."""
    jwt_only: bool = True
    """Refuse a userinfo that is not signed."""
    prompt: str = ""
    """What the service asks each time, even of somebody who is signed in there: « login » where screens are shared."""
    plain: bool = False
    """Accept HTTP without TLS, in a demonstration."""

    @property
    def origin(self) -> str:
        """The origin to which people are sent (scheme and host)."""
        address = urlsplit(self.issuer)
        return f"{address.scheme}://{address.netloc}"


@dataclass(frozen=True)
class Asked:
    """Where to send somebody, and what must come back with them; to be kept in their session."""

    address: str
    state: str
    nonce: str
    verifier: str


@dataclass(frozen=True)
class Claims:
    """Who the service says somebody is: its name for them, all that it tells, and the proof to leave it with."""

    subject: str
    told: dict[str, Any] = field(repr=False)
    id_token: str = field(repr=False)


def ask(registration: Registration) -> Asked:
    """
    Prepare to send somebody to the service (OpenID Connect Core 1.0, § 3.1.2.1; PKCE, RFC 7636).

    :raises Unavailable: when its addresses cannot be read.
    """
    state, nonce = secrets.token_urlsafe(32), secrets.token_urlsafe(32)
    proves = "S256" in _addresses(registration).get("code_challenge_methods_supported", [])
    verifier = secrets.token_urlsafe(32) if proves else ""  # some services refuse what they do not know
    query = {
        "response_type": "code",
        "client_id": registration.client_id,
        "redirect_uri": registration.redirect_uri,
        "scope": " ".join(registration.scopes),
        "acr_values": registration.levels[0],
        "state": state,
        "nonce": nonce,
    }
    if registration.prompt:
        query["prompt"] = registration.prompt
    if verifier:
        query |= {"code_challenge": create_s256_code_challenge(verifier), "code_challenge_method": "S256"}
    return Asked(_with(_endpoint(registration, "authorization_endpoint"), query), state, nonce, verifier)


def identify(registration: Registration, came_back: Mapping[str, str], asked: Asked) -> Claims:
    """
    Return who came back, after every check of OpenID Connect Core 1.0 (§ 3.1.3.7, § 5.3) and RFC 9207.

    :param came_back: what the address of return holds.
    :raises Unavailable: when the service does not answer, or says so itself.
    :raises Declined: when it says that the person gave up, or that it refuses.
    :raises Untrue: when anything is not as it should be.
    """
    if not compare_digest(came_back.get("state", "").encode(errors="replace"), asked.state.encode()):
        raise Untrue("state")
    _check_issuer(registration, came_back)
    if "error" in came_back:
        raise Unavailable if came_back["error"] in {"server_error", "temporarily_unavailable"} else Declined
    if not came_back.get("code"):
        raise Untrue("code")
    tokens = _exchange(registration, came_back["code"], asked.verifier)
    id_token, access_token = tokens.get("id_token"), tokens.get("access_token")
    if not isinstance(id_token, str) or not isinstance(access_token, str):
        raise Untrue("tokens")
    said = _opened(registration, id_token)
    _check_id_token(registration, said, asked.nonce)
    told = _userinfo(registration, access_token)
    if told.get("sub") != said["sub"]:
        raise Untrue("sub")
    return Claims(said["sub"], told, id_token)


def leave(registration: Registration, *, id_token: str, back_to: str, state: str) -> str:
    """
    Return where to send somebody to leave the service too (OpenID Connect RP-Initiated Logout 1.0).

    :raises Unavailable: when its addresses cannot be read.
    """
    query = {"id_token_hint": id_token, "post_logout_redirect_uri": back_to, "state": state}
    return _with(_endpoint(registration, "end_session_endpoint"), query)


def _check_issuer(registration: Registration, came_back: Mapping[str, str]) -> None:
    """Refuse what another service sends back, to which somebody was led by mistake (mix-up)."""
    named = came_back.get("iss")
    promised = _addresses(registration).get("authorization_response_iss_parameter_supported") is True
    if named != registration.issuer and (named is not None or promised):
        raise Untrue("iss")


def _exchange(registration: Registration, code: str, verifier: str) -> dict[str, Any]:
    with OAuth2Session(
        registration.client_id, registration.client_secret,
        token_endpoint_auth_method="client_secret_post",  # noqa: S106 - the name of a manner
        redirect_uri=registration.redirect_uri, leeway=0,
    ) as line:  # fmt: skip
        bounded.bind(line)
        try:
            return dict(
                line.fetch_token(
                    _endpoint(registration, "token_endpoint"),
                    grant_type="authorization_code",
                    code=code,
                    **({"code_verifier": verifier} if verifier else {}),
                )
            )
        except OAuthError as refusal:
            raise Untrue("code") from refusal
        except RequestException as fault:
            raise Unavailable from fault
        except (ValueError, TypeError, KeyError, AttributeError) as fault:
            raise Untrue("tokens") from fault


def _check_id_token(registration: Registration, said: dict[str, Any], nonce: str) -> None:
    now, audience = time.time(), said.get("aud")
    moments = {name: _moment(name, said) for name in ("exp", "iat", "nbf")}
    checks = {
        "iss": said.get("iss") == registration.issuer,
        "aud": _is_for(registration, audience),
        "azp": said.get("azp", registration.client_id) == registration.client_id
        and ("azp" in said or not isinstance(audience, list) or len(audience) == 1),
        "exp": moments["exp"] > now - LEEWAY,
        "iat": moments["iat"] <= now + LEEWAY,
        "nbf": moments["nbf"] <= now + LEEWAY,
        "nonce": said.get("nonce") == nonce,
        "acr": said.get("acr") in registration.levels,
        "sub": isinstance(said.get("sub"), str) and _SUBJECT.fullmatch(said["sub"]) is not None,
    }
    for name, holds in checks.items():
        if not holds:
            raise Untrue(name)


def _moment(name: str, said: dict[str, Any]) -> int:
    moment = said.get(name, 0 if name == "nbf" else None)
    if type(moment) is not int:
        raise Untrue(name)
    return moment


def _is_for(registration: Registration, audience: Any) -> bool:
    return registration.client_id in (audience if isinstance(audience, list) else [audience])


def _userinfo(registration: Registration, access_token: str) -> dict[str, Any]:
    """Read it by its type, JSON or signed: the service decides for each of those whom it knows."""
    response = bounded.get(_endpoint(registration, "userinfo_endpoint"), token=access_token)
    if response.headers.get("Content-Type", "").partition(";")[0].strip().lower() != "application/jwt":
        if registration.jwt_only:
            raise Untrue("userinfo_unsigned")
        return _object(response)
    told = _opened(registration, response.text)
    if told.get("iss") != registration.issuer or not _is_for(registration, told.get("aud")):
        raise Untrue("userinfo")
    return told


def _opened(registration: Registration, token: str) -> dict[str, Any]:
    """Return what a signed token says; its key is looked for once more when it is unknown, or does not fit."""
    for fresh in (False, True):
        try:
            keys = KeySet.import_key_set(_json(_endpoint(registration, "jwks_uri"), fresh=fresh))  # type: ignore[arg-type]
            return jwt.decode(token, keys, algorithms=ALGORITHMS, decoder_cls=_Strict).claims
        except (InvalidKeyIdError, BadSignatureError) as fault:
            refusal: Exception = fault
        except (JoseError, ValueError, TypeError, KeyError, AttributeError, RecursionError) as fault:
            raise Untrue("token") from fault
    raise Untrue("signature") from refusal


def _addresses(registration: Registration) -> dict[str, Any]:
    """Return what the service publishes about itself (OpenID Connect Discovery 1.0)."""
    published = _json(f"{registration.issuer.rstrip('/')}/.well-known/openid-configuration")
    if published.get("issuer") != registration.issuer:
        raise Unavailable("issuer")
    return published


def _endpoint(registration: Registration, name: str) -> str:
    address = _addresses(registration).get(name)
    schemes = ("https://", "http://") if registration.plain else ("https://",)
    if not isinstance(address, str) or not address.startswith(schemes):
        raise Unavailable(name)
    return address


def _with(address: str, query: dict[str, str]) -> str:
    return f"{address}{'&' if urlsplit(address).query else '?'}{urlencode(query)}"


def _json(address: str, *, fresh: bool = False) -> dict[str, Any]:
    """Return what is published there, read at most every ten minutes unless asked to be fresh."""
    read_at, published = _kept.get(address, (0.0, {}))
    if fresh or not published or time.monotonic() - read_at > _KEPT_SECONDS:
        try:
            published = _object(bounded.get(address))
        except Untrue as fault:
            raise Unavailable("json") from fault
        _kept[address] = time.monotonic(), published
    return published


def _object(response: Response) -> dict[str, Any]:
    try:
        told = json.loads(response.content, cls=_Strict)
    except (ValueError, RecursionError) as fault:
        raise Untrue("json") from fault
    if not isinstance(told, dict):
        raise Untrue("json")
    return told


class _Strict(json.JSONDecoder):
    """Refuses NaN and infinity, which are no JSON and older than nothing."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options | {"parse_constant": _refuse})


def _refuse(constant: str) -> NoReturn:
    raise ValueError(constant)
