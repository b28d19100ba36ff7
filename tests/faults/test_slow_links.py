"""Files sent to the real web server over links that are slow, cut or dead, byte by byte from a socket."""

import contextlib
import hashlib
import http.client
import os
import selectors
import signal
import socket
import statistics
import subprocess
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from django.db.models import Sum
from django.test import Client
from django.urls import reverse

from escale.domain.accounts.models import Role
from escale.domain.claims import actions as claims
from escale.domain.claims.models import Arrival, Claim
from escale.domain.documents.models import Document, Upload
from escale.gateways import durable
from escale.web.insured.arriving import LARGEST_READ
from launcher.run import web_command
from tests import factories
from tests.faults.conftest import until
from tests.house import HOUSE

SLOW = 300
SECONDS = 6
TOKEN = "a" * 32


@dataclass
class Counter:
    """The real web server, and one person signed in there."""

    port: int
    cookies: str

    def headers(self, **more: Any) -> dict[str, str]:
        said = {"Host": f"localhost:{self.port}", "Cookie": self.cookies, "X-CSRFToken": TOKEN}
        return said | {"Tus-Resumable": "1.0.0"} | {name.replace("_", "-"): str(text) for name, text in more.items()}

    def ask(self, method: str, address: str, body: bytes = b"", **headers: Any) -> tuple[int, dict[str, str], bytes]:
        line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        with contextlib.closing(line):
            line.request(method, address, body, self.headers(**headers))
            answer = line.getresponse()
            return answer.status, {k.lower(): v for k, v in answer.getheaders()}, answer.read()

    def offset(self, arrival: Arrival) -> int:
        status, headers, _body = self.ask("HEAD", address(arrival))
        assert status == 200
        return int(headers["upload-offset"])

    def opened(self, arrival: Arrival, body: bytes, *, offset: int = 0, **headers: Any) -> socket.socket:
        """Begin to send the rest of a file, and so much of it at once."""
        length = {"Content_Length": arrival.upload.size - offset} if not headers else {}
        said = self.headers(Content_Type="application/offset+octet-stream", Upload_Offset=offset, **length, **headers)
        head = "".join(f"{name}: {value}\r\n" for name, value in said.items())
        line = socket.create_connection(("127.0.0.1", self.port), timeout=30)
        line.sendall(f"PATCH {address(arrival)} HTTP/1.1\r\n{head}\r\n".encode() + body)
        return line


def address(arrival: Arrival) -> str:
    return reverse("insured:upload", args=[arrival.claim.number, arrival.upload.token])


def status(line: socket.socket) -> int:
    return int(line.recv(1000).split()[1])


@pytest.fixture
def claim(environ: dict[str, str]) -> Claim:
    return factories.draft()


