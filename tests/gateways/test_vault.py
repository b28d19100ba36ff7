"""The vault, over a local folder and over a real object store."""

import hashlib
import io
import os
import secrets
import shutil
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from functools import cache
from pathlib import Path

import pytest

from escale.gateways import keyring
from escale.gateways.cipher import FRAME
from escale.gateways.keyring import Keyring
from escale.gateways.stores import Folder
from escale.gateways.vault import Altered, Missing, NoKey, Vault, store_at

AT_ONCE = timedelta(seconds=-2)
PRIVATE = bytes(range(96))
KEYS = Keyring({"2026": bytes(32)}, {"med": keyring.public_half(PRIVATE)}, {"med": PRIVATE})
TURNED = replace(KEYS, ordinary={"2026": bytes(32), "2027": b"\1" * 32})
LARGE = 6 * 1024 * 1024
KEPT = Path(__file__).with_name("kept")


bucket_at = cache(store_at)


@pytest.fixture(params=["folder", "object store"])
def store(request, tmp_path):
    if request.param == "folder":
        return store_at(f"folder:{tmp_path / 'vault'}")
    bucket = bucket_at(request.getfixturevalue("object_store"))
    for name in bucket.names(float("inf")):
        bucket.delete(name)
    return bucket


@pytest.fixture
def vault(store):
    return Vault(store, KEYS)


def names(store):
    return sorted(store.names(float("inf")))


@pytest.mark.parametrize("size", [0, 1, FRAME, FRAME + 1, 300_000, 5 * 1024 * 1024, LARGE + 7])
@pytest.mark.parametrize("medical", [False, True])
def test_what_is_put_is_given_back_byte_for_byte(vault, size, medical):
    content = os.urandom(size)
    stored = vault.put([content[:100_000], b"", content[100_000:]], medical=medical)
    assert (stored.size, stored.sha256) == (size, hashlib.sha256(content).hexdigest())
    assert b"".join(vault.chunks(stored.key)) == content
    assert vault.digest(stored.key) == stored.sha256
    with vault.open(stored.key) as file:
        assert file.read() == content


