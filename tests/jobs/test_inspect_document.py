import io
import json

import pytest
from django.core.management import call_command

from tests.documents_corpus import locked_pdfs, viruses
from tests.gateways import samples

KEYS = [
    "file", "name", "sha256", "bytes", "verdict", "code", "sentence", "type", "pages", "removed", "changed",
    "finding", "signatures", "seconds", "peak_memory",
]  # fmt: skip


def inspected(*files, **options):
    out = io.StringIO()
    call_command("inspect_document", *map(str, files), json=True, stdout=out, **options)
    return json.loads(out.getvalue())


@pytest.fixture
def invoice(tmp_path):
    path = tmp_path / "facture.pdf"
    path.write_bytes(samples.pdf())
    return path


def test_each_file_has_its_verdict_in_the_order_given(scanning, invoice, tmp_path):
    virus = tmp_path / "virus.com"
    virus.write_bytes(samples.EICAR)
    said = inspected(invoice, virus, tmp_path / "absent.pdf", tmp_path)
    assert [one["verdict"] for one in said] == ["accepted", "infected", "refused", "refused"]
    assert [one["code"] for one in said] == [None, None, "not_opened", "not_opened"]
    assert all(list(one) == KEYS for one in said)
    assert said[0]["pages"] == 1
    assert said[0]["peak_memory"] > 10_000_000


def test_without_a_scanner_nothing_is_accepted(invoice):
    [said] = inspected(invoice)
    assert said["verdict"] == "scanner_unavailable"


def test_another_name_and_another_type_may_be_tried(scanning, invoice):
    [named] = inspected(invoice, name="facture.exe")
    assert (named["name"], named["code"]) == ("facture.exe", "extension")
    [declared] = inspected(invoice, type="image/png")
    assert declared["code"] == "declared_type"


def test_a_name_that_is_no_text_is_no_trouble(scanning, tmp_path):
    path = tmp_path / "fact\udce9ure.pdf"
    path.write_bytes(samples.pdf())
    assert inspected(path)[0]["verdict"] == "accepted"
    out = io.StringIO()
    call_command("inspect_document", str(path), stdout=out)
    assert "accepted" in out.getvalue()


def test_a_password_opens_what_asks_for_one(scanning, tmp_path):
    path = tmp_path / "facture.pdf"
    path.write_bytes(locked_pdfs.locked(6, user="été", owner=""))
    for password, told in (("", "locked"), ("hiver", "wrong_password")):
        [said] = inspected(path, password=password)
        assert (said["verdict"], said["code"], said["pages"]) == ("refused", told, 0)
        assert "mot de passe" in said["sentence"]
    [said] = inspected(path, password="été")
    assert (said["verdict"], said["changed"], said["pages"]) == ("cleaned", ["unlocked"], 1)


def test_a_virus_under_a_lock_is_found_once_it_is_opened(scanning, tmp_path):
    path = tmp_path / "facture.pdf"
    path.write_bytes(locked_pdfs.locked(6, user="ouvre", owner="autre", content=viruses.attached()))
    assert inspected(path, password="ouvre")[0]["verdict"] == "infected"
