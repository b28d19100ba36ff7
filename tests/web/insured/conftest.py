"""An insured person at the counter."""

import html
import time

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client

from escale.domain.accounts.models import Role
from escale.domain.registry.models import InsuredPerson
from tests import factories


@pytest.fixture(autouse=True)
def today(frozen, db, settings, home) -> None:
    """Every test of this room happens on the same Tuesday; nothing was collected to be served beside it."""
    settings.STATIC_ROOT = home


@pytest.fixture
def person() -> InsuredPerson:
    return factories.insured()


def signed_in(person: InsuredPerson) -> Client:
    client = Client()
    client.force_login(person.account)
    session = client.session
    session["hat"] = Role.INSURED.value
    session.save()
    return client


def proved(client: Client, *proofs: str) -> Client:
    """The same browser, where these proofs were just given."""
    session = client.session
    session.update(dict.fromkeys(proofs, int(time.time())))
    session.save()
    return client


@pytest.fixture
def visitor(person: InsuredPerson) -> Client:
    """The browser of this person, signed in."""
    return signed_in(person)


def text(response: HttpResponse) -> str:
    """What the page says, its entities read."""
    assert response.status_code == 200, response
    return html.unescape(response.content.decode())


def title(response: HttpResponse) -> str:
    return text(response).partition("<title>")[2].partition("</title>")[0]


def file(content: bytes, name: str = "facture.pdf", declared_type: str = "application/pdf") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content, declared_type)
