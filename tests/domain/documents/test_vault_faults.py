"""A file that is no longer what was received is lost, and known to be."""

import io

import pytest
from PIL import Image

from escale.domain.accounts.actor import SYSTEM
from escale.domain.documents import actions as documents
from escale.domain.documents.lifecycle import Status
from tests import factories

pytestmark = pytest.mark.django_db


def received():
    content = io.BytesIO()
    Image.effect_noise((400, 400), 90).save(content, "PNG")
    kept = documents.keep(content=content, name="facture.png", declared_type="image/png", medical=False)
    return documents.receive(kept=kept, insured=factories.insured(), by=SYSTEM)


def lies_at(home, document):
    return home / "vault" / document.key[:2] / document.key


@pytest.mark.parametrize("fault", ["removed", "one bit", "cut short", "emptied", "exchanged"])
def test_a_file_that_was_touched_in_the_store_is_lost(home, fault):
    document, other = received(), received()
    path = lies_at(home, document)
    content = bytearray(path.read_bytes())
    match fault:
        case "removed":
            path.unlink()
        case "one bit":
            content[-100] ^= 1
            path.write_bytes(content)
        case "cut short":
            path.write_bytes(content[:-1000])
        case "emptied":
            path.write_bytes(b"")
        case "exchanged":
            path.write_bytes(lies_at(home, other).read_bytes())
    documents.scan(document=document)
    document.refresh_from_db()
    assert document.status == Status.LOST
