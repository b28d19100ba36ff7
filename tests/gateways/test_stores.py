"""A local folder as a store: durable, private, and whole whenever the machine stops."""

import errno
import os
import subprocess
import sys
import time
from datetime import timedelta

import pytest

from escale.gateways import stores
from escale.gateways.keyring import Keyring
from escale.gateways.stores import Folder, Missing, Unavailable, _place
from escale.gateways.vault import Vault, store_at

AT_ONCE = timedelta(seconds=-1)
NAME = "0123456789abcdef0123456789abcdef"
KEYS = Keyring({"2026": bytes(32)})


@pytest.fixture
def folder(tmp_path):
    return Folder(tmp_path / "vault")


def files(tmp_path):
    return [path for path in (tmp_path / "vault").rglob("*") if path.is_file()]


def test_only_their_owner_reads_the_files(folder, tmp_path):
    folder.put(NAME, b"head", [b"content"])
    [path] = files(tmp_path)
    assert path.stat().st_mode & 0o777 == 0o600
    assert {folder.stat().st_mode & 0o777 for folder in path.parents[:2]} == {0o700}


def test_a_full_disk_leaves_nothing(folder, tmp_path, monkeypatch):
    def full(descriptor):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space"):
        folder.put(NAME, b"head", [b"content"])
    assert files(tmp_path) == []


def test_a_disk_that_is_away_does_not_mean_that_files_are_missing(folder, tmp_path):
    folder.put(NAME, b"head", [b"content"])
    (tmp_path / "vault").rename(tmp_path / "unmounted")
    with pytest.raises(Unavailable):
        folder.open(NAME)
    with pytest.raises(Unavailable):
        folder.head(NAME)


def test_another_head_takes_the_place_of_the_first_and_touches_no_date(folder, tmp_path):
    folder.put(NAME, b"first head", [b"content"])
    [path] = files(tmp_path)
    os.utime(path, ns=(1, 2))
    for head in (b"second head", b"third", b""):
        folder.change_head(NAME, head)
        assert folder.head(NAME) == head
    held = folder.open(NAME)
    assert (held.head, held.read(0, held.size)) == (b"", b"content")
    held.close()
    assert path.stat().st_mtime_ns == 2
    assert b"head" not in path.read_bytes()
    with pytest.raises(Missing):
        folder.change_head("f" * 32, b"head")


class PowerCut(BaseException):
    """The machine stops here."""


@pytest.mark.parametrize("turned", [0, 1, 2])
@pytest.mark.parametrize("written", [0, 1, 4095, 4096])
@pytest.mark.parametrize("write", [1, 2])
def test_a_power_cut_while_a_head_changes_leaves_one_of_the_two(folder, monkeypatch, turned, write, written):
    folder.put(NAME, b"0", [b"content"])
    for number in range(turned):
        folder.change_head(NAME, str(number + 1).encode())
    whole, calls = os.pwrite, []

    def torn(descriptor, content, offset):
        calls.append(offset)
        if len(calls) == write:
            whole(descriptor, content[:written], offset)
            raise PowerCut
        return whole(descriptor, content, offset)

    monkeypatch.setattr(os, "pwrite", torn)
    with pytest.raises(PowerCut):
        folder.change_head(NAME, b"new")
    monkeypatch.undo()
    assert folder.head(NAME) in (str(turned).encode(), b"new")
    folder.change_head(NAME, b"newer")
    assert folder.head(NAME) == b"newer"


@pytest.mark.parametrize("left", [b"", b"ESC1", b"\0" * 8192, b"\xff" * 9000, _place(b"head", 0)[:30]])
def test_a_file_that_is_not_ours_has_no_head(folder, tmp_path, left):
    (tmp_path / "vault" / NAME[:2] / NAME).write_bytes(left)
    held = folder.open(NAME)
    assert (held.head, folder.head(NAME)) == (b"", b"")
    held.close()


def test_a_head_wiped_before_its_file_is_removed_says_nothing_more(folder, tmp_path):
    folder.put(NAME, b"wrapped key", [b"content"])
    [path] = files(tmp_path)
    os.link(path, tmp_path / "what the disk keeps")
    folder.delete(NAME)
    assert b"wrapped key" not in (tmp_path / "what the disk keeps").read_bytes()
    assert files(tmp_path) == []


def test_a_killed_process_leaves_only_what_the_sweep_removes(folder, tmp_path):
    killed_half_way = (
        "import os, signal, sys; from pathlib import Path; from escale.gateways.stores import Folder\n"
        "def chunks():\n"
        "    yield b'half'\n"
        "    os.kill(os.getpid(), signal.SIGKILL)\n"
        f"Folder(Path(sys.argv[1])).put('{NAME}', b'head', chunks())\n"
    )
    subprocess.run([sys.executable, "-c", killed_half_way, tmp_path / "vault"], check=False)
    [left] = files(tmp_path)
    assert left.suffix == ".part"
    assert Vault(folder, KEYS).sweep(lambda keys: (), timedelta(hours=1)) == []
    assert Vault(folder, KEYS).sweep(lambda keys: (), AT_ONCE) == [left.name]
    assert files(tmp_path) == []


def test_only_files_of_the_vault_have_names_and_by_age(folder, tmp_path):
    folder.put(NAME, b"head", [b"content"])
    (tmp_path / "vault" / "01" / "lost+found").write_bytes(b"")
    assert list(folder.names(time.time() + 1)) == [NAME]
    assert list(folder.names(time.time() - 60)) == []


def test_every_address_that_is_no_store_is_refused():
    for address in ("", "/srv/vault", "s3+https://host/bucket", "s3+ftp://key:secret@host/bucket", "s3+https://k:s@h"):
        with pytest.raises(ValueError):
            store_at(address)
    assert stores.HEAD_BYTES < stores._PLACE
