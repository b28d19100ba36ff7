"""The vault against its limits, in one run: the bare cipher, the bare digest, the bare disk, then all of it together.

Other stores than a folder as `store_at` takes them.
"""

import hashlib
import os
import resource
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from unittest import mock

from benchmarks import figures
from escale.gateways import cipher, durable, keyring
from escale.gateways.keyring import Keyring
from escale.gateways.stores import Store
from escale.gateways.vault import Vault, store_at

CHUNK = os.urandom(256 * 1024)
HEADS = 100_000
SMALL, LARGE = 2 * 1024 * 1024, 50 * 1024 * 1024
PRIVATE = keyring.draw(keyring.Kind.MEDICAL_PRIVATE)
KEYS = Keyring({"old": bytes(32)}, {"m": keyring.public_half(PRIVATE)}, {"m": PRIVATE})
TURNED = replace(KEYS, ordinary={**KEYS.ordinary, "new": b"\1" * 32})


def content(size: int) -> Iterator[bytes]:
    """Yield a file as it comes from a sender."""
    return (CHUNK for _ in range(size // len(CHUNK)))


def hashed(chunks: Iterator[bytes]) -> Iterator[bytes]:
    """Pass chunks on, and hash them: what a vault without a cipher would do."""
    digest = hashlib.sha256()
    for chunk in chunks:
        digest.update(chunk)
        yield chunk


def rates(place: Path, store: Store) -> None:
    """Print each rate, and the share of the bare disk's that the whole keeps; all in turn, so that noise is shared."""
    vault = Vault(store, KEYS)
    for size, rounds in ((SMALL, 60), (LARGE, 9)):
        acts = acts_on(size, place, vault)
        took: dict[str, list[float]] = {name: [] for name in acts}
        for _ in range(rounds):
            for name, act in acts.items():
                started = time.perf_counter()
                act()
                took[name].append(time.perf_counter() - started)
        rate = {name: size / 1e6 / statistics.median(times) for name, times in took.items()}
        line = " · ".join(f"{name} {value:,.0f}" for name, value in rate.items())
        shares = [rate["coffre"] / rate[limit] for limit in ("disque nu", "disque et SHA-256")]
        print(f"{size // 2**20} Mo, en Mo/s : {line}", flush=True)
        print(f"  le coffre / disque nu : {shares[0]:.2f} ; / disque et SHA-256 : {shares[1]:.2f}", flush=True)


def acts_on(size: int, place: Path, vault: Vault) -> dict[str, Callable[[], object]]:
    """Return what is measured on files of one size."""
    key = vault.put(content(size)).key
    return {
        "SHA-256": lambda: [hashlib.sha256(chunk) for chunk in content(size)],
        "chiffre": lambda: sum(map(len, cipher.seal(bytes(32), content(size)))),
        "disque nu": lambda: durable.write(place / os.urandom(8).hex(), content(size)),
        "disque et SHA-256": lambda: durable.write(place / os.urandom(8).hex(), hashed(content(size))),
        "coffre": lambda: vault.put(content(size)),
        "coffre médical": lambda: vault.put(content(size), medical=True),
        "lecture vérifiée": lambda: vault.digest(key),
    }


def memory(store: Store, files: int = 20) -> None:
    """Print how much the peak of memory grows while 20 files of 50 MB are put, then read, at once."""
    vault = Vault(store, KEYS)
    vault.digest(vault.put(content(LARGE)).key)
    before = peak()
    started = time.perf_counter()
    with ThreadPoolExecutor(files) as pool:
        stored = list(pool.map(lambda _: vault.put(content(LARGE)), range(files)))
        assert [s.sha256 for s in stored] == list(pool.map(lambda s: vault.digest(s.key), stored))
    took = time.perf_counter() - started
    print(f"{files} × 50 Mo à la fois : pic {before:.0f} Mo → {peak():.0f} Mo, {took:.1f} s", flush=True)


def peak() -> float:
    """Return the most memory that this process ever took, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def rewrap(store: Store, count: int) -> None:
    """Print how long the heads of this many files take to turn; the files themselves are laid without waiting."""
    old, turned = Vault(store, KEYS), Vault(store, TURNED)
    with mock.patch("os.fsync"), ThreadPoolExecutor(8) as pool:
        for _ in pool.map(lambda _: old.put([b"facture"]), range(count)):
            pass
    os.sync()
    started = time.perf_counter()
    found = turned.rewrap()
    took = time.perf_counter() - started
    assert found.rewrapped >= count
    print(f"{count:,} têtes refermées en {took:.0f} s, soit {count / took:,.0f}/s", flush=True)


def measure(address: str = "", heads: int = HEADS) -> None:
    """Do every measure."""
    figures.title("Le coffre")
    with tempfile.TemporaryDirectory(dir=os.environ.get("ESCALE_HOME")) as folder:
        place = Path(folder)
        store = store_at(address or f"folder:{place / 'vault'}")
        rates(place, store)
        memory(store)
        rewrap(store, heads)
