"""Twenty large files through the real server, the vault, the worker and the scanner: memory, and rates beside limits.

The files are scans: pages of noise as JPEG, which nothing can make smaller. The limits are raised by settings.
"""

import contextlib
import io
import os
import secrets
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pikepdf
from PIL import Image

from benchmarks import figures, house, sending, tus
from benchmarks.vault import KEYS
from escale.domain.claims.models import Claim
from escale.domain.documents.lifecycle import Status
from escale.domain.documents.models import Document
from escale.domain.journal import queries as journal
from escale.domain.journal.actions import name_of
from escale.gateways import durable
from escale.gateways.antivirus import Antivirus
from escale.gateways.vault import Vault, store_at
from escale.jobs import tasks
from launcher import children, ground, home
from launcher.children import Child
from launcher.screen import Step

FILES, MEGABYTES, AT_ONCE = 20, 50, 4
ROUNDS = 5
SETTLING_SECONDS = 3.0
PATIENCE_SECONDS = 1800.0
_MB = 1024 * 1024


def measure(files: int = FILES, megabytes: int = MEGABYTES) -> None:
    """Print the memory of each process at rest and at its most, then each rate beside what limits it."""
    figures.title(f"{files} envois de {megabytes} Mo par tus, {AT_ONCE} à la fois, puis l’antivirus")
    for rank in range(AT_ONCE):
        sending.person(rank)
    limits = {"ESCALE_FILE_BYTES": (megabytes + 1) * _MB, "ESCALE_CLAIM_BYTES": files * (megabytes + 1) * _MB}
    with _scanner() as clamd, _settings({name: str(value) for name, value in limits.items()} | clamd):
        with house.serving() as (port, web), _worker() as worker:
            weights, seated = Weights({"web": web, "travail de fond": worker}), _seated(port)
            time.sleep(SETTLING_SECONDS)
            weights.rest()
            with weights.watched():
                sent, judged, verdicts = _through(seated, files, megabytes)
        rates = {name: megabytes / took for name, took in _limits(megabytes, clamd["ESCALE_CLAMD"]).items()}
    figures.table(["", "au repos (PSS)", "au plus (PSS)", "de plus", "le plus gros (RSS)"], weights.rows())
    print(f"  Verdicts : {', '.join(f'{count} {Status(status).label}' for status, count in verdicts.items())}.")
    rates |= {"envoi, jusqu’au dernier octet": files * megabytes / sent}
    rates |= {"envoi, jusqu’au dernier verdict": files * megabytes / judged}
    figures.table(["", "débit"], [[name, figures.told(rate, "Mo/s")] for name, rate in rates.items()])
    print("  But : une mémoire plate, 60 Mo de plus au plus.")


@contextlib.contextmanager
def _scanner() -> Iterator[dict[str, str]]:
    """Give where the scanner is: that of the environment, else ours."""
    family: list[Child] = []
    try:
        with Step(1, of=1, what="Antivirus") as step:
            found = ground.scanner(Path(os.environ["ESCALE_HOME"]), family, step)
        if not (found or os.environ.get("ESCALE_CLAMD")):
            sys.exit("Cette mesure demande clamd.")
        yield {"ESCALE_CLAMD": os.environ.get("ESCALE_CLAMD", "")} | found
    finally:
        children.stop(family)


@contextlib.contextmanager
def _settings(changed: dict[str, str]) -> Iterator[None]:
    """Have the processes that are started meanwhile see these variables."""
    before = {name: os.environ.get(name) for name in changed}
    os.environ.update(changed)
    try:
        yield
    finally:
        for name, value in before.items():
            os.environ.pop(name) if value is None else os.environ.update({name: value})


@contextlib.contextmanager
def _worker() -> Iterator[int]:
    log = Path(os.environ["ESCALE_HOME"]) / "bench-worker.log"
    with log.open("ab") as written:
        command = [sys.executable, "manage.py", "procrastinate", "worker"]
        worker = subprocess.Popen(command, cwd=home.CHECKOUT, stdout=written, stderr=written)
    try:
        yield worker.pid
    finally:
        worker.terminate()
        worker.wait()


class Weights:
    """What processes weigh, in megabytes, at rest and at their most; the confined ones of the worker apart."""

    def __init__(self, families: dict[str, int]) -> None:
        self._families = families
        self._at_rest: dict[str, float] = {}
        self._at_most: defaultdict[str, float] = defaultdict(float)
        self._largest: defaultdict[str, float] = defaultdict(float)

    def rest(self) -> None:
        """Take the weights of now as those at rest."""
        self._at_rest = {name: sum(pss for pss, _ in weighed) for name, weighed in self._weighed().items()}

    @contextlib.contextmanager
    def watched(self) -> Iterator[None]:
        """Note the most that each family weighs for as long as this lasts."""
        over = threading.Event()
        watching = threading.Thread(target=self._watch, args=[over])
        watching.start()
        try:
            yield
        finally:
            over.set()
            watching.join()

    def rows(self) -> list[list[str]]:
        """Return the table."""
        return [
            [
                name,
                figures.told(self._at_rest.get(name, 0), "Mo"),
                figures.told(most, "Mo"),
                figures.told(most - self._at_rest.get(name, 0), "Mo"),
                figures.told(self._largest[name], "Mo"),
            ]
            for name, most in self._at_most.items()
        ]

    def _watch(self, over: threading.Event) -> None:
        while not over.wait(0.3):
            for name, weighed in self._weighed().items():
                self._at_most[name] = max(self._at_most[name], sum(pss for pss, _ in weighed))
                self._largest[name] = max(self._largest[name], *(rss for _, rss in weighed))

    def _weighed(self) -> dict[str, list[tuple[float, float]]]:
        found: dict[str, list[tuple[float, float]]] = {}
        for name, head in self._families.items():
            for pid in house.family(head):
                try:
                    weight = house.memory(pid), _resident(pid)
                except (OSError, AssertionError):  # it has ended meanwhile
                    continue
                is_confined = name == "travail de fond" and pid != head
                found.setdefault("dont le processus enfermé" if is_confined else name, []).append(weight)
        return found


