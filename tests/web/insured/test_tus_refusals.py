"""What the protocol of resumable uploads refuses, each with its status and a sentence."""

import base64
import hashlib
import io
import uuid

import pikepdf
import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from escale.domain.claims.lifecycle import Status
from escale.domain.claims.models import Attachment, Claim
from escale.domain.documents.models import Document, Upload
from tests import factories
from tests.domain.documents.test_files import stored
from tests.domain.mandates import mandates
from tests.web.insured.conftest import signed_in
from tests.web.insured.test_mandates import acting
from tests.web.insured.test_tus import BODY, TUS, announced, base, claim, offset, sent

__all__ = ["base", "claim"]

pytestmark = pytest.mark.django_db(transaction=True)


def test_what_is_not_the_byte_waited_for_is_refused(visitor, base):
    content = factories.pdf()
    address = announced(visitor, base, content)["Location"]
    assert sent(visitor, address, content[5:], offset=5).status_code == 409
    assert sent(visitor, address, content + b"more").status_code == 413
    assert offset(visitor, address) == 0


@pytest.mark.parametrize("algorithm", ["sha256", "sha1"])
def test_a_body_that_was_damaged_is_not_kept(visitor, base, algorithm):
    content = factories.pdf()
    address = announced(visitor, base, content)["Location"]
    right = base64.b64encode(hashlib.new(algorithm, content[:900]).digest()).decode()
    damaged = b"?" + content[1:900]
    answer = sent(visitor, address, damaged, Upload_Checksum=f"{algorithm} {right}")
    assert answer.status_code == 460
    assert "abîmée" in answer.json()["sentence"]
    assert (offset(visitor, address), stored()) == (0, set())
    assert sent(visitor, address, content[:900], Upload_Checksum=f"{algorithm} {right}").status_code == 204
    assert offset(visitor, address) == 900


@pytest.mark.parametrize("checksum", ["md5 abcd", "sha256", "sha256 ?"])
def test_a_checksum_that_is_not_understood_is_refused(visitor, base, checksum):
    address = announced(visitor, base, b"content")["Location"]
    assert sent(visitor, address, b"content", Upload_Checksum=checksum).status_code == 400


def test_another_version_of_the_protocol_is_refused(visitor, base):
    address = announced(visitor, base, b"content")["Location"]
    for method, place in [("post", base), ("head", address), ("patch", address), ("delete", address)]:
        answer = getattr(visitor, method)(place, headers={"Tus-Resumable": "0.2.2"})
        assert (answer.status_code, answer["Tus-Version"]) == (412, "1.0.0")


def test_another_kind_of_body_and_one_of_unknown_length_are_refused(visitor, base):
    address = announced(visitor, base, b"content")["Location"]
    headers = TUS | {"Upload-Offset": "0"}
    assert visitor.patch(address, b"content", content_type="text/plain", headers=headers).status_code == 415
    assert sent(visitor, address, b"", Transfer_Encoding="chunked").status_code == 411


def test_post_may_stand_for_any_method(visitor, base):
    content = factories.pdf()
    address = announced(visitor, base, content)["Location"]
    headers = TUS | {"Upload-Offset": "0", "X-HTTP-Method-Override": "PATCH"}
    assert visitor.post(address, content, content_type=BODY, headers=headers).status_code == 204
    assert Attachment.objects.exists()


def test_what_is_not_understood_is_refused(visitor, base):
    assert announced(visitor, base, b"x", paper="").status_code == 422
    assert announced(visitor, base, b"x", paper="nothing").status_code == 422
    assert announced(visitor, base, b"x", bill=factories.bill(factories.draft()).pk).status_code == 422
    assert announced(visitor, base, b"x", sha256="0").status_code == 422
    assert announced(visitor, base, b"x", key="0").status_code == 422
    assert announced(visitor, base, b"x", length=-1).status_code == 422
    odd = visitor.post(base, headers=TUS | {"Upload-Length": "1", "Upload-Metadata": "paper ?"})
    assert odd.status_code == 422
    assert odd.json()["sentence"]
    assert not Upload.objects.exists()


def test_what_is_too_much_is_refused_before_it_is_sent(visitor, claim, base, settings):
    answer = announced(visitor, base, b"", length=settings.FILE_LIMITS.size + 1)
    assert (answer.status_code, "10\xa0Mo" in answer.json()["sentence"].replace(" ", "\xa0")) == (413, True)
    settings.FILES_PER_CLAIM = 2
    assert announced(visitor, base, b"first").status_code == 201
    factories.attachment(claim)
    answer = announced(visitor, base, b"third")
    assert (answer.status_code, answer.json()["sentence"]) == (413, "Une demande contient 2 fichiers au plus.")