def test_a_file_is_read_from_anywhere(vault):
    content = os.urandom(LARGE)
    with vault.open(vault.put([content]).key) as file:
        assert file.seek(0, io.SEEK_END) == LARGE
        for start in (LARGE - 10, 3 * FRAME - 5, 0, LARGE // 2):
            file.seek(start)
            assert file.read(FRAME) == content[start : start + FRAME]
        file.seek(LARGE + 1)
        assert file.read() == b""
        assert file.tell() == LARGE + 1


def test_nothing_of_a_file_can_be_read_in_the_store(vault, store):
    canary = b"CANARI-1-78-05-75-112-001-42 diagnostic"
    for medical in (False, True):
        key = vault.put([canary * 100], medical=medical).key
        held = store.open(key)
        assert canary not in held.head + held.read(0, held.size)
        held.close()


def test_the_same_content_twice_has_two_keys(vault):
    assert vault.put([b"facture"]).key != vault.put([b"facture"]).key


@pytest.mark.parametrize("sent", [0, 100_000, LARGE])
def test_a_sender_who_goes_away_leaves_nothing(vault, store, sent):
    def cut_short():
        yield bytes(sent)
        raise ConnectionResetError

    with pytest.raises(ConnectionResetError):
        vault.put(cut_short())
    assert names(store) == []
    assert store.clear_unfinished(float("inf")) == []


@pytest.mark.parametrize("size", [10, LARGE])
def test_a_key_drawn_twice_never_overwrites(vault, monkeypatch, size):
    key = vault.put([b"first"]).key
    draw = secrets.token_hex
    monkeypatch.setattr(secrets, "token_hex", lambda size: key if size == 16 else draw(size))
    with pytest.raises(FileExistsError):
        vault.put([bytes(size)])
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


@pytest.mark.parametrize("size", [10, 2 * FRAME, LARGE])
@pytest.mark.parametrize("medical", [False, True])
def test_two_files_exchanged_are_found(vault, store, size, medical):
    one, other = (vault.put([os.urandom(size)], medical=medical).key for _ in range(2))
    held = [(store.open(key).head, read_sealed(store, key)) for key in (one, other)]
    store.delete(one)
    store.put(one, held[1][0], [held[1][1]])  # whole, as a thief of names would
    with pytest.raises(Altered):
        vault.digest(one)
    store.delete(one)
    store.put(one, held[0][0], [held[1][1]])  # the content alone
    with pytest.raises(Altered):
        vault.digest(one)


def read_sealed(store, key):
    held = store.open(key)
    sealed = b"".join(held.read(start, FRAME) for start in range(0, held.size, FRAME))
    held.close()
    return sealed


@pytest.mark.parametrize("cut", [1, FRAME, 2 * FRAME + 32])
def test_a_file_cut_short_is_found_before_its_first_byte(vault, store, cut):
    key = vault.put([os.urandom(3 * FRAME)]).key
    head, sealed = store.head(key), read_sealed(store, key)
    store.delete(key)
    store.put(key, head, [sealed[:-cut]])
    with pytest.raises(Altered):
        vault.open(key)


def test_a_bit_that_turned_is_found_and_what_lies_before_it_is_read(vault, store):
    content = os.urandom(3 * FRAME)
    key = vault.put([content]).key
    head, sealed = store.head(key), bytearray(read_sealed(store, key))
    sealed[FRAME + 1000] ^= 4
    store.delete(key)
    store.put(key, head, [bytes(sealed)])
    chunks = vault.chunks(key, FRAME)
    assert next(chunks) == content[:FRAME]
    with pytest.raises(Altered):
        next(chunks)


def test_a_stolen_store_and_the_agents_keys_do_not_read_a_medical_file(vault, store):
    report = vault.put([b"compte rendu"], medical=True)
    agents = replace(KEYS, medical_private={})
    with pytest.raises(NoKey, match="medical key med"):
        Vault(store, agents).digest(report.key)
    with pytest.raises(Altered):  # nor by pretending that it is one of theirs
        replace(KEYS, ordinary={"med": bytes(32)}).unwrap(
            store.head(report.key).replace(b"Escale1m", b"Escale1o"), name=report.key
        )
    forwarded = Vault(store, agents).put([b"autre compte rendu"], medical=True)
    assert vault.digest(forwarded.key) == forwarded.sha256


@pytest.mark.parametrize("size", [10, LARGE])
def test_turning_the_keys_leaves_the_content_alone(vault, store, size):
    files = [vault.put([os.urandom(size)], medical=medical) for medical in (False, True)]
    before = [read_sealed(store, stored.key) for stored in files]
    turned = Vault(store, TURNED)
    fresh = turned.put([b"put with the new key"])

    found = turned.rewrap()
    assert (found.resealed, found.current, found.out_of_reach, found.altered) == (1, 2, 0, ())
    assert [read_sealed(store, stored.key) for stored in files] == before
    assert turned.rewrap().resealed == 0

    withdrawn = Vault(store, replace(KEYS, ordinary={"2027": b"\1" * 32}))
    for stored in [*files, fresh]:
        assert withdrawn.digest(stored.key) == stored.sha256
    with pytest.raises(NoKey):
        vault.open(files[0].key)


def test_a_key_withdrawn_too_early_is_told_and_nothing_is_lost(vault, store):
    stored = vault.put([b"facture"])
    early = Vault(store, replace(KEYS, ordinary={"2027": b"\1" * 32}))
    with pytest.raises(NoKey, match="ordinary key 2026"):
        early.open(stored.key)
    assert early.rewrap().out_of_reach == 1
    assert vault.digest(stored.key) == stored.sha256


def test_who_has_no_private_half_turns_the_ordinary_keys_only(vault, store):
    private = bytes(reversed(PRIVATE))
    report = vault.put([b"compte rendu"], medical=True)
    public = {**KEYS.medical_public, "med-2": keyring.public_half(private)}
    worker = Vault(store, replace(KEYS, medical_public=public, medical_private={}))
    assert worker.rewrap().out_of_reach == 1
    adviser = Vault(store, replace(KEYS, medical_public=public, medical_private={"med": PRIVATE, "med-2": private}))
    assert adviser.rewrap().resealed == 1
    assert Vault(store, replace(KEYS, medical_private={"med-2": private})).digest(report.key) == report.sha256


def test_the_sweep_removes_what_nobody_knows(vault, store):
    known, orphan = vault.put([b"known"]).key, vault.put([b"orphan"]).key
    assert vault.sweep(lambda keys: {known} & set(keys), AT_ONCE) == [orphan]
    assert names(store) == [known]


def test_the_sweep_leaves_what_is_young(vault, store):
    vault.put([b"its row is being written"])
    assert vault.sweep(lambda keys: (), timedelta(hours=1)) == []
    assert len(names(store)) == 1


@pytest.mark.parametrize("purpose", ["ordinary", "medical"])
def test_what_was_put_in_november_2026_opens_for_ever(tmp_path, purpose):
    key = "0123456789abcdef0123456789abcdef"
    vault = Vault(Folder(tmp_path), KEYS)
    shutil.copy(KEPT / purpose, tmp_path / "01" / key)
    assert list(vault.chunks(key)) == ["Facture du 12 novembre 2026, 25,00 €".encode()]
