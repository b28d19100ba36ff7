"""An insured person at a bad moment: asks, hears or does not hear the answer, and asks again with the same key."""

import base64
import http.client
import json
import re
import secrets
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from tests.faults.papers import Paper

PATIENCE = 20.0
MOMENTS = (0.01, 0.5, 0.99)
_TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="(\w+)"')
_TAG = re.compile(r"<[^>]*>")

Moment = Callable[[str], None]
"""Is told where the person stands: here the fault strikes, or nothing happens."""


class Unanswered(Exception):
    """No answer came, or one that says to ask again."""


@dataclass(frozen=True)
class Answer:
    """What the house answered."""

    status: int
    headers: Any
    text: str

    @property
    def location(self) -> str:
        return str(self.headers.get("Location", ""))

    @property
    def words(self) -> str:
        """What a page says of what was wrong."""
        return " ".join(_TAG.sub(" ", self.text.partition('role="alert"')[2]).split())[:300]


def quiet(_moment: str) -> None:
    """Nothing happens."""


class Person:
    """Somebody signed in, on one connection for each question: no answer is ever mistaken for another's."""

    def __init__(self, port: int, email: str, password: str) -> None:
        self._port = port
        self._cookies: dict[str, str] = {}
        door = self.ask("GET", "/connexion/")
        found = _TOKEN.search(door.text)
        assert found, door.text
        self._token = found[1]
        entered = self.post("/connexion/", email=email, password=password)
        assert entered.status == 302, entered.text
        found = _TOKEN.search(self.ask("GET", "/mon-compte/demandes/nouvelle/").text)
        assert found
        self._token = found[1]

    def ask(self, method: str, url: str, body: Any = b"", **headers: str) -> Answer:
        """Ask once; raise Unanswered when nothing came back, or an error of the house."""
        line = http.client.HTTPConnection("localhost", self._port, timeout=PATIENCE)
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        cookies = "; ".join(f"{name}={value}" for name, value in self._cookies.items())
        try:
            line.request(method, url, body or None, {**sent, "Cookie": cookies})
            response = line.getresponse()
            answer = Answer(response.status, response.headers, response.read().decode("utf-8", "replace"))
        except (OSError, http.client.HTTPException) as error:
            raise Unanswered(f"{method} {url} : {error!r}") from error
        finally:
            line.close()
        if answer.status >= 500 or answer.status == 429:
            raise Unanswered(f"{method} {url} : {answer.status}")
        for cookie in answer.headers.get_all("Set-Cookie") or []:
            name, _equals, value = cookie.partition(";")[0].partition("=")
            self._cookies[name] = value
        return answer

    def post(self, url: str, **typed: str) -> Answer:
        """Send a form."""
        body = urlencode({**typed, "csrfmiddlewaretoken": getattr(self, "_token", "")}).encode()
        return self.ask("POST", url, body, Content_Type="application/x-www-form-urlencoded")

    def post_file(self, url: str, paper: Paper, moment: Moment = quiet) -> Answer:
        """Send a file as a page without JavaScript does."""
        boundary = secrets.token_hex(16)
        fields = {"csrfmiddlewaretoken": self._token, "paper": paper.code, "bill": ""}
        parts = [
            f'--{boundary}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'
            for name, value in fields.items()
        ]
        parts.append(
            f'--{boundary}\r\nContent-Disposition: form-data; name="files"; filename="{paper.code}.pdf"\r\n'
            "Content-Type: application/pdf\r\n\r\n"
        )
        body = "".join(parts).encode() + paper.content + f"\r\n--{boundary}--\r\n".encode()
        kind = f"multipart/form-data; boundary={boundary}"
        return self.ask("POST", url, _paced(body, moment), Content_Type=kind, Content_Length=str(len(body)))

    def can_resume(self) -> bool:
        """Tell whether the house receives files piece by piece."""
        return self.ask("OPTIONS", "/mon-compte/demandes/X/pieces/envois/").status == 204

    def create(self, url: str, paper: Paper, key: str) -> Answer:
        """Announce a file that will come piece by piece."""
        told = {"filename": f"{paper.code}.pdf", "filetype": "application/pdf", "paper": paper.code, "key": key}
        metadata = ",".join(f"{name} {base64.b64encode(value.encode()).decode()}" for name, value in told.items())
        return self.ask("POST", url, Upload_Length=str(len(paper.content)), Upload_Metadata=metadata, **self._tus())

    def offset(self, url: str) -> int:
        """Ask how far a file has come."""
        answer = self.ask("HEAD", url, **self._tus())
        assert answer.status == 200, answer.status
        return int(answer.headers["Upload-Offset"])

    def patch(self, url: str, rest: bytes, offset: int, moment: Moment = quiet) -> Answer:
        """Send the rest of a file."""
        return self.ask(
            "PATCH", url, _paced(rest, moment), Content_Length=str(len(rest)), Upload_Offset=str(offset),
            Content_Type="application/offset+octet-stream", **self._tus(),
        )  # fmt: skip

    def state(self, url: str) -> dict[str, Any]:
        """Ask what has become of a file."""
        answer = self.ask("GET", url)
        assert answer.status == 200, answer.status
        return dict(json.loads(answer.text))

    def _tus(self) -> dict[str, str]:
        return {"Tus_Resumable": "1.0.0", "X_CSRFToken": self._token}


def _paced(body: bytes, moment: Moment) -> Iterator[bytes]:
    """Yield a body in pieces; at each of the moments, let what was sent arrive first."""
    ends = [max(1, int(len(body) * share)) for share in MOMENTS]
    start = 0
    for share, end in zip(MOMENTS, ends, strict=True):
        yield from _pieces(body[start:end])
        if moment is not quiet:
            time.sleep(0.05)
            moment(f"upload {share:.0%}")
        start = end
    yield from _pieces(body[start:])


def _pieces(body: bytes) -> Iterator[bytes]:
    for at in range(0, len(body), 64 * 1024):
        yield body[at : at + 64 * 1024]


def settled(act: Callable[[], Any], *, meanwhile: Callable[[], None], seconds: float) -> Any:
    """Ask until an answer comes, as a patient person does; raise the last Unanswered after so long."""
    end = time.monotonic() + seconds
    while True:
        with suppress(Unanswered):
            return act()
        if time.monotonic() > end:
            return act()
        meanwhile()
        time.sleep(0.2)