def test_a_claim_that_was_sent_takes_no_file(visitor, person):
    claim = factories.complete(person)
    base, content = reverse("insured:uploads", args=[claim.number]), factories.pdf()
    address = announced(visitor, base, content)["Location"]
    Claim.objects.filter(pk=claim.pk).update(status=Status.SENT, sent_at=timezone.now(), due_on=timezone.localdate())
    assert announced(visitor, base, content).status_code == 409
    assert sent(visitor, address, content).status_code == 204
    told = visitor.get(address).json()
    assert told["status"] == "refused"
    assert told["sentence"].startswith("Votre demande ne reçoit plus de fichier")


def test_a_file_that_is_no_paper_is_refused_with_its_sentence(visitor, base):
    content = b"MZ\x90\x00 programme"
    address = announced(visitor, base, content)["Location"]
    assert sent(visitor, address, content).status_code == 204
    told = visitor.get(address).json()
    assert told["status"] == "refused"
    assert "programme" in told["sentence"]
    assert stored() == set()
    assert sent(visitor, address, b"more", offset=len(content)).status_code == 409


def test_an_empty_file_is_refused_at_once(visitor, base):
    answer = announced(visitor, base, b"")
    assert "vide" in visitor.get(answer["Location"]).json()["sentence"]


def test_a_file_other_than_announced_is_refused(visitor, base):
    content = factories.pdf()
    address = announced(visitor, base, content, sha256=hashlib.sha256(b"other").hexdigest())["Location"]
    sent(visitor, address, content)
    assert visitor.get(address).json()["sentence"] == "Ce fichier a été abîmé en chemin : envoyez-le à nouveau."
    assert not Document.objects.exists()


def test_a_locked_file_waits_for_its_password(visitor, base):
    paper = io.BytesIO()
    with pikepdf.open(io.BytesIO(factories.pdf())) as pdf:
        pdf.save(paper, encryption=pikepdf.Encryption(user="ouvre", owner="autre"))
    address = announced(visitor, base, paper.getvalue())["Location"]
    sent(visitor, address, paper.getvalue())
    told = visitor.get(address).json()
    assert (told["status"], "mot de passe" in told["sentence"]) == ("locked", True)


def test_the_door_speaks_json(base, claim):
    answer = Client().post(base, headers=TUS)
    assert (answer.status_code, answer.json()["sentence"][:7]) == (401, "Votre s")
    stranger = signed_in(factories.insured())
    answer = stranger.post(base, headers=TUS)
    assert (answer.status_code, answer["Content-Type"]) == (404, "application/json")
    assert stranger.head(f"{base}{uuid.uuid4()}/", headers=TUS).status_code == 404


def test_without_the_token_of_the_page_nothing_is_taken(person, claim, base):
    forger = Client(enforce_csrf_checks=True)
    forger.cookies = signed_in(person).cookies
    answer = announced(forger, base, b"content")
    assert (answer.status_code, answer["Tus-Resumable"]) == (403, "1.0.0")
    assert answer.json()["sentence"].endswith("rechargez la page, l’envoi reprendra où il en était.")
    assert not Upload.objects.exists()
    page = forger.post(reverse("insured:documents", args=[claim.number]))
    assert (page.status_code, page["Content-Type"]) == (403, "text/html; charset=utf-8")


def test_a_store_that_refuses_loses_nothing(visitor, base, home):
    content = factories.pdf()
    address = announced(visitor, base, content)["Location"]
    sent(visitor, address, content[:200])
    (home / "vault").rename(home / "away")
    (home / "vault").write_text("not a folder")
    answer = sent(visitor, address, content[200:], offset=200)
    assert (answer.status_code, "Réessayez" in answer.json()["sentence"]) == (507, True)
    (home / "vault").unlink()
    (home / "away").rename(home / "vault")
    assert offset(visitor, address) == 200
    sent(visitor, address, content[200:], offset=200)
    assert visitor.get(address).json()["status"] == "received"


def test_a_mandate_that_ends_on_the_way_is_told_in_json(person, claim, base):
    mandate = mandates.accepted(person)
    client = acting(mandate)
    mandates.actions.revoke(mandate=mandate, by=mandates.oneself(person.account))
    answer = client.post(base, headers=TUS)
    assert (answer.status_code, answer["Content-Type"], answer["Tus-Resumable"]) == (403, "application/json", "1.0.0")
    assert "plus en ce nom" in answer.json()["sentence"]
