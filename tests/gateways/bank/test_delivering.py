"""A file leaves for the bank once, wherever the machine stops; what the bank lays is taken whole, and kept."""

import os
import signal
import subprocess
import sys
import time
from hashlib import sha256
from pathlib import Path

import pytest

from escale.gateways import bank

CONTENT = [b"<Document>", b"...", b"</Document>"]
# Delivers a file in as many processes as it takes: each dies, for good, before the next thing that it would do to the
# disk, until one has nothing left to do; prints how each ended.
DYING = """
import os, signal, sys
from itertools import count
from pathlib import Path
from escale.gateways import bank

def watch(event, arguments):
    global left
    if event in ("open", "os.rename", "os.link", "os.remove", "os.mkdir") and str(arguments[0]).startswith(sys.argv[1]):
        left -= 1
        if left < 0:
            os.kill(os.getpid(), signal.SIGKILL)

left = 0
sys.addaudithook(watch)
for step in count():
    child = os.fork()
    if not child:
        left = step
        bank.deliver(Path(sys.argv[1]) / str(step), "lot-7.xml", [b"<Document>", b"...", b"</Document>"])
        os._exit(0)
    status = os.waitpid(child, 0)[1]
    print(os.waitstatus_to_exitcode(status))
    if not status:
        break
"""


def shown(folder: Path) -> dict[str, bytes]:
    """What the bank sees in its folder."""
    return {path.name: path.read_bytes() for path in folder.iterdir() if not path.name.startswith(".")}


def test_a_file_delivered_again_is_left_as_it_is_and_never_changed(tmp_path):
    folder = tmp_path / "bank"
    path = bank.deliver(folder, "lot-7.xml", CONTENT)
    assert bank.deliver(folder, "lot-7.xml", iter(CONTENT)) == path
    with pytest.raises(FileExistsError):
        bank.deliver(folder, "lot-7.xml", [b"<b/>"])
    assert shown(folder) == {"lot-7.xml": b"".join(CONTENT)}


def test_a_file_that_the_bank_has_taken_away_is_not_laid_again(tmp_path):
    bank.deliver(tmp_path, "lot-7.xml", CONTENT).unlink()
    bank.deliver(tmp_path, "lot-7.xml", CONTENT)
    assert shown(tmp_path) == {}
    with pytest.raises(FileExistsError):
        bank.deliver(tmp_path, "lot-7.xml", [b"<b/>"])


def test_what_somebody_else_laid_under_this_name_is_not_written_over(tmp_path):
    (tmp_path / "lot-7.xml").write_bytes(b"<b/>")
    with pytest.raises(FileExistsError):
        bank.deliver(tmp_path, "lot-7.xml", CONTENT)
    assert shown(tmp_path) == {"lot-7.xml": b"<b/>"}


def test_killed_before_anything_that_it_does_to_the_disk_it_has_laid_the_file_once_in_the_end(tmp_path):
    done = subprocess.run([sys.executable, "-c", DYING, str(tmp_path)], capture_output=True, text=True, check=True)
    outcomes = set()
    for step, code in enumerate(map(int, done.stdout.split())):
        folder = tmp_path / str(step)
        seen = shown(folder) if folder.exists() else {}
        assert seen in ({}, {"lot-7.xml": b"".join(CONTENT)})
        for name in seen:
            (folder / name).unlink()  # the bank takes it at once
        bank.deliver(folder, "lot-7.xml", CONTENT)
        assert [*seen, *shown(folder)] == ["lot-7.xml"]
        outcomes.add((code, bool(seen)))
    assert outcomes == {(-signal.SIGKILL, False), (-signal.SIGKILL, True), (0, True)}


@pytest.mark.parametrize("name", ["../lot.xml", "a/lot.xml", "", ".lot.xml", ".."])
def test_a_file_goes_to_its_folder_only(tmp_path, name):
    with pytest.raises(ValueError, match="not a path"):
        bank.deliver(tmp_path, name, CONTENT)


def test_what_the_bank_laid_is_taken_once_it_is_whole_the_oldest_first(tmp_path):
    long_ago = time.time() - 3600
    for name, age in {"b.xml": 20, "a.xml": 10, ".hidden.xml": 30, "c.xml.part": 30, "d.filepart": 30}.items():
        (tmp_path / name).write_bytes(name.encode())
        os.utime(tmp_path / name, (long_ago - age, long_ago - age))
    (tmp_path / "still-coming.xml").write_bytes(b"<Doc")
    assert [path.name for path in bank.collect(tmp_path)] == ["b.xml", "a.xml"]
    assert bank.collect(tmp_path / "nowhere") == []


def test_what_was_read_is_kept_aside_and_no_other_of_its_name_writes_over_it(tmp_path):
    for content in (b"one", b"two", b"one"):
        (tmp_path / "a.xml").write_bytes(content)
        [path] = bank.collect(tmp_path, quiet_seconds=-1)
        bank.put_away(path, sha256=sha256(content).hexdigest())
    assert bank.collect(tmp_path, quiet_seconds=-1) == []
    assert sorted(path.read_bytes() for path in (tmp_path / ".read").iterdir()) == [b"one", b"two"]


def test_a_file_laid_under_the_name_of_one_that_is_being_read_is_left_to_be_read(tmp_path):
    (tmp_path / "a.xml").write_bytes(b"two")
    bank.put_away(tmp_path / "a.xml", sha256=sha256(b"one").hexdigest())
    assert [path.read_bytes() for path in bank.collect(tmp_path, quiet_seconds=-1)] == [b"two"]
