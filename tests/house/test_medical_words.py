"""What a physician writes and what a medical paper says are looked for wherever words come out of the house."""

import logging
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pypdfium2
import pytest
from django.test import Client
from django.urls import reverse

from escale.domain.accounts.models import Role
from escale.domain.claims import actions as claims
from escale.domain.claims.models import Claim, OpinionCode, Outcome
from escale.domain.documents import actions as documents
from escale.domain.documents.models import Document, Transcript
from escale.domain.statistics import actions as statistics
from escale.gateways import keyring
from tests import factories
from tests.conftest import Work
from tests.house.test_wall import dumped, opened, paper

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("scanning", "frozen")]

NOTE, PAPER = "tularemie", "scaphoide"
WORDS = (NOTE.encode(), PAPER.encode())

A, S, P = Role.AGENT, Role.SUPERVISOR, Role.PHYSICIAN


class Place(NamedTuple):
    """A page or a file that comes out, who asks for it, and what is typed there."""

    route: str
    hats: tuple[Role, ...]
    typed: dict[str, str] | None = None
    of: str = ""


PLACES = (
    Place("agents:export_figures",   (S,),  of="table"),
    Place("agents:export_journal",   (Role.AUDITOR,)),
    Place("agents:journal",          (Role.AUDITOR,)),
    Place("agents:export_signals",   (S,)),
    Place("agents:board",            (S,)),
    Place("agents:queue",            (A, S)),
    Place("agents:find",             (A, S), {"wanted": NOTE}),
    Place("agents:find",             (A, S), {"wanted": PAPER}),
    Place("agents:find",             (A, S), {"wanted": "{number}"}),
    Place("agents:case",             (A,),  of="number"),
    Place("agents:decide",           (A,),  of="number"),
    Place("agents:order",            (Role.ACCOUNTANT,), of="reference"),
    Place("agents:payments",         (Role.ACCOUNTANT,)),
    Place("agents:counter",          (Role.COUNTER,)),
    Place("insured:claim",           (Role.INSURED,), of="number"),
    Place("insured:claims",          (Role.INSURED,)),
    Place("insured:copy_json",       (Role.INSURED,), {}),
    Place("insured:copy_pdf",        (Role.INSURED,), {}),
    Place("public:open_data",        ()),
    Place("public:open_data_csv",    ()),
    Place("public:open_data_json",   ()),
)  # fmt: skip


@pytest.fixture
def log(tmp_path: Path) -> Iterator[Path]:
    """All that the house writes in its logs, down to the least."""
    file = tmp_path / "all.log"
    handler, root = logging.FileHandler(file), logging.getLogger()
    level = root.level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    yield file
    root.setLevel(level)
    root.removeHandler(handler)
    handler.close()


def considered(work: Work) -> Claim:
    """A claim with a paper under seal, an opinion and its note, decided, with all that follows."""
    claim = factories.complete()
    content = paper(f"Compte rendu : fracture du {PAPER}".encode())
    factories.attachment(claim, paper="discharge_report", medical=True, content=content, name="rapport.pdf")
    opinion = factories.asked(factories.received(claim=claim))
    claims.give_opinion(
        opinion=opinion, outcome=Outcome.FAVOURABLE, code=OpinionCode.JUSTIFIED, note=f"Suspicion de {NOTE}.",
        by=factories.physician(),
    )  # fmt: skip
    documents.keep_findings(document=Document.objects.get(name="rapport.pdf"))
    factories.approved(claim)
    work()
    statistics.fold()
    return claim


def browser(hat: Role | None, claim: Claim) -> Client:
    """The browser of somebody under this hat: the owner of the claim, where it is theirs."""
    client = Client()
    if hat:
        client.force_login(claim.insured.account if hat == Role.INSURED else factories.account(hat))
        session = client.session
        session["hat"], session["seen"], session["proved"] = hat.value, 2**40, 2**40
        session.save()
    return client


def answer(place: Place, hat: Role | None, claim: Claim) -> bytes:
    known = {"number": claim.number, "table": "chiffres", "reference": claim.number}
    address = reverse(place.route, kwargs={place.of: known[place.of]} if place.of else {})
    client = browser(hat, claim)
    if place.typed is None:
        response = client.get(address, follow=True)
    else:
        response = client.post(address, {name: said.format(**known) for name, said in place.typed.items()}, follow=True)
    assert response.status_code == 200, (place, hat, response.status_code)
    content = b"".join(response) if response.streaming else response.content
    if response["Content-Type"] != "application/pdf":
        return content
    return "".join(page.get_textpage().get_text_bounded() for page in pypdfium2.PdfDocument(content)).encode()


def typed(place: Place) -> bytes:
    """What was looked for, as the field gives it back."""
    return f'value="{(place.typed or {}).get("wanted", "")}"'.encode()


def told(content: bytes) -> list[bytes]:
    return [word for word in WORDS if word in content.lower()]


def test_no_page_export_search_log_nor_table_tells_what_only_physicians_read(
    work: Work, home: Path, vault_keys: tuple[Path, Path], log: Path
) -> None:
    claim = considered(work)
    found = {
        (place.route, hat): words
        for place in PLACES
        for hat in place.hats or (None,)
        if (words := told(answer(place, hat, claim).replace(typed(place), b"")))
    }
    assert found == {}
    assert not Transcript.objects.exists()
    assert told(log.read_bytes()) == []
    assert len(log.read_bytes().splitlines()) > len(PLACES)
    loot = opened(home / "vault", keyring.read(vault_keys[0]))
    assert [words for one in (*dumped(), *loot.values()) if (words := told(one))] == []
    # and the same search finds what it may
    surgery = Place("agents:opinion", (P,), of="number")
    assert told(answer(surgery, P, claim)) == [NOTE.encode()]
    assert any(told(one) for one in opened(home / "vault", keyring.read(*vault_keys)).values())
