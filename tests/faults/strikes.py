"""How each part is struck, and how the blow is lifted: small verbs on a house."""

import os
import random
import resource
import signal
import socket
import subprocess
import threading
from dataclasses import dataclass, field

from launcher import debian
from tests.faults import proxy, scanner
from tests.faults.house import ROOM, House
from tests.faults.story import Told

SPARED = 64 * 1024
"""Bytes that a full disk, or a process that may write no more, still takes."""


@dataclass
class Blow:
    """One fault on its way: where it falls, the dice, what the person was told so far, and whether it was ever felt."""

    house: House
    chance: random.Random
    told: Told
    over: threading.Event = field(default_factory=threading.Event)
    felt: threading.Event = field(default_factory=threading.Event)


def kill_web_workers(blow: Blow) -> None:
    blow.house.kill_web_workers()


def kill_web(blow: Blow) -> None:
    blow.house.kill("web")


def kill_worker(blow: Blow) -> None:
    blow.house.kill("worker")


def kill_clamd(blow: Blow) -> None:
    blow.house.kill("clamd")


def kill_postgres(blow: Blow) -> None:
    blow.house.kill("postgres")


def kill_a_backend(blow: Blow) -> None:
    blow.house.kill_a_backend(blow.chance)


def cut_the_visitors(blow: Blow) -> None:
    blow.house.web_line.cut()


def cut_the_database(blow: Blow) -> None:
    blow.house.web_database.cut()
    blow.house.worker_database.cut()


def silence_the_database(blow: Blow) -> None:
    blow.house.web_database.rule = blow.house.worker_database.rule = proxy.hold(blow.over)


def refuse_the_database(blow: Blow) -> None:
    blow.house.web_database.rule = blow.house.worker_database.rule = proxy.refuse
    cut_the_database(blow)


def lose_a_commit(blow: Blow) -> None:
    """The next transaction is done, or for a file perhaps the one after it, and nobody hears of it."""
    rank = blow.chance.randint(1, 2) if blow.told.number and not blow.told.files else 1
    blow.house.web_database.rule = proxy.lose_answer(b"COMMIT", rank=rank, lost=blow.felt.set)


def lose_a_commit_of_the_worker(blow: Blow) -> None:
    rank = blow.chance.randint(1, 6)
    blow.house.worker_database.rule = proxy.lose_answer(b"COMMIT", rank=rank, lost=blow.felt.set)


def lose_the_answer(blow: Blow) -> None:
    """The next page, or the next piece of a file, is answered to nobody."""
    blow.house.web_line.rule = proxy.lose_answer(b" /mon-compte/demandes/", lost=blow.felt.set)


def lift_lines(blow: Blow) -> None:
    """Let every line pass again; what was held goes on."""
    for line in blow.house.lines:
        line.rule = proxy.pass_on
    blow.over.set()


def stop_clamd(blow: Blow) -> None:
    blow.house.kept_down.add("clamd")
    blow.house.kill("clamd")


def start_clamd(blow: Blow) -> None:
    blow.house.kept_down.discard("clamd")


def freeze_clamd(blow: Blow) -> None:
    blow.house.signal("clamd", signal.SIGSTOP)


def thaw_clamd(blow: Blow) -> None:
    blow.house.signal("clamd", signal.SIGCONT)


def reload_clamd(blow: Blow) -> None:
    with socket.create_connection((proxy.HERE, blow.house.scanner.port), timeout=10) as line:
        line.sendall(b"zRELOAD\0")
        line.recv(64)


def reset_clamd(blow: Blow) -> None:
    blow.house.clamd_line.rule = proxy.refuse


def silence_clamd(blow: Blow) -> None:
    blow.house.clamd_line.rule = proxy.hold(blow.over)


def slow_clamd(blow: Blow) -> None:
    blow.house.clamd_line.rule = proxy.slow(0.5)


def confuse_clamd(blow: Blow) -> None:
    """The scanner answers anything but a verdict."""
    blow.house.clamd_line.rule = scanner.answer(blow.chance.choice(scanner.WORDS))


def fill_the_disk(blow: Blow) -> None:
    blow.house.resize_vault(None)


def free_the_disk(blow: Blow) -> None:
    blow.house.resize_vault(ROOM)


def forbid_writing(blow: Blow) -> None:
    """Every process that serves pages fails to write more than a little in any file (EFBIG)."""
    for pid in blow.house.web_workers():
        resource.prlimit(pid, resource.RLIMIT_FSIZE, (SPARED, resource.RLIM_INFINITY))


def allow_writing(blow: Blow) -> None:
    for pid in blow.house.web_workers():
        resource.prlimit(pid, resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))


def break_fsync(blow: Blow) -> None:
    """Half of the server's fsync fail (EIO): by libfiu, where it is installed."""
    broken = "enable_random name=posix/io/sync,probability=0.5,failinfo=5"
    blow.house.start_web("fiu-run", "-x", "-c", broken)


def mend_fsync(blow: Blow) -> None:
    blow.house.start_web()


def has_fiu() -> bool:
    """Tell whether fsync can be made to fail on this machine."""
    return debian.program("fiu-run") is not None


def _first_files(blow: Blow, count: int) -> list[tuple[str, str]]:
    """Return the keys and the digests of the first files that this person was told are kept."""
    from escale.domain.documents.models import Document

    found = Document.objects.filter(sha256__in=list(blow.told.files)).order_by("pk")
    return list(found.values_list("key", "sha256"))[:count]


def delete_a_file(blow: Blow) -> None:
    for key, sha256 in _first_files(blow, 1):
        blow.house.file(key).unlink()
        blow.told.harmed.add(sha256)


def flip_a_bit(blow: Blow) -> None:
    for key, sha256 in _first_files(blow, 1):
        path = blow.house.file(key)
        with path.open("r+b") as file:
            at = blow.chance.randrange(8192, path.stat().st_size)  # the head is kept twice
            file.seek(at)
            [byte] = file.read(1)
            file.seek(at)
            file.write(bytes([byte ^ 1 << blow.chance.randrange(8)]))
        blow.told.harmed.add(sha256)


def swap_two_files(blow: Blow) -> None:
    (one, first), (other, second) = _first_files(blow, 2)
    paths = blow.house.file(one), blow.house.file(other)
    contents = [path.read_bytes() for path in paths]
    for path, content in zip(paths, reversed(contents), strict=True):
        path.write_bytes(content)
    blow.told.harmed |= {first, second}


def cut_a_file_short(blow: Blow) -> None:
    for key, sha256 in _first_files(blow, 1):
        path = blow.house.file(key)
        os.truncate(path, blow.chance.randrange(path.stat().st_size))
        blow.told.harmed.add(sha256)


def read_every_file_again(blow: Blow) -> None:
    """Ask the house whether it still holds what it received, as its clock does in time."""
    command = [*blow.house.manage, "verify_vault"]
    subprocess.run(command, env=blow.house.environ, capture_output=True, check=False)
