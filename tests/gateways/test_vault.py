import errno
import hashlib
import os
import secrets
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from escale.gateways.vault import Missing, Vault

AT_ONCE = timedelta(seconds=-1)


@pytest.fixture
def vault(tmp_path):
    return Vault(tmp_path / "vault")


def files(tmp_path):
    return [path for path in (tmp_path / "vault").rglob("*") if path.is_file()]


def test_what_is_put_is_given_back_byte_for_byte(vault):
    content = os.urandom(300_000)
    stored = vault.put([content[:100_000], b"", content[100_000:]])
    assert (stored.size, stored.sha256) == (len(content), hashlib.sha256(content).hexdigest())
    assert b"".join(vault.chunks(stored.key)) == content
    assert vault.digest(stored.key) == stored.sha256
    with vault.open(stored.key) as file:
        assert file.read() == content


def test_the_same_content_twice_has_two_keys(vault):
    assert vault.put([b"facture"]).key != vault.put([b"facture"]).key


def test_only_their_owner_reads_the_files(vault, tmp_path):
    vault.put([b"facture"])
    [path] = files(tmp_path)
    assert path.stat().st_mode & 0o777 == 0o600
    assert {folder.stat().st_mode & 0o777 for folder in path.parents[:2]} == {0o700}


def test_a_sender_who_goes_away_leaves_nothing(vault, tmp_path):
    def cut_short():
        yield b"first half"
        raise ConnectionResetError

    with pytest.raises(ConnectionResetError):
        vault.put(cut_short())
    assert files(tmp_path) == []


def test_a_full_disk_leaves_nothing(vault, tmp_path, monkeypatch):
    def full(descriptor):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space"):
        vault.put([b"facture"])
    assert files(tmp_path) == []


def test_a_key_drawn_twice_never_overwrites(vault, monkeypatch):
    key = vault.put([b"first"]).key
    draw = secrets.token_hex
    monkeypatch.setattr(secrets, "token_hex", lambda size: key if size == 16 else draw(size))
    with pytest.raises(FileExistsError):
        vault.put([b"second"])
    assert list(vault.chunks(key)) == [b"first"]


@pytest.mark.parametrize("key", ["0" * 32, "", "../../etc/passwd", "A" * 32, "0" * 31 + "\n"])
def test_a_key_that_was_never_given_is_missing(vault, key):
    for ask in (vault.open, vault.digest):
        with pytest.raises(Missing):
            ask(key)
    with pytest.raises(Missing):
        next(vault.chunks(key))


def test_a_deleted_file_is_gone_and_may_be_deleted_again(vault):
    key = vault.put([b"facture"]).key
    vault.delete(key)
    vault.delete(key)
    with pytest.raises(Missing):
        vault.open(key)


def test_many_threads_put_at_once(vault):
    contents = [os.urandom(20_000) for _ in range(64)]
    with ThreadPoolExecutor(8) as pool:
        stored = list(pool.map(lambda content: vault.put([content]), contents))
    assert [vault.digest(s.key) for s in stored] == [hashlib.sha256(c).hexdigest() for c in contents]


def test_the_sweep_removes_what_nobody_knows(vault, tmp_path):
    known, orphan = vault.put([b"known"]).key, vault.put([b"orphan"]).key
    assert vault.sweep(lambda keys: {known} & set(keys), AT_ONCE) == [orphan]
    assert [path.name for path in files(tmp_path)] == [known]


def test_the_sweep_leaves_what_is_young(vault, tmp_path):
    vault.put([b"its row is being written"])
    assert vault.sweep(lambda keys: (), timedelta(hours=1)) == []
    assert len(files(tmp_path)) == 1


def test_a_killed_process_leaves_only_what_the_sweep_removes(vault, tmp_path):
    killed_half_way = (
        "import os, signal, sys; from pathlib import Path; from escale.gateways.vault import Vault\n"
        "def chunks():\n"
        "    yield b'half'\n"
        "    os.kill(os.getpid(), signal.SIGKILL)\n"
        "Vault(Path(sys.argv[1])).put(chunks())\n"
    )
    subprocess.run([sys.executable, "-c", killed_half_way, tmp_path / "vault"], check=False)
    [left] = files(tmp_path)
    assert left.suffix == ".part"
    assert vault.sweep(lambda keys: (), AT_ONCE) == [left.name]
    assert files(tmp_path) == []
