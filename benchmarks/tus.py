"""A client of resumable uploads without a browser, as patient as the page's: what has arrived is never sent again."""

import base64
import hashlib
import http.client
import socket
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from uuid import uuid4

from benchmarks.visitor import Refused

RETRY_SECONDS = (0, 1, 3, 5)
"""How long to wait before trying again; the last holds for ever, the first comes back as soon as a byte has passed."""
_SEND_BUFFER = 16 * 1024  # bytes: what is written there counts as on its way for a phone, not for whoever waits for it
_CHUNK = 4096


@dataclass(frozen=True)
class Sender:
    """Somebody signed in, on a page from which files are sent, behind this port."""

    port: int
    cookies: str
    token: str
    base: str
    is_phone: bool = True


def send(sender: Sender, content: bytes, *, name: str, paper: str, give_up_at: float = float("inf")) -> bool:
    """Send a file to its last byte, whatever happens on the way; tell whether it was done before that moment.

    Raises Refused where trying again would not help.
    """
    said = {"filename": name, "filetype": "application/pdf", "paper": paper, "key": str(uuid4())}
    said["sha256"] = hashlib.sha256(content).hexdigest()
    metadata = ",".join(f"{name} {base64.b64encode(value.encode()).decode()}" for name, value in said.items())
    location, offset, waits = "", -1, iter(RETRY_SECONDS)
    while time.monotonic() < give_up_at:
        try:
            if not location:
                announced = {"Upload-Length": str(len(content)), "Upload-Metadata": metadata}
                answer = _asked(sender, "POST", sender.base, announced)
                location = answer["Location"]
            else:
                answer = _asked(sender, "HEAD", location, {})
            reached = int(answer["Upload-Offset"])
            if reached > offset:
                offset, waits = reached, iter(RETRY_SECONDS)
            if offset < len(content):
                body = {"Upload-Offset": str(offset), "Content-Type": "application/offset+octet-stream"}
                answer = _asked(sender, "PATCH", location, body, content[offset:])
                offset = int(answer["Upload-Offset"])
            if offset == len(content):
                return True
        except (OSError, http.client.HTTPException):
            time.sleep(next(waits, RETRY_SECONDS[-1]))
    return False


def _asked(
    sender: Sender, method: str, url: str, headers: dict[str, str], body: bytes = b""
) -> http.client.HTTPMessage:
    said = {"Cookie": sender.cookies, "X-CSRFToken": sender.token, "Tus-Resumable": "1.0.0", **headers}
    with closing(phone(sender.port) if sender.is_phone else computer(sender.port)) as line:
        line.request(
            method, url, _pieces(body) if sender.is_phone else body, {**said, "Content-Length": str(len(body))}
        )
        answer = line.getresponse()
        answer.read()
    if answer.status in {404, 410, 411, 412, 413, 415, 422}:
        raise Refused(f"{method} {url}: {answer.status}")
    if answer.status >= 300 and answer.status not in {409, 423}:
        raise http.client.HTTPException(f"{method} {url}: {answer.status}")
    return answer.headers


def computer(port: int) -> http.client.HTTPConnection:
    """Return a connection."""
    return http.client.HTTPConnection("localhost", port, timeout=90)


def phone(port: int) -> http.client.HTTPConnection:
    """Return a connection with the small buffers of a phone, already made."""
    line = computer(port)
    line.connect()
    line.sock.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, _SEND_BUFFER)
    return line


def _pieces(body: bytes) -> Iterator[bytes]:
    return (body[start : start + _CHUNK] for start in range(0, len(body), _CHUNK))
