"""What is asked over HTTP, of a service that may be down, slow, endless, or send elsewhere: nothing waits for it."""

import time
from typing import Any

from requests import PreparedRequest, RequestException, Response, Session
from requests.adapters import HTTPAdapter
from requests.auth import AuthBase

SECONDS = 5
BYTES = 256 * 1024


class Unavailable(Exception):
    """The service does not answer, or not in time, or too much; nothing is lost, one may try again."""


def get(address: str, *, token: str = "") -> Response:
    """
    Return an answer of 256 KiB at most, come within 5 seconds; an access token is shown if one is given (RFC 6750).

    :raises Unavailable: when there is none, or another than 200.
    """
    with Session() as line:
        bind(line)
        try:
            response = line.get(address, auth=_Bearer(token) if token else None)
        except RequestException as fault:
            raise Unavailable from fault
    if response.status_code != 200:
        raise Unavailable(response.status_code)
    return response


def bind(line: Session) -> None:
    """Have every answer of this session be short, quick, and from where it was asked; else it raises Unavailable."""
    for scheme in ("https://", "http://"):
        line.mount(scheme, _Bounded())


class _Bounded(HTTPAdapter):
    """Gives up on an answer that is late, long, or elsewhere."""

    def send(self, request: PreparedRequest, *args: Any, **kwargs: Any) -> Response:
        until = time.monotonic() + SECONDS
        response = super().send(request, **kwargs | {"stream": True, "timeout": SECONDS})
        body = b""
        for part in response.iter_content(8192):
            body += part
            if len(body) > BYTES or time.monotonic() > until:
                response.close()
                raise Unavailable("too long")
        if response.is_redirect:
            raise Unavailable("redirected")
        response._content = body  # what requests would have read at one go, however long
        return response


class _Bearer(AuthBase):
    """Shows an access token, whatever the machine knows of passwords for this host."""

    def __init__(self, token: str) -> None:
        self._token = token

    def __call__(self, request: PreparedRequest) -> PreparedRequest:
        request.headers["Authorization"] = f"Bearer {self._token}"
        return request
