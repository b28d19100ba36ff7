"""A provider that lies: OpenID Connect in a few lines, with its own keys, of which a test changes what it likes."""

import hmac
import json
import threading
import time
from base64 import urlsafe_b64encode
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

from joserfc import jws, jwt
from joserfc.jwk import ECKey, KeySet, OctKey

from escale.gateways.openid import Asked, Registration, ask

BACK = "http://testserver/connexion/franceconnect/retour/"
Answer = tuple[int, str, bytes]


class Liar:
    """What it says by default is right; a test lies by changing one thing."""

    def __init__(self, issuer: str) -> None:
        self.issuer = issuer
        self.key = ECKey.generate_key("P-256", parameters={"kid": "1", "use": "sig", "alg": "ES256"})
        self.published = self.key
        self.asked: dict[str, str] = {}
        self.codes: set[str] = {"code"}
        self.header: dict[str, Any] = {"alg": "ES256", "kid": "1"}
        self.id_token: dict[str, Any] = {}
        self.userinfo: dict[str, Any] = {}
        self.type = "application/jwt"
        self.answers: dict[str, Callable[[], Answer]] = {}
        self.heard: list[str] = []

    def registration(self, **terms: Any) -> Registration:
        agreed = {
            "issuer": self.issuer, "client_id": "escale", "client_secret": "secret", "redirect_uri": BACK,
            "scopes": ("openid", "identite_pivot", "email"), "plain": True,
        }  # fmt: skip
        return Registration(**agreed | terms)

    def ask(self, **terms: Any) -> Asked:
        """Let the house ask."""
        asked = ask(self.registration(**terms))
        self.hears(asked.address)
        return asked

    def hears(self, address: str) -> dict[str, str]:
        """Remember what the house asks, and with which nonce."""
        self.asked = {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}
        return self.asked

    def back(self, asked: Asked, **changes: str) -> dict[str, str]:
        return {"code": "code", "state": asked.state, "iss": self.issuer} | changes

    def answer(self, path: str, posted: dict[str, str]) -> Answer:
        self.heard.append(path)
        if path in self.answers:
            return self.answers[path]()
        now = int(time.time())
        match path:
            case "/.well-known/openid-configuration":
                return _json({
                    "issuer": self.issuer, "authorization_response_iss_parameter_supported": True,
                    "code_challenge_methods_supported": ["S256"], "jwks_uri": f"{self.issuer}/jwks",
                    **{f"{name}_endpoint": f"{self.issuer}/{name}"
                       for name in ("authorization", "token", "userinfo", "end_session")},
                })  # fmt: skip
            case "/jwks":
                return _json(KeySet([self.published]).as_dict())
            case "/token":
                if posted["code"] not in self.codes:
                    return _json({"error": "invalid_grant"}, 400)
                self.codes.remove(posted["code"])
                said = {
                    "iss": self.issuer, "aud": "escale", "sub": "sujet", "exp": now + 60, "iat": now,
                    "nonce": self.asked["nonce"], "acr": "eidas1",
                } | self.id_token  # fmt: skip
                token = self.signed({name: told for name, told in said.items() if told is not ...})
                return _json({"access_token": "jeton", "token_type": "Bearer", "expires_in": 60, "id_token": token})
            case "/userinfo":
                told = {"iss": self.issuer, "aud": "escale", "sub": "sujet", "family_name": "X"} | self.userinfo
                if self.type == "application/jwt":
                    return 200, self.type, jwt.encode({"alg": "ES256", "kid": "1"}, told, self.key).encode()
                return 200, self.type, json.dumps(told).encode()
        return 404, "text/plain", b""

    def signed(self, said: dict[str, Any]) -> str:
        """Sign as its header says: with its key, with the published one as a secret, or not at all."""
        if self.header["alg"] == "none":
            return jws.serialize_compact(self.header, json.dumps(said), OctKey.generate_key(), algorithms=["none"])
        if self.header["alg"] == "HS256":  # by hand: no library does it any more
            body = b".".join(urlsafe_b64encode(json.dumps(part).encode()).rstrip(b"=") for part in (self.header, said))
            proof = hmac.digest(self.published.as_pem(private=False), body, "sha256")
            return b".".join((body, urlsafe_b64encode(proof).rstrip(b"="))).decode()
        return jwt.encode(self.header, said, self.key)


def _json(told: Any, status: int = 200) -> Answer:
    return status, "application/json", json.dumps(told).encode()


@contextmanager
def lying() -> Iterator[Liar]:
    """Run a provider that lies when it is told to."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self._answer({})

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            self._answer({name: values[0] for name, values in parse_qs(body).items()})

        def _answer(self, posted: dict[str, str]) -> None:
            status, kind, body = liar.answer(urlsplit(self.path).path, posted)
            self.send_response(status)
            if status == 302:
                self.send_header("Location", kind)
            self.send_header("Content-Type", kind)
            self.end_headers()
            try:
                for start in range(0, len(body), 1024):
                    self.wfile.write(body[start : start + 1024])
                    if kind == "slow":
                        self.wfile.flush()
                        time.sleep(0.1)
            except OSError:
                pass

        def log_message(self, *words: Any) -> None:
            pass

    server = ThreadingHTTPServer(("localhost", 0), Handler)
    server.daemon_threads = True
    liar = Liar(f"http://localhost:{server.server_address[1]}")
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield liar
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