@pytest.fixture
def counter(environ: dict[str, str], claim: Claim) -> Iterator[Counter]:
    client = Client()
    client.force_login(claim.insured.account)
    session = client.session
    session["hat"] = Role.INSURED.value
    session.save()
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    server = subprocess.Popen(
        web_command(port), cwd=HOUSE, env=environ | {"ESCALE_DB_POOL": "10"}, start_new_session=True,
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    counter = Counter(port, f"escale_session={session.session_key}; escale_csrf={TOKEN}")

    def answers() -> bool:
        try:
            return counter.ask("GET", reverse("insured:home"))[0] == 200
        except OSError:
            return False

    try:
        until(answers)
        yield counter
    finally:
        os.killpg(server.pid, signal.SIGKILL)
        server.wait()


def arrival(claim: Claim, *, size: int) -> Arrival:
    return claims.expect(
        claim=claim, bill=None, paper="bill", medical=False, name="facture.pdf", declared_type="", size=size,
        by=factories.owner(claim),
    )  # fmt: skip


def large() -> bytes:
    return factories.pdf() + b"%" + os.urandom(400_000).replace(b"\n", b"-") + b"\n%%EOF\n"


def test_a_body_that_is_cut_keeps_all_that_came(counter: Counter, claim: Claim):
    content = large()
    one = arrival(claim, size=len(content))
    with counter.opened(one, content[:200_001]):
        time.sleep(0.3)
    until(lambda: counter.offset(one) == 200_001)
    with counter.opened(one, content[200_001:], offset=200_001) as line:
        assert status(line) == 204
    assert b'"received"' in counter.ask("GET", address(one))[2]
    assert Document.objects.get().sha256 == hashlib.sha256(content).hexdigest()


def test_a_line_that_goes_dead_without_a_word_keeps_all_that_came_and_holds_nobody_up(
    counter: Counter, claim: Claim, home: Path
):
    content = large()
    one = arrival(claim, size=len(content))
    with counter.opened(one, content[:100_000]) as dead:
        until(lambda: any((home / "vault").glob(f"*/*{durable.PART}")))  # the server is taking it
        until(lambda: counter.offset(one) > 100_000 - LARGEST_READ)
        there = counter.offset(one)
        with counter.opened(one, content[there:], offset=there) as line:
            assert status(line) == 204
        dead.sendall(content[100_000:])
        assert status(dead) == 409
    assert Document.objects.get().sha256 == hashlib.sha256(content).hexdigest()


def test_of_two_that_send_the_same_bytes_at_once_one_is_told_so(counter: Counter, claim: Claim):
    content = large()
    one = arrival(claim, size=len(content))
    with counter.opened(one, content[:-1]) as first, counter.opened(one, content[:-1]) as second:
        for line in (first, second):
            line.sendall(content[-1:])
        assert sorted([status(first), status(second)]) == [204, 409]
    assert Document.objects.get().sha256 == hashlib.sha256(content).hexdigest()


def test_a_body_whose_length_is_not_told_is_refused(counter: Counter, claim: Claim):
    one = arrival(claim, size=7)
    with counter.opened(one, b"7\r\ncontent\r\n0\r\n\r\n", Transfer_Encoding="chunked") as line:
        assert status(line) == 411
    assert counter.offset(one) == 0


def test_three_hundred_slow_uploads_leave_the_pages_quick(counter: Counter, claim: Claim, settings, capsys):
    settings.FILES_PER_CLAIM = SLOW
    slow = [arrival(claim, size=10_000) for _ in range(SLOW)]
    before = visits(counter, seconds=1)
    lines = [counter.opened(one, b"") for one in slow]
    stopped, sent = threading.Event(), [0]
    trickling = threading.Thread(target=trickle, args=(lines, stopped, sent))
    trickling.start()
    beside = visits(counter, seconds=SECONDS)
    stopped.set()
    trickling.join()
    kept_meanwhile = Upload.objects.aggregate(Sum("received"))["received__sum"]
    for line in lines:
        line.close()
    with capsys.disabled():
        print(f"\n  {SLOW} slow uploads, a pool of 10: pages {told(before)} before, {told(beside)} beside them")
    assert kept_meanwhile > 0
    until(lambda: Upload.objects.aggregate(Sum("received"))["received__sum"] == sent[0])


def trickle(lines: list[socket.socket], stopped: threading.Event, sent: list[int]) -> None:
    with selectors.DefaultSelector() as answered:
        for line in lines:
            answered.register(line, selectors.EVENT_READ)
        while not stopped.wait(1):
            assert not answered.select(0), "a slow upload was answered before its end"
            for line in lines:
                line.sendall(b"-")
            sent[0] += len(lines)


def visits(counter: Counter, *, seconds: float) -> list[float]:
    """Open a page again and again; return how long each took."""
    took, end = [], time.monotonic() + seconds
    while time.monotonic() < end:
        began = time.monotonic()
        assert counter.ask("GET", reverse("insured:home"))[0] == 200
        took.append(time.monotonic() - began)
    return took


def told(took: list[float]) -> str:
    return f"{1000 * statistics.median(took):.0f} ms (worst {1000 * max(took):.0f}, {len(took)} of them)"
