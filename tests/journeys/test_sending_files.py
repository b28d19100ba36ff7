"""Files go from a phone over a bad link: nothing is lost, nothing is sent twice, each says where it stands."""

import hashlib
import io
import os
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.http import HttpRequest
from PIL import Image
from playwright.sync_api import expect

from escale.domain.claims.models import Attachment, Claim
from escale.domain.documents import queries as documents
from escale.domain.documents.models import Document
from escale.web.insured import uploads
from tests import coming, factories
from tests.journeys.conftest import Enter, Visitor

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.timeout(600)]

PASSWORD = "une phrase de passe bien longue"
SLOW, FREE = 120_000, -1  # bytes a second


@pytest.fixture(params=[True], ids=["with scripts"])
def scripts(request: pytest.FixtureRequest) -> bool:
    return request.param


@pytest.fixture
def claim() -> Claim:
    claim = factories.draft(factories.insured(password=PASSWORD))
    factories.line(factories.bill(claim))
    return claim


@pytest.fixture
def carried(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The bytes of files that came through the door, by connection."""
    counted: list[int] = []

    def arriving(request: HttpRequest) -> Iterator[bytes]:
        counted.append(0)
        rank = len(counted) - 1
        for chunk in came(request):
            counted[rank] += len(chunk)
            yield chunk

    came = uploads.arriving
    monkeypatch.setattr(uploads, "arriving", arriving)
    return counted


def paper(folder: Path, name: str, size: int) -> Path:
    """A PDF of about so many bytes, unlike any other."""
    file = folder / name
    file.write_bytes(factories.pdf().replace(b"%%EOF", b"%" + os.urandom(size // 2).hex().encode() + b"\n%%EOF"))
    return file


def opens(enter: Enter, claim: Claim, *, phone: bool = True) -> Visitor:
    visitor = enter(phone=phone)
    visitor.signs_in(claim.insured.account.email, PASSWORD)
    visitor.goes_to(f"/mon-compte/demandes/{claim.number}/pieces/")
    if visitor.page.evaluate("'tus' in window"):
        visitor.page.locator("label[for=light]").wait_for()
    return visitor


def slows(visitor: Visitor, rate: int) -> None:
    network = visitor.page.context.new_cdp_session(visitor.page)
    network.send("Network.enable")
    limits = {"offline": False, "latency": 50, "downloadThroughput": -1, "uploadThroughput": rate}
    network.send("Network.emulateNetworkConditions", limits)


def chooses(visitor: Visitor, *files: Path) -> None:
    visitor.page.locator("input[type=file]").set_input_files(files)
    for file in files:
        expect(visitor.page.locator("[data-chosen]")).to_contain_text(file.name)


def sees(visitor: Visitor, name: str, state: str | re.Pattern[str]) -> None:
    row = visitor.page.locator("[data-uploads] li", has_text=name)
    expect(row.locator(".fr-badge")).to_have_text(state)


def half_sent(visitor: Visitor, folder: Path) -> Path:
    """Return a file whose sending was cut on its way."""
    file = paper(folder, "facture.pdf", 900_000)
    slows(visitor, SLOW)
    chooses(visitor, file)
    visitor.presses("Joindre ces fichiers")
    sees(visitor, file.name, re.compile(r"En cours [4-9]\d"))
    visitor.page.context.set_offline(True)
    sees(visitor, file.name, "Interrompu")
    return file


def has(claim: Claim, *files: Path) -> None:
    """Check that the claim holds these files, byte for byte, each once."""
    kept = [attachment.document for attachment in Attachment.objects.filter(claim=claim).select_related("document")]
    whole = sorted(hashlib.sha256(file.read_bytes()).hexdigest() for file in files)
    assert sorted(document.sha256 for document in kept) == whole
    assert sorted(documents.vault().digest(document.key) for document in kept) == whole


@pytest.mark.parametrize("phone", [True, False], ids=["320 px", "1280 px"])
def test_files_are_shown_sent_paused_and_resumed_with_the_keyboard(
    enter: Enter, claim: Claim, tmp_path: Path, phone: bool
) -> None:
    visitor = opens(enter, claim, phone=phone)
    files = [paper(tmp_path, "facture.pdf", 400_000), paper(tmp_path, "ordonnance.pdf", 200_000)]
    chooses(visitor, *files)
    expect(visitor.page.locator("[data-total]")).to_contain_text(re.compile(r"2 fichiers, 5\d\d\sKo.* 18 fichiers"))
    visitor.looks_around()

    slows(visitor, SLOW // 4)  # looking around takes a while
    keys = visitor.page.keyboard
    visitor.page.get_by_role("button", name="Joindre ces fichiers").focus()
    keys.press("Enter")
    sees(visitor, "facture.pdf", re.compile(r"En cours \d+\s%"))
    visitor.looks_around()
    pause = visitor.page.get_by_role("button", name="Pause facture.pdf")
    pause.focus()
    keys.press("Enter")
    sees(visitor, "facture.pdf", "En pause")
    slows(visitor, FREE)
    visitor.looks_around()
    expect(visitor.page.get_by_role("button", name="Reprendre facture.pdf")).to_be_focused()
    sees(visitor, "ordonnance.pdf", "Reçu")
    keys.press("Enter")
    sees(visitor, "facture.pdf", "Reçu")
    visitor.reads("2 fichiers joints")
    visitor.reads("Jointe")
    visitor.looks_around()
    has(claim, *files)


def test_the_network_is_cut_and_the_file_goes_on_by_itself(
    enter: Enter, claim: Claim, tmp_path: Path, carried: list[int]
) -> None:
    visitor = opens(enter, claim)
    file = half_sent(visitor, tmp_path)
    visitor.reads("Réseau perdu : l’envoi reprendra tout seul.")
    visitor.looks_around()
    visitor.page.context.set_offline(False)
    slows(visitor, FREE)
    sees(visitor, "facture.pdf", "Reçu")
    has(claim, file)
    assert len(carried) > 1
    assert sum(carried) <= 1.1 * file.stat().st_size


def test_a_closed_tab_and_another_browser_of_the_same_person_goes_on(
    enter: Enter, claim: Claim, tmp_path: Path, carried: list[int]
) -> None:
    first = opens(enter, claim)
    file = half_sent(first, tmp_path)
    first.page.goto("about:blank")  # a browser that closes is no longer offline, and its page would go on at once
    first.page.context.close()

    second = opens(enter, claim, phone=False)
    sees(second, "facture.pdf", "Interrompu")
    second.reads("choisissez à nouveau ce fichier")
    chooses(second, file)
    second.presses("Joindre ces fichiers")
    sees(second, "facture.pdf", "Reçu")
    has(claim, file)
    assert len(carried) == 2
    assert sum(carried) <= 1.1 * file.stat().st_size


def test_whoever_signs_in_again_in_another_tab_loses_nothing(
    enter: Enter, claim: Claim, tmp_path: Path, carried: list[int]
) -> None:
    visitor = opens(enter, claim)
    file, other = paper(tmp_path, "facture.pdf", 600_000), paper(tmp_path, "ordonnance.pdf", 1000)
    slows(visitor, SLOW)
    chooses(visitor, file)
    visitor.presses("Joindre ces fichiers")
    sees(visitor, "facture.pdf", re.compile(r"En cours [4-9]\d"))
    visitor.page.get_by_role("button", name="Pause facture.pdf").click()
    visitor.page.context.clear_cookies()
    Visitor(visitor.page.context, visitor.address, scripts=True).signs_in(claim.insured.account.email, PASSWORD)
    slows(visitor, FREE)
    visitor.page.get_by_role("button", name="Reprendre facture.pdf").click()
    sees(visitor, "facture.pdf", "Reçu")
    visitor.reads("1 fichier joint")
    has(claim, file)
    assert sum(carried) <= 1.1 * file.stat().st_size

    # With no session at all, the file waits for the person
    visitor.page.context.clear_cookies()
    chooses(visitor, other)
    visitor.page.get_by_role("button", name="Joindre ces fichiers").click()
    sees(visitor, "ordonnance.pdf", "En pause")
    visitor.reads("rechargez la page, l’envoi reprendra où il en était.")


def test_each_file_has_its_own_answer(enter: Enter, claim: Claim, tmp_path: Path) -> None:
    visitor = opens(enter, claim)
    good, program, locked = paper(tmp_path, "bonne.pdf", 1000), tmp_path / "programme.pdf", tmp_path / "relevé.pdf"
    program.write_bytes(b"MZ\x90\x00 programme")
    locked.write_bytes(coming.locked_pdf("sésame"))
    chooses(visitor, good, program, locked)
    visitor.presses("Joindre ces fichiers")
    sees(visitor, "bonne.pdf", "Reçu")
    sees(visitor, "programme.pdf", "Refusé")
    visitor.reads("son contenu est un programme")
    sees(visitor, "relevé.pdf", "Protégé")

    # The password is asked in place, and asked again if it is another
    password = visitor.page.get_by_label("Mot de passe du fichier relevé.pdf")
    password.fill("sesame")
    password.press("Enter")
    expect(visitor.page.locator("[data-error]")).not_to_be_empty()
    visitor.looks_around()
    password.fill("sésame")
    password.press("Enter")
    visitor.reads("2 fichiers joints")
    has(claim, good, locked)

    # A file refused is put away; the same file is known again
    visitor.page.get_by_role("button", name="Retirer programme.pdf").click()
    expect(visitor.page.locator("[data-upload]")).to_have_count(0)
    chooses(visitor, good)
    visitor.presses("Joindre ces fichiers")
    sees(visitor, "bonne.pdf", "Déjà joint")
    has(claim, good, locked)


def test_a_photo_is_made_lighter_and_stays_legible(enter: Enter, claim: Claim, tmp_path: Path) -> None:
    photo, lying = tmp_path / "IMG_0042.JPG", Image.Exif()
    lying[0x0112] = 6  # the phone was held upright
    Image.effect_noise((1000, 750), 60).resize((4000, 3000)).convert("RGB").save(photo, quality=92, exif=lying)
    visitor = opens(enter, claim)
    visitor.page.locator("label[for=light]").click()
    scan = paper(tmp_path, "facture.pdf", 1000)
    chooses(visitor, photo, scan)
    visitor.reads("Photo réduite de 4,")
    visitor.reads("Envoyé tel quel.")
    visitor.presses("Joindre ces fichiers")
    sees(visitor, "IMG_0042.JPG", "Reçu")
    sees(visitor, "facture.pdf", "Reçu")
    sent = Document.objects.get(name="IMG_0042.JPG")
    assert sent.size < photo.stat().st_size / 2
    light = Image.open(io.BytesIO(b"".join(documents.vault().chunks(sent.key))))
    assert light.size == (1500, 2000)
    assert not light.getexif()
    visitor.goes_to(f"/mon-compte/demandes/{claim.number}/pieces/")
    assert visitor.page.locator("#light").is_checked()


@pytest.mark.parametrize("scripts", [False], ids=["without scripts"], indirect=True)
def test_without_scripts_the_form_sends_them_whole(enter: Enter, claim: Claim, tmp_path: Path) -> None:
    visitor = opens(enter, claim)
    good, locked = paper(tmp_path, "bonne.pdf", 1000), tmp_path / "relevé.pdf"
    locked.write_bytes(coming.locked_pdf("sésame"))
    visitor.page.locator("input[type=file]").set_input_files([good, locked])
    visitor.presses("Joindre ces fichiers")
    visitor.reads("1 fichier joint.")
    visitor.reads("« relevé.pdf » est protégé")
    visitor.page.get_by_label("Mot de passe du fichier").fill("sesame")
    visitor.presses("Ouvrir relevé.pdf")
    visitor.reads("Corrigez ce qui suit")
    visitor.page.get_by_label("Mot de passe du fichier").fill("sésame")
    visitor.presses("Ouvrir ce fichier")
    visitor.reads("Fichier ouvert et joint")
    has(claim, good, locked)
