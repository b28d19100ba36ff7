"""Three files over a bad link, resumed and not: what crosses it, how long it takes, what arrives.

The link is a relay of ours between a client and the real server, since `tc netem` is not in every kernel: 64 kbit/s
each way, shared by all connections, and 300 ms to cross it each way (a connection costs one round trip before its
first byte). A stream shows loss as waiting: one segment of 1,460 bytes in twenty, drawn at random from a fixed seed,
takes its place on the link a second time and arrives a retransmission time-out (1 s, RFC 6298) later, and what follows
it waits behind. Every 60 s all connections are reset, with what is on its way in them, and none is made for 2 s.
A client's own buffers are small, so that it never believes much more sent than is.
"""

import asyncio
import contextlib
import hashlib
import http.client
import os
import random
import secrets
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

from benchmarks import figures, house, sending, tus
from benchmarks.visitor import Page, Upload, Visitor, multipart
from escale.domain.claims.models import Attachment
from escale.domain.documents import queries

BYTES_A_SECOND = 64_000 / 8
ONE_WAY_SECONDS = 0.3
LOSS = 0.05
SEGMENT = 1460
TIME_OUT_SECONDS = 1.0
CUT_EVERY_SECONDS, CUT_LASTS_SECONDS = 60.0, 2.0
FILES, SIZE = 3, 300_000
SECONDS = 300.0


@dataclass
class Way:
    """One direction of the link: what crossed it, once and again; one segment at a time."""

    sent: int = 0
    again: int = 0
    chance: random.Random = field(default_factory=lambda: random.Random(1))
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def cross(self, segment: bytes) -> float:
        """Take a segment; return when it arrives, on the clock of the loop."""
        late = 0.0
        async with self.lock:
            self.sent += len(segment)
            await asyncio.sleep(len(segment) / BYTES_A_SECOND)
            while self.chance.random() < LOSS:
                self.again += len(segment)
                late += TIME_OUT_SECONDS
                await asyncio.sleep(len(segment) / BYTES_A_SECOND)
        return asyncio.get_running_loop().time() + ONE_WAY_SECONDS + late


class Link:
    """The relay, in a thread of its own."""

    def __init__(self, server: int) -> None:
        self.port, self.cuts = 0, 0
        self.up, self.down = Way(), Way()
        self._server, self._open, self._is_cut = server, set[asyncio.StreamWriter](), False
        self._ready = threading.Event()

    def run(self) -> None:
        """Relay until it is stopped."""
        with contextlib.suppress(asyncio.CancelledError):
            asyncio.run(self._relay())

    async def _relay(self) -> None:
        self._loop, self._task = asyncio.get_running_loop(), asyncio.current_task()
        door = await asyncio.start_server(self._connected, "localhost", 0, limit=SEGMENT)
        self.port = door.sockets[0].getsockname()[1]
        self._ready.set()
        while True:
            await asyncio.sleep(CUT_EVERY_SECONDS - CUT_LASTS_SECONDS)
            self.cuts, self._is_cut = self.cuts + 1, True
            for writer in self._open:
                writer.transport.abort()
            await asyncio.sleep(CUT_LASTS_SECONDS)
            self._is_cut = False

    async def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if self._is_cut:
            writer.transport.abort()
            return
        self._open.add(writer)
        await asyncio.sleep(2 * ONE_WAY_SECONDS)
        there, beyond = await asyncio.open_connection("127.0.0.1", self._server, limit=SEGMENT)
        self._open.add(beyond)
        with contextlib.suppress(OSError, asyncio.CancelledError):  # the relay is stopped
            await asyncio.gather(self._carry(reader, beyond, self.up), self._carry(there, writer, self.down))
        for end in (writer, beyond):
            self._open.discard(end)
            end.transport.abort()

    async def _carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, way: Way) -> None:
        """Carry what comes from one end to the other, until either is closed."""
        crossing: asyncio.Queue[tuple[float, bytes]] = asyncio.Queue()
        arriving = asyncio.create_task(_arrive(crossing, writer))
        while segment := await reader.read(SEGMENT):
            await crossing.put((await way.cross(segment), segment))
            if writer.transport.is_closing():
                break
        await crossing.put((0.0, b""))
        await arriving

    @contextlib.contextmanager
    def running(self) -> Iterator[None]:
        """Relay for as long as this lasts."""
        thread = threading.Thread(target=self.run)
        thread.start()
        self._ready.wait()
        try:
            yield
        finally:
            self._loop.call_soon_threadsafe(self._task.cancel)  # type: ignore[union-attr]
            thread.join()


async def _arrive(crossing: asyncio.Queue[tuple[float, bytes]], writer: asyncio.StreamWriter) -> None:
    while True:
        at, segment = await crossing.get()
        if not segment:
            break
        await asyncio.sleep(at - asyncio.get_running_loop().time())
        writer.write(segment)
        await writer.drain()
    with contextlib.suppress(OSError, RuntimeError):
        writer.write_eof()


