import io
import subprocess
import unicodedata

import pytest

from escale.gateways import inspection
from escale.gateways.file_kinds import Limits
from tests.documents_corpus import locked_pdfs
from tests.gateways import samples

# qpdf would rather not write an old lock that it still reads
pytestmark = pytest.mark.filterwarnings("ignore:Encryption R=5")

REVISIONS = [2, 3, 4, 5, 6]


def unlock(content, password, folder):
    return inspection.unlock(io.BytesIO(content), password=password, folder=folder, limits=Limits())


def refusal(content, password, folder):
    with pytest.raises(inspection.Unreadable) as refused:
        unlock(content, password, folder)
    assert list(folder.iterdir()) == []
    return refused.value.code


@pytest.mark.parametrize("revision", REVISIONS)
@pytest.mark.parametrize("password", ["ouvre", "autre"])
def test_a_locked_pdf_is_opened_by_either_of_its_passwords(tmp_path, revision, password):
    content = locked_pdfs.locked(revision, user="ouvre", owner="autre")
    with unlock(content, password, tmp_path).open("rb") as unlocked:
        folder = tmp_path / "pages"
        folder.mkdir()
        found = inspection.inspect(unlocked, kind="application/pdf", folder=folder, limits=Limits())
    assert len(found.pages) == 1
    assert found.changed == []


@pytest.mark.parametrize("revision", REVISIONS)
@pytest.mark.parametrize("password", ["", "whatever"])
def test_what_is_locked_for_its_owner_only_opens_for_everybody(tmp_path, revision, password):
    assert unlock(locked_pdfs.locked(revision, user="", owner="autre"), password, tmp_path).stat().st_size


@pytest.mark.parametrize("revision", REVISIONS)
def test_an_empty_password_of_the_owner_opens_nothing(tmp_path, revision):
    content = locked_pdfs.locked(revision, user="ouvre", owner="")
    assert refusal(content, "", tmp_path) == "locked"
    assert refusal(content, "autre", tmp_path) == "wrong_password"
    assert unlock(content, "ouvre", tmp_path).exists()


@pytest.mark.parametrize("revision", [3, 6])
@pytest.mark.parametrize("password", [
    "Ouvre", "ouvre ", "mot de passe ’…", "x" * 5000, "\0", "\ud800", "ouvre\N{HEAVY CHECK MARK}",
])  # fmt: skip
def test_a_wrong_password_opens_nothing_and_leaves_nothing(tmp_path, revision, password):
    content = locked_pdfs.locked(revision, user="ouvre", owner="autre")
    assert refusal(content, password, tmp_path) == "wrong_password"
    assert refusal(content, "", tmp_path) == "locked"


@pytest.mark.parametrize("revision", REVISIONS)
@pytest.mark.parametrize("form", ["NFC", "NFD"])
def test_an_accent_opens_however_the_keyboard_makes_it(tmp_path, revision, form):
    content = locked_pdfs.locked(revision, user="été", owner="autre")
    assert unlock(content, unicodedata.normalize(form, "été"), tmp_path).exists()


@pytest.mark.parametrize("alphabet", ["utf-8", "cp1252", "mac_roman"])
def test_an_accent_opens_in_the_alphabet_of_an_old_maker(tmp_path, alphabet):
    content = locked_pdfs.locked(3, user="été à 5 €".encode(alphabet).decode("pdfdoc"), owner="autre")
    assert unlock(content, "été à 5 €", tmp_path).exists()


def test_what_no_password_opens_is_not_said_to_be_a_wrong_password(tmp_path):
    assert refusal(locked_pdfs.locked_by_certificate(), "ouvre", tmp_path) == "protected"
    assert refusal(b"rubbish", "ouvre", tmp_path) == "broken"


def refuse_locked(content, kind="application/pdf"):
    source = io.BytesIO(content)
    source.seek(0, io.SEEK_END)
    inspection.refuse_locked(source, kind=kind, limits=Limits())
    return source.tell()


@pytest.mark.parametrize(("content", "code"), [
    (locked_pdfs.locked(4, user="ouvre", owner="autre"), "locked"),
    (locked_pdfs.locked(6, user="ouvre", owner=""), "locked"),
    (b"\n" * 900 + locked_pdfs.locked(6, user="ouvre", owner="autre"), "locked"),
    (locked_pdfs.locked_by_certificate(), "protected"),
    (b"%PDF-1.7 rubbish /Encrypt", "broken"),
])  # fmt: skip
def test_at_the_door_a_pdf_that_asks_for_a_password_is_refused(content, code):
    with pytest.raises(inspection.Unreadable) as refused:
        refuse_locked(content)
    assert refused.value.code == code


@pytest.mark.parametrize("content", [
    locked_pdfs.locked(3, user="", owner="autre"), locked_pdfs.locked(6, user="", owner=""),
    locked_pdfs.locked_in_the_trailer(), samples.pdf(junk=b"/Encrypt 9 0 R"),
])  # fmt: skip
def test_at_the_door_what_opens_without_a_password_is_let_in(content):
    assert refuse_locked(content) == 0


@pytest.mark.parametrize(("content", "kind"), [
    (samples.pdf(trailer=b"/EncryptMetadata false"), "application/pdf"), (b"/Encrypt 9 0 R", "image/jpeg"),
])  # fmt: skip
def test_at_the_door_nothing_is_opened_without_need(monkeypatch, content, kind):
    monkeypatch.setattr(subprocess, "Popen", None)
    assert refuse_locked(content, kind) == 0