def _resident(pid: int) -> float:
    return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") / _MB


def _seated(port: int) -> list[tus.Sender]:
    """Have each person sign in, begin a claim and send a small file, so that all that a process loads is loaded."""
    senders = []
    for rank in range(AT_ONCE):
        visitor = sending.signed_in(port, rank)
        page = sending.draft(visitor)
        sender = tus.Sender(port, visitor.cookies, visitor.token(page), page.url + "envois/", is_phone=False)
        tus.send(sender, _unlike(_scan(2)), name="essai.pdf", paper="cerfa")
        senders.append(sender)
    return senders


def _through(senders: list[tus.Sender], files: int, megabytes: int) -> tuple[float, float, Counter[str]]:
    """Send all; return the seconds to the last byte and to the last verdict, and the verdicts."""
    shares = [range(rank, files, AT_ONCE) for rank in range(AT_ONCE)]
    scan = _scan(megabytes)
    known = set(Document.objects.values_list("pk", flat=True))
    began = time.monotonic()

    def send(rank: int) -> None:
        for number in shares[rank]:
            tus.send(senders[rank], _unlike(scan), name=f"dossier-{number}.pdf", paper="cerfa")

    with ThreadPoolExecutor(AT_ONCE) as pool:
        list(pool.map(send, range(AT_ONCE)))
    sent = time.monotonic() - began
    for sender in senders:  # nobody sends these claims: their papers need not be the right ones
        entry = journal.of(name_of(Claim.objects.get(number=sender.base.split("/")[3]))).last()
        tasks.scan_claim.defer(entry=entry.pk if entry else 0)
    ours = Document.objects.exclude(pk__in=known)
    while ours.filter(status=Status.QUARANTINED).exists() and time.monotonic() - began < PATIENCE_SECONDS:
        time.sleep(0.2)
    return sent, time.monotonic() - began, Counter(ours.values_list("status", flat=True))


def _limits(megabytes: int, clamd: str) -> dict[str, float]:
    """Return the seconds that one file takes to each part alone, the median of some rounds."""
    scan = _scan(megabytes)
    with tempfile.TemporaryDirectory(dir=os.environ["ESCALE_HOME"]) as folder:
        place = Path(folder)
        vault = Vault(store_at(f"folder:{place / 'vault'}"), KEYS)
        return {
            "disque seul (écrire, fsync)": _median(
                lambda content: durable.write(place / secrets.token_hex(8), [content]), scan
            ),
            "coffre seul (chiffrer, écrire, fsync)": _median(lambda content: vault.put([content]), scan),
            "clamd seul (INSTREAM)": _median(lambda content: Antivirus(clamd).scan(io.BytesIO(content)), scan),
        }


def _median(act: Callable[[bytes], object], scan: bytes) -> float:
    took = []
    for _ in range(ROUNDS):
        content = _unlike(scan)
        started = time.perf_counter()
        act(content)
        took.append(time.perf_counter() - started)
    return statistics.median(took)


def _scan(megabytes: int) -> bytes:
    """Make a PDF of about so many megabytes, one page for two of them."""
    out, page = io.BytesIO(), io.BytesIO()
    Image.effect_noise((1240, 1754), 90).save(page, "JPEG", quality=75)
    filler = 2 * _MB - len(page.getvalue()) - 2048
    with pikepdf.new() as pdf:
        for _ in range(megabytes // 2):
            pdf.add_blank_page(page_size=(595, 842))
            image = pdf.make_stream(page.getvalue() + os.urandom(max(0, filler)), {
                "/Type": pikepdf.Name.XObject, "/Subtype": pikepdf.Name.Image, "/Filter": pikepdf.Name.DCTDecode,
                "/ColorSpace": pikepdf.Name.DeviceGray, "/BitsPerComponent": 8, "/Width": 1240, "/Height": 1754,
            })  # fmt: skip
            pdf.pages[-1].Contents = pdf.make_stream(b"595 0 0 842 0 0 cm /I Do")
            pdf.pages[-1].Resources = {"/XObject": {"/I": image}}
        pdf.save(out, static_id=True)
    return out.getvalue()


def _unlike(scan: bytes) -> bytes:
    """Return the same file, unlike any other."""
    return scan + b"%" + secrets.token_hex(16).encode() + b"\n%%EOF\n"
