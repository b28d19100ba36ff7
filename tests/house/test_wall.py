"""The wall between purposes: who steals all but the physicians' keys reads no medical report."""

import io
import os
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from django.db import connection
from PIL import Image

from escale.domain.claims import actions as claims
from escale.domain.claims import notes
from escale.domain.claims.models import Claim
from escale.domain.documents import queries as documents
from escale.gateways import envelope, keyring
from escale.gateways.envelope import Envelope
from escale.gateways.keyring import Keyring
from escale.gateways.stores import Folder
from escale.gateways.vault import Altered, NoKey, Vault
from tests import factories

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("scanning")]

SECRET, PLAIN = b"Compte rendu : fracture du scaphoide", b"Recu de la pharmacie du port"


def paper(words: bytes) -> bytes:
    """A PDF that holds these words as they are, and a drawing of which no piece is like any other."""
    drawing = io.BytesIO()
    Image.frombytes("L", (120, 170), os.urandom(120 * 170)).save(drawing, "PDF")
    return drawing.getvalue() + b"\n%" + words + b"\n%%EOF\n"


def attached(claim: Claim, content: bytes) -> None:
    factories.attachment(claim, paper="discharge_report", medical=True, content=content, name="rapport.pdf")


def sent_by_parts(claim: Claim, content: bytes) -> None:
    by = factories.owner(claim)
    arrival = claims.expect(
        claim=claim, bill=None, paper="discharge_report", medical=True, name="rapport.pdf",
        declared_type="application/pdf", size=len(content), by=by,
    )  # fmt: skip
    half = len(content) // 2
    claims.append(arrival=arrival, offset=0, arriving=iter([content[:half]]), by=by)
    claims.append(arrival=arrival, offset=half, arriving=iter([content[half:]]), by=by)


@contextmanager
def without_medical_keys(settings) -> Iterator[None]:
    """Be the process that insured persons and agents reach."""
    held, settings.VAULT_MEDICAL_KEYS = settings.VAULT_MEDICAL_KEYS, ""
    documents.vault.cache_clear()
    yield
    settings.VAULT_MEDICAL_KEYS = held
    documents.vault.cache_clear()


def dumped() -> Iterator[bytes]:
    """Every value of every column of every table."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT quote_ident(table_name), quote_ident(column_name), data_type FROM information_schema.columns"
            " WHERE table_schema = 'public'"
        )
        for table, column, kind in cursor.fetchall():
            cursor.execute(f"SELECT {column if kind == 'bytea' else f'{column}::text'} FROM {table}")
            yield from (bytes(value) if kind == "bytea" else value.encode() for (value,) in cursor.fetchall() if value)


def opened(vault: Path, keys: Keyring) -> dict[str, bytes]:
    """Every file of a vault that opens with these keys."""
    store, found = Vault(Folder(vault), keys), {}
    for path in vault.glob("*/*"):
        try:
            found[path.name] = b"".join(store.chunks(path.name))
        except NoKey:
            continue
    return found


def pieces(image: bytes) -> list[bytes]:
    """Pieces of the drawing in an image, after the header and the tables that all images have."""
    drawn = image[len(image) // 2 :]
    return [drawn[start : start + 32] for start in range(0, len(drawn) - 32, 1024)]


@pytest.mark.parametrize("send", [attached, sent_by_parts])
def test_vault_database_and_ordinary_keys_stolen_together_give_no_medical_report(
    send, settings, home: Path, vault_keys: tuple[Path, Path]
):
    report, receipt = paper(SECRET), paper(PLAIN)
    with without_medical_keys(settings):
        claim = factories.complete()
        send(claim, report)
        factories.attachment(claim, paper="translation", content=receipt)
        factories.sent(claim=claim)
    factories.scanned(claim)
    factories.asked(claim)
    sealed = claim.attachments.select_related("document").get(medical=True).document
    page = sealed.pages.get()
    image = b"".join(documents.vault().chunks(page.key))
    assert pieces(image)

    stolen = Path(shutil.copytree(home / "vault", home / "stolen"))
    keys = keyring.read(vault_keys[0])
    loot = opened(stolen, keys)
    everything = [*loot.values(), *dumped(), *(path.read_bytes() for path in stolen.glob("*/*"))]

    assert {path.name for path in stolen.glob("*/*")} - set(loot) == {sealed.key, page.key}
    assert not any(SECRET in one or report in one or image in one for one in everything)
    assert not any(piece in one for one in everything for piece in pieces(image))
    for name in (sealed.key, page.key):
        for key_id in keys.ordinary:
            with pytest.raises(Altered):
                keys.unwrap(relabelled(Folder(stolen).head(name), key_id), name=name)
    # the same search finds what it may, and all of it once the physicians' keys are stolen too
    assert receipt in loot.values()
    assert any(sealed.sha256.encode() in one for one in everything)
    assert {report, image} <= set(opened(stolen, keyring.read(*vault_keys)).values())


def test_database_and_ordinary_keys_stolen_together_give_no_note_of_a_physician(
    settings, vault_keys: tuple[Path, Path]
):
    with without_medical_keys(settings):
        note = notes.write(factories.asked(), SECRET.decode())
        assert notes.text(note) is None
    assert not any(SECRET in one for one in dumped())
    kept = Envelope(note.name, bytes(note.head), bytes(note.sealed))
    keys = keyring.read(vault_keys[0])
    with pytest.raises(NoKey):
        envelope.opened(kept, keys=keys)
    for key_id in keys.ordinary:
        with pytest.raises(Altered):
            envelope.opened(kept._replace(head=relabelled(kept.head, key_id)), keys=keys)
    other = notes.write(factories.asked(), "Rien à signaler.")
    with pytest.raises(Altered):  # exchanged with another
        envelope.opened(kept._replace(name=other.name), keys=keyring.read(*vault_keys))
    assert notes.text(note) == SECRET.decode()


def relabelled(head: bytes, key_id: str) -> bytes:
    """A medical head that pretends to be wrapped by an ordinary key."""
    return re.sub(rb"^Escale1m[^/]+/", b"Escale1o" + key_id.encode() + b"/", head)
