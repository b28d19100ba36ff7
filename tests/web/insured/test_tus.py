"""The protocol of resumable uploads, line by line."""

import base64
import hashlib
import uuid
from datetime import timedelta
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from django.utils.http import parse_http_date

from escale.domain.claims.models import Attachment
from escale.domain.documents import queries
from escale.domain.documents.models import Part, Upload
from tests import factories
from tests.domain.documents.test_files import stored
from tests.web.insured.conftest import signed_in

pytestmark = pytest.mark.django_db(transaction=True)

TUS = {"Tus-Resumable": "1.0.0"}
BODY = "application/offset+octet-stream"


@pytest.fixture
def claim(person):
    return factories.draft(person)


@pytest.fixture
def base(claim):
    return reverse("insured:uploads", args=[claim.number])


def said(**words: Any) -> str:
    return ",".join(f"{name} {base64.b64encode(str(word).encode()).decode()}" for name, word in words.items())


def announced(visitor: Client, base: str, content: bytes, *, length: int | None = None, **words: Any) -> HttpResponse:
    words = {"filename": "facture.pdf", "filetype": "application/pdf", "paper": "bill"} | words
    length = len(content) if length is None else length
    return visitor.post(base, headers=TUS | {"Upload-Length": str(length), "Upload-Metadata": said(**words)})


def sent(visitor: Client, address: str, body: bytes, *, offset: int = 0, **headers: str) -> HttpResponse:
    headers = TUS | {"Upload-Offset": str(offset)} | {name.replace("_", "-"): text for name, text in headers.items()}
    return visitor.generic("PATCH", address, body, content_type=BODY, headers=headers, CONTENT_TYPE=BODY)


def offset(visitor: Client, address: str) -> int:
    answer = visitor.head(address, headers=TUS)
    assert answer.status_code == 200
    return int(answer["Upload-Offset"])


def test_what_the_server_can_do_is_asked_first(visitor, base, settings):
    answer = visitor.options(base)
    assert answer.status_code == 204
    assert answer["Tus-Resumable"] == answer["Tus-Version"] == "1.0.0"
    assert answer["Tus-Extension"] == "creation,termination,checksum,expiration"
    assert answer["Tus-Max-Size"] == str(settings.FILE_LIMITS.size)
    assert answer["Tus-Checksum-Algorithm"] == "sha256,sha1"


def test_a_file_is_announced_sent_in_two_goes_and_joined(visitor, claim, base):
    content, bill = factories.pdf(), factories.bill(claim)
    answer = announced(visitor, base, content, bill=bill.pk, medical="1")
    assert (answer.status_code, answer["Upload-Offset"]) == (201, "0")
    address = answer["Location"]
    assert address.startswith(base)

    answer = sent(visitor, address, content[:1000])
    assert (answer.status_code, answer["Upload-Offset"]) == (204, "1000")
    answer = visitor.head(address, headers=TUS)
    assert (answer["Upload-Offset"], answer["Upload-Length"]) == ("1000", str(len(content)))
    assert answer["Cache-Control"] == "no-store"
    assert visitor.get(address).json() == {
        "status": "arriving", "offset": 1000, "size": len(content), "name": "facture.pdf", "sentence": "",
    }  # fmt: skip

    answer = sent(visitor, address, content[1000:], offset=1000)
    assert (answer.status_code, answer["Upload-Offset"]) == (204, str(len(content)))
    assert visitor.get(address).json()["status"] == "received"
    attachment = Attachment.objects.get()
    assert (attachment.paper, attachment.bill, attachment.medical) == ("bill", bill, True)
    assert attachment.document.sha256 == hashlib.sha256(content).hexdigest()
    assert b"".join(queries.vault().chunks(attachment.document.key)) == content
    assert queries.vault().is_medical(attachment.document.key)
    assert stored() == {attachment.document.key}
    assert not Part.objects.exists()


def test_until_when_it_is_kept_is_told_each_time_and_pushed_back_by_each_byte(visitor, person, base, frozen, settings):
    content = factories.pdf()
    first = announced(visitor, base, content)
    frozen.shift(timedelta(days=1))
    second = sent(signed_in(person), first["Location"], content[:10])
    told = [parse_http_date(answer["Upload-Expires"]) for answer in (first, second)]
    assert told[1] - told[0] == pytest.approx(24 * 3600, abs=5)
    frozen.shift(settings.UPLOADS_KEPT + timedelta(minutes=1))
    late = signed_in(person)
    assert late.head(first["Location"], headers=TUS).status_code == 410
    assert sent(late, first["Location"], content[10:], offset=10).status_code == 410


def test_the_same_key_gives_the_same_upload(visitor, base):
    content, key = factories.pdf(), uuid.uuid4()
    first = announced(visitor, base, content, key=key)
    assert first["Location"].endswith(f"/{key}/")
    sent(visitor, first["Location"], content[:7])
    again = announced(visitor, base, content, key=key)
    assert (again.status_code, again["Location"], again["Upload-Offset"]) == (201, first["Location"], "7")
    assert Upload.objects.count() == 1


def test_somebody_elses_key_is_refused(visitor, base):
    key, theirs = uuid.uuid4(), factories.draft()
    content = factories.pdf()
    others = reverse("insured:uploads", args=[theirs.number])
    announced(signed_in(theirs.insured), others, content, key=key)
    assert announced(visitor, base, content, key=key).status_code == 422


def test_another_device_goes_on_from_the_last_byte(visitor, person, base):
    content = factories.pdf()
    sha256 = hashlib.sha256(content).hexdigest()
    first = announced(visitor, base, content, sha256=sha256, key=uuid.uuid4())
    sent(visitor, first["Location"], content[:500])
    phone = signed_in(person)
    again = announced(phone, base, content, sha256=sha256, key=uuid.uuid4(), paper="translation")
    assert (again["Location"], again["Upload-Offset"]) == (first["Location"], "500")
    sent(phone, again["Location"], content[500:], offset=500)
    assert Attachment.objects.get().paper == "translation"  # what was said last


def test_a_file_already_received_is_not_sent_again(visitor, claim, base):
    content = factories.pdf()
    kept = factories.attachment(claim, content=content)
    known = {"sha256": kept.document.sha256}
    answer = announced(visitor, base, content, **known)
    assert (answer.status_code, answer["Upload-Offset"]) == (201, str(len(content)))
    assert visitor.get(answer["Location"]).json()["status"] == "received"
    assert Attachment.objects.get() == kept
    answer = announced(visitor, base, content, paper="translation", **known)
    assert answer["Upload-Offset"] == str(len(content))
    assert {one.document for one in Attachment.objects.all()} == {kept.document}
    assert Attachment.objects.count() == 2
    answer = announced(visitor, base, content, medical="1", **known)
    assert answer["Upload-Offset"] == "0"


def test_a_file_is_forgotten(visitor, base):
    content = factories.pdf()
    address = announced(visitor, base, content)["Location"]
    sent(visitor, address, content[:100])
    assert visitor.delete(address, headers=TUS).status_code == 204
    assert visitor.head(address, headers=TUS).status_code == 404
    assert stored() == set()
