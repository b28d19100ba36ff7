"""An object store that refuses, is away, hangs or breaks off: nothing is acknowledged, nothing is called missing."""

import os
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from urllib.parse import urlsplit

import pytest

from escale.gateways import keyring
from escale.gateways.bucket import PART, Bucket
from escale.gateways.keyring import Keyring
from escale.gateways.vault import Missing, Unavailable, Vault, store_at

KEYS = Keyring({"2026": bytes(32)}, {"med": keyring.public_half(bytes(96))})
NAME = "0123456789abcdef0123456789abcdef"
AWAY = "s3+http://key:secret@127.0.0.1:1/vault"


@pytest.fixture
def bucket(object_store):
    return Bucket(object_store)


def refused_everywhere(bucket):
    vault = Vault(bucket, KEYS)
    for ask in (
        lambda: vault.put([b"facture"]),
        lambda: vault.put([bytes(PART), bytes(PART)]),
        lambda: vault.open(NAME),
        lambda: vault.digest(NAME),
        lambda: vault.delete(NAME),
        lambda: vault.sweep(lambda keys: keys, timedelta(0)),
        vault.rewrap,
    ):
        with pytest.raises(Unavailable):
            ask()


def test_a_wrong_secret_is_refused(object_store):
    parts = urlsplit(object_store)
    refused_everywhere(store_at(object_store.replace(parts.password, "wrong")))
    refused_everywhere(store_at(object_store.replace(f"//{parts.username}:", "//unknown:")))


def test_a_bucket_that_is_not_there_does_not_mean_that_files_are_missing(object_store):
    elsewhere = Vault(store_at(object_store + "-elsewhere"), KEYS)
    for ask in (elsewhere.open, elsewhere.digest):
        with pytest.raises(Unavailable, match="NoSuchBucket"):
            ask(NAME)
    with pytest.raises(Unavailable, match="NoSuchBucket"):
        elsewhere.rewrap()


def test_a_store_that_is_away_is_unavailable():
    started = time.monotonic()
    with pytest.raises(Unavailable):
        Bucket(AWAY).open(NAME)
    assert time.monotonic() - started < 10


def test_a_store_that_hangs_is_unavailable():
    with socket.create_server(("127.0.0.1", 0)) as silent:
        port = silent.getsockname()[1]
        started = time.monotonic()
        with pytest.raises(Unavailable, match="ReadTimeout"):
            Bucket(AWAY.replace(":1/", f":{port}/"), timeout=0.3).open(NAME)
        assert time.monotonic() - started < 10


def test_a_head_as_long_as_they_come_is_kept_and_replaced(bucket):
    longest = Keyring(medical_public={"n" * 40: KEYS.medical_public["med"]}).wrap(bytes(32), name=NAME, medical=True)
    for content in (b"short", os.urandom(PART + 1)):
        bucket.delete(NAME)
        bucket.put(NAME, b"first", [content])
        bucket.change_head(NAME, longest)
        held = bucket.open(NAME)
        assert (held.head, bucket.head(NAME), held.size) == (longest, longest, len(content))
        held.close()
    bucket.delete(NAME)
    with pytest.raises(Missing):
        bucket.change_head(NAME, b"head")


def test_an_object_that_is_not_ours_has_no_head(bucket):
    bucket.delete(NAME)
    bucket._s3.put_object(Bucket=bucket._bucket, Key=NAME, Body=b"")
    assert bucket.head(NAME) == b""
    held = bucket.open(NAME)
    assert (held.head, held.size) == (b"", 0)
    held.close()
    bucket.delete(NAME)


def test_a_long_upload_that_nobody_finished_is_cleared(bucket):
    upload = bucket._s3.create_multipart_upload(Bucket=bucket._bucket, Key=NAME)["UploadId"]
    bucket._s3.upload_part(Bucket=bucket._bucket, Key=NAME, UploadId=upload, PartNumber=1, Body=b"half")
    assert bucket.clear_unfinished(time.time() - 60) == []
    assert bucket.clear_unfinished(time.time() + 60) == [NAME]
    assert bucket.clear_unfinished(time.time() + 60) == []


@pytest.mark.parametrize("passed", [0, 1000, PART // 2, 2 * PART + 1000])
def test_a_link_that_breaks_during_an_upload_is_never_acknowledged(object_store, bucket, passed):
    content = os.urandom(3 * PART)
    before = set(bucket.names(float("inf")))
    with breaking_after(passed, urlsplit(object_store).port) as port:
        there = urlsplit(object_store).port
        broken = Vault(Bucket(object_store.replace(f":{there}/", f":{port}/"), timeout=2), KEYS)
        with pytest.raises(Unavailable):
            broken.put([content])
    assert set(bucket.names(float("inf"))) == before
    bucket.clear_unfinished(float("inf"))


@contextmanager
def breaking_after(count: int, port: int) -> Iterator[int]:
    """Stand before a port, and reset every connection once this many bytes have gone to it in all."""
    left = [count]

    def forward(caller, server, counted):
        try:
            while data := caller.recv(16_384):
                if counted:
                    left[0] -= len(data)
                    if left[0] < 0:
                        break
                server.sendall(data)
        except OSError:
            pass
        for end in (caller, server):
            end.close()

    def listen():
        while True:
            try:
                caller, _ = door.accept()
            except OSError:
                return
            server = socket.create_connection(("127.0.0.1", port))
            threading.Thread(target=forward, args=(caller, server, True), daemon=True).start()
            threading.Thread(target=forward, args=(server, caller, False), daemon=True).start()

    with socket.create_server(("127.0.0.1", 0)) as door:
        threading.Thread(target=listen, daemon=True).start()
        yield door.getsockname()[1]
        door.shutdown(socket.SHUT_RDWR)