@dataclass(frozen=True)
class Road:
    """A way to send three files: its name, and what sends them before a moment."""

    name: str
    send: Callable[[Visitor, Page, Link, list[bytes], float], None]


def resumed(visitor: Visitor, page: Page, link: Link, files: list[bytes], until: float) -> None:
    """Send one file after the other, each from where it stopped."""
    base = page.url + "envois/"
    sender = tus.Sender(link.port, visitor.cookies, visitor.token(page), base)
    for rank, content in enumerate(files):
        tus.send(sender, content, name=f"facture-{rank}.pdf", paper="cerfa", give_up_at=until)


def all_at_once(visitor: Visitor, page: Page, link: Link, files: list[bytes], until: float) -> None:
    """Send the form with its three files, again from its first byte as often as it takes."""
    _posted(visitor, page, link, files, until)


def one_by_one(visitor: Visitor, page: Page, link: Link, files: list[bytes], until: float) -> None:
    """Send the form once for each file."""
    for content in files:
        _posted(visitor, page, link, [content], until)


def _posted(visitor: Visitor, page: Page, link: Link, files: list[bytes], until: float) -> None:
    boundary = secrets.token_hex(16)
    uploads = tuple(Upload(f"facture-{n}.pdf", "application/pdf", content) for n, content in enumerate(files))
    body = multipart({"csrfmiddlewaretoken": visitor.token(page), "paper": "cerfa"}, uploads, boundary)
    headers = {"Cookie": visitor.cookies, "Content-Type": f"multipart/form-data; boundary={boundary}"}
    while time.monotonic() < until:
        try:
            with contextlib.closing(tus.phone(link.port)) as line:
                line.request("POST", page.url, body, headers)
                if line.getresponse().status < 400:
                    return
        except (OSError, http.client.HTTPException):
            time.sleep(1)


ROADS = (
    Road("reprise (tus)", resumed),
    Road("formulaire, un fichier à la fois", one_by_one),
    Road("formulaire, trois fichiers ensemble", all_at_once),
)


def measure(*, seconds: float = SECONDS) -> None:
    """Print, for each road and over a link of its own, bytes, seconds, and whether the files are there whole."""
    kilobytes = SIZE // 1000
    figures.title(f"{FILES} fichiers de {kilobytes} ko par 64 kbit/s, 600 ms, 5 % de pertes, coupé toutes les 60 s")
    for rank in range(len(ROADS)):
        sending.person(rank)
    with house.serving() as (port, _), ThreadPoolExecutor(len(ROADS)) as pool:
        rows = list(pool.map(lambda rank: _row(port, rank, seconds), range(len(ROADS))))
    figures.table(["", "octets", "renvoyés", "secondes", "temps du lien", "coupures", "arrivés"], rows)
    print("  octets : passés sur le lien ÷ ceux des fichiers, en-têtes compris, sans les pertes que TCP répare ;")
    print("  renvoyés : ces pertes. temps du lien : secondes ÷ celles des fichiers à 64 kbit/s. But : 1,1 au plus.")


def _row(port: int, rank: int, seconds: float) -> list[str]:
    road, link, visitor = ROADS[rank], Link(port), sending.signed_in(port, rank)
    page = sending.draft(visitor)
    files = [_file() for _ in range(FILES)]
    with link.running():
        began = time.monotonic()
        road.send(visitor, page, link, files, began + seconds)
        took = time.monotonic() - began
    whole = _whole(page.url.split("/")[3], files)
    return [
        road.name,
        figures.told(link.up.sent / FILES / SIZE),
        figures.told(100 * link.up.again / max(1, link.up.sent), "%"),
        figures.told(took, "s") + (" (arrêté)" if took >= seconds else ""),
        figures.told(took / (FILES * SIZE / BYTES_A_SECOND)),
        str(link.cuts),
        f"{whole}/{FILES}",
    ]


def _file() -> bytes:
    """Make a PDF that nobody has sent, whose bytes cannot be made fewer."""
    head = b"%PDF-1.7\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[]/Count 0>>endobj\n%"
    tail = b"\ntrailer<</Root 1 0 R>>\n%%EOF\n"
    return head + os.urandom(SIZE - len(head) - len(tail)).replace(b"%", b"&") + tail


def _whole(number: str, files: list[bytes]) -> int:
    """Return how many of the files the vault holds, byte for byte, for this claim."""
    documents = [one.document for one in Attachment.objects.filter(claim__number=number).select_related("document")]
    held = {queries.vault().digest(document.key) for document in documents}
    return sum(hashlib.sha256(content).hexdigest() in held for content in files)
