"""A visitor without a browser: keeps cookies, follows redirections, fills in the forms that the pages hold."""

import http.client
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urlencode, urljoin


class Refused(Exception):
    """A page did not answer as it should."""


@dataclass(frozen=True)
class Upload:
    """A file to send."""

    name: str
    media_type: str
    content: bytes


@dataclass
class Form:
    """A form as the page gives it, with what is already typed in it."""

    action: str
    fields: dict[str, str] = field(default_factory=dict)
    names: set[str] = field(default_factory=set)


@dataclass(frozen=True)
class Page:
    """A page that was answered."""

    url: str
    text: str


class Visitor:
    """Somebody at one keep-alive connection; `place` is the address from which a proxy says that they come."""

    def __init__(self, port: int, *, place: str = "") -> None:
        self._place = {"X-Forwarded-For": place} if place else {}
        self._line = http.client.HTTPConnection("localhost", port, timeout=120)
        self._cookies: dict[str, str] = {}

    def get(self, url: str) -> Page:
        """Open a page."""
        return self._ask("GET", url, b"", {})

    def submit(self, page: Page, typed: Mapping[str, Any], *uploads: Upload) -> Page:
        """Fill in the form of a page that has these fields, and send it; raise Refused if it comes back with errors."""
        form = _form(page, {*typed, *(["files"] if uploads else [])})
        values = {**form.fields, **typed}
        url = urljoin(page.url, form.action)
        if uploads:
            boundary = secrets.token_hex(16)
            body, kind = multipart(values, uploads, boundary), f"multipart/form-data; boundary={boundary}"
        else:
            body, kind = urlencode(values, doseq=True).encode(), "application/x-www-form-urlencoded"
        answer = self._ask("POST", url, body, {"Content-Type": kind})
        if "<title>Erreur" in answer.text:
            raise Refused(f"{answer.url}\n{_words(answer.text)}")
        return answer

    def token(self, page: Page) -> str:
        """Return what a script of this page sends to prove that it comes from it."""
        return _form(page, {"csrfmiddlewaretoken"}).fields["csrfmiddlewaretoken"]

    @property
    def cookies(self) -> str:
        """What this visitor's browser sends with each request."""
        return "; ".join(f"{name}={value}" for name, value in self._cookies.items())

    def _ask(self, method: str, url: str, body: bytes, headers: dict[str, str]) -> Page:
        for _ in range(6):
            self._line.request(method, url, body or None, {**headers, **self._place, "Cookie": self.cookies})
            answer = self._line.getresponse()
            text = answer.read().decode("utf-8", "replace")
            for cookie in answer.headers.get_all("Set-Cookie") or []:
                name, _equals, value = cookie.partition(";")[0].partition("=")
                self._cookies[name] = value
            if answer.status not in {301, 302, 303}:
                break
            method, url, body, headers = "GET", urljoin(url, answer.headers["Location"]), b"", {}
        if answer.status != 200:
            raise Refused(f"{method} {url} : {answer.status}\n{_words(text)}")
        return Page(url, text)


def _form(page: Page, wanted: set[str]) -> Form:
    reader = _Forms()
    reader.feed(page.text)
    for form in reader.forms:
        if wanted <= form.names:
            return form
    raise Refused(f"{page.url} : aucun formulaire avec {sorted(wanted)}\n{_words(page.text)}")


class _Forms(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.forms: list[Form] = []
        self._select = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        seen: dict[str, Any] = dict(attrs)
        if tag == "form":
            self.forms.append(Form(seen.get("action") or ""))
        if not self.forms:
            return
        form, name, value = self.forms[-1], seen.get("name") or "", seen.get("value") or ""
        if name and tag in {"input", "select", "textarea", "button"}:
            form.names.add(name)
        if tag == "select":
            self._select = name
        elif tag == "option" and self._select and ("selected" in seen or self._select not in form.fields):
            form.fields[self._select] = value
        elif tag == "input" and name:
            ticked = seen.get("type") not in {"radio", "checkbox"} or "checked" in seen
            if ticked and seen.get("type") not in {"file", "submit"}:
                form.fields[name] = value

    def handle_endtag(self, tag: str) -> None:
        if tag == "select":
            self._select = ""


def multipart(values: dict[str, str], uploads: tuple[Upload, ...], boundary: str) -> bytes:
    """Write a form with files as browsers do."""
    parts = [
        f'--{boundary}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode()
        for name, value in values.items()
    ]
    for upload in uploads:
        head = f'--{boundary}\r\nContent-Disposition: form-data; name="files"; filename="{upload.name}"\r\n'
        parts += [f"{head}Content-Type: {upload.media_type}\r\n\r\n".encode(), upload.content, b"\r\n"]
    return b"".join([*parts, f"--{boundary}--\r\n".encode()])


class _Words(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.words: list[str] = []

    def handle_data(self, data: str) -> None:
        self.words += data.split()


def _words(text: str) -> str:
    """Return what a page says, for whoever has to find out why it refused."""
    reader = _Words()
    reader.feed(text[text.find("<main") :])
    return " ".join(reader.words)[:600]
