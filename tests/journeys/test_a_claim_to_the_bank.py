"""The main story: a soldier posted in the United States is ill, and is paid back; then a file holds a virus."""

from pathlib import Path

import pytest
from lxml import etree
from PIL import Image, ImageDraw
from pillow_heif import from_pillow

from escale.domain.accounts.models import Role
from escale.domain.claims.models import Claim
from escale.domain.notices.models import Notice
from tests import factories
from tests.journeys.conftest import Enter, Visitor, waits

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.timeout(600)]

PASSWORD = "une phrase de passe bien longue"


@pytest.fixture(params=[True, False], ids=["with scripts", "without scripts"])
def scripts(request: pytest.FixtureRequest) -> bool:
    return request.param


@pytest.fixture
def papers(tmp_path: Path) -> dict[str, Path]:
    """A PDF, the JPEG and the HEIC of a phone, and a PDF with the test virus."""
    bill = Image.new("RGB", (1240, 1754), "white")
    ImageDraw.Draw(bill).text((120, 120), "FACTURE ACQUITTEE - SPECIMEN - 180.00 USD", fill="black", font_size=40)
    folder = tmp_path / "téléphone"
    folder.mkdir()
    bill.save(folder / "facture.pdf", title="Facture")
    upside = Image.Exif()
    upside[0x0112] = 6
    bill.rotate(90, expand=True).save(folder / "IMG_0042.JPG", exif=upside)
    from_pillow(bill).save(folder / "IMG_0043.HEIC")
    (folder / "recu.pdf").write_bytes((folder / "facture.pdf").read_bytes() + b"\n%" + factories.EICAR + b"\n%%EOF\n")
    return {path.stem: path for path in folder.iterdir()}


def test_a_soldier_is_paid_back(enter: Enter, night_shift: None, papers: dict[str, Path], home: Path) -> None:
    # Given a soldier whom the registry knows, and people at the counters
    soldier = factories.insured(password=PASSWORD)
    counters = {role: factories.account(role, password=PASSWORD) for role in
                (Role.AGENT, Role.PHYSICIAN, Role.ACCOUNTANT, Role.SUPERVISOR)}  # fmt: skip

    # When the soldier makes a claim on a phone, and sends it
    alix = enter(phone=True)
    alix.signs_in(soldier.account.email, PASSWORD)
    alix.presses("Nouvelle demande")
    fills_the_stay(alix, place="USA")
    fills_a_bill(alix, amount="180,00")
    joins(alix, "bill", [papers["facture"], papers["IMG_0042"], papers["IMG_0043"]])
    sends(alix)

    # Then a receipt tells the number, each file and the day due
    claim = Claim.objects.get()
    for text in (claim.number, "facture.pdf", "IMG_0042.JPG", "IMG_0043.HEIC", "commission de recours amiable"):
        alix.reads(text)

    # And going back does not send it twice
    alix.page.go_back()
    alix.goes_to(f"/mon-compte/demandes/{claim.number}/envoi/")
    assert f"/demandes/{claim.number}/" in alix.page.url
    waits_for(claim, "in_progress")
    alix.goes_to(f"/mon-compte/demandes/{claim.number}/")
    alix.reads("En cours de traitement")

    # When an agent reads the papers, asks a physician, and accepts
    agent = arrives(enter, counters[Role.AGENT])
    agent.presses(claim.number)
    sees_the_papers(agent, pages=3)
    agent.presses("Demander un avis médical")
    agent.page.get_by_label("Votre question au médecin-conseil").fill("Ces soins étaient-ils justifiés ?")
    agent.page.locator("input[type=checkbox]").first.check(force=True)
    agent.presses("Envoyer la question")

    physician = arrives(enter, counters[Role.PHYSICIAN])
    physician.presses(claim.number)
    sees_the_papers(physician, pages=1)
    physician.page.get_by_text("Favorable", exact=True).click()
    physician.page.get_by_label("Sur quoi porte l’avis").select_option("M01")
    physician.page.get_by_label("Note").fill("Tableau clinique cohérent.")
    physician.presses("Rendre l’avis")

    agent.goes_to(f"/gestion/demandes/{claim.number}/")
    agent.reads("Soins médicalement justifiés")
    assert "Tableau clinique" not in agent.page.content()
    agent.page.get_by_label("Acte retenu").fill("G")
    agent.presses("Calculer")
    agent.reads("19,00")
    agent.presses("Décider")
    agent.presses("Décider les lignes cochées")
    agent.reads("l’ordre de paiement attend son visa")
    agent.looks_around()

    # And the accountant, another person, gives the visa and sends the batch
    accountant = arrives(enter, counters[Role.ACCOUNTANT])
    accountant.page.locator("input[type=checkbox]").first.check(force=True)
    accountant.presses("Viser les ordres cochés")
    accountant.presses("Préparer le lot : Assurance maladie, régime général")
    accountant.goes_to("/gestion/comptabilite/lots/")

    # Then the bank has one valid transfer, and the soldier reads why each cent came
    order = etree.fromstring(arrived(home / "bank", ".xml").read_bytes())
    assert order.findtext(".//{*}CtrlSum") == "19.00"
    alix.goes_to(f"/mon-compte/demandes/{claim.number}/decompte/")
    for text in ("180,00", "Banque centrale européenne", "Participation de l’assuré", "19,00"):
        alix.reads(text)
    alix.goes_to(f"/mon-compte/demandes/{claim.number}/")
    alix.reads("Traitée")
    waits(lambda: Notice.objects.filter(status="sent").count() == 2)
    assert [notice.title for notice in Notice.objects.order_by("pk")] == [
        f"Nous avons reçu votre demande {claim.number}",
        f"Votre demande {claim.number} est traitée",
    ]

    # And the supervisor's board is there to be read
    arrives(enter, counters[Role.SUPERVISOR])


def test_a_file_holds_a_virus(enter: Enter, night_shift: None, papers: dict[str, Path]) -> None:
    # Given a claim of which one file holds the test virus
    soldier = factories.insured(password=PASSWORD)
    alix = enter(phone=True)
    alix.signs_in(soldier.account.email, PASSWORD)
    alix.goes_to("/mon-compte/demandes/nouvelle/")
    fills_the_stay(alix, place="Tahiti")
    fills_a_bill(alix, amount="15 000")
    joins(alix, "bill", [papers["facture"], papers["recu"]])
    joins_the_rest(alix, papers["IMG_0042"])
    sends(alix)

    # When the house has scanned it
    claim = Claim.objects.get()
    waits_for(claim, "unusable")

    # Then it is « Non exploitable », the page names the file, and the message is sent
    alix.goes_to(f"/mon-compte/demandes/{claim.number}/")
    alix.reads("Non exploitable")
    alix.reads("recu.pdf")
    waits(lambda: Notice.objects.filter(kind="claim_unusable", status="sent").exists())

    # And a new claim begins with all the rest
    alix.presses("Reprendre cette demande")
    again = Claim.objects.exclude(pk=claim.pk).get()
    alix.goes_to(f"/mon-compte/demandes/{again.number}/pieces/")
    alix.reads("facture.pdf")
    assert "recu.pdf" not in alix.page.content()


def fills_the_stay(visitor: Visitor, *, place: str) -> None:
    page = visitor.page
    page.get_by_label("Pays de délivrance des soins").fill(place)
    page.get_by_text("Affectation", exact=True).click()
    page.get_by_label("Premier jour du séjour").fill("2025-01-06")
    visitor.presses("Enregistrer et continuer")
    if page.get_by_text("Que cherchez-vous par").count():
        page.locator("input[name=meant] + label").first.click()
        visitor.presses("Enregistrer et continuer")
    visitor.presses("Enregistrer et continuer")  # for oneself


def fills_a_bill(visitor: Visitor, *, amount: str) -> None:
    page = visitor.page
    visitor.presses("Ajouter une facture")
    page.get_by_label("Praticien ou établissement").fill("Dr Specimen")
    page.get_by_label("Date de paiement").fill("2025-03-10")
    visitor.presses("Enregistrer et saisir les soins")
    page.get_by_label("Date des soins").fill("2025-03-10")
    page.get_by_label("Nature des soins").select_option("generalist")
    page.get_by_label("Montant payé").fill(amount)
    visitor.presses("Enregistrer")
    visitor.presses("Continuer")


def joins(visitor: Visitor, paper: str, files: list[Path]) -> None:
    joined = visitor.page.locator("[data-part=files] li")
    before = joined.count()
    visitor.page.get_by_label("Quelle pièce joignez-vous ?").select_option(paper)
    visitor.page.locator("input[type=file]").set_input_files(files)
    visitor.presses("Joindre ces fichiers")
    waits(lambda: joined.count() == before + len(files))
    for file in files:
        visitor.reads(file.name)


def joins_the_rest(visitor: Visitor, file: Path) -> None:
    """Join every paper that is still to be joined."""
    while (asked := visitor.page.locator(".own-papers li", has_text="À joindre")).count():
        code = asked.first.get_by_role("link").get_attribute("href").partition("piece=")[2].partition("#")[0]
        joins(visitor, code, [file])


def sends(visitor: Visitor) -> None:
    visitor.presses("Continuer")
    visitor.page.get_by_text("Je certifie sur l’honneur").click()
    visitor.presses("Envoyer")
    visitor.reads("Votre demande est envoyée")


def arrives(enter: Enter, account) -> Visitor:
    visitor = enter()
    visitor.signs_in(account.email, PASSWORD)
    return visitor


def sees_the_papers(visitor: Visitor, *, pages: int) -> None:
    """Check that the pages are drawn, not only announced."""
    images = visitor.page.locator("main img")
    waits(lambda: visitor.page.reload() and images.count() == pages)
    for rank in range(pages):
        images.nth(rank).scroll_into_view_if_needed()
        waits(lambda rank=rank: images.nth(rank).evaluate("image => image.naturalWidth") > 0)


def waits_for(claim: Claim, status: str) -> None:
    waits(lambda: Claim.objects.get(pk=claim.pk).status == status)


def arrived(folder: Path, suffix: str) -> Path:
    """Wait for the one file of this kind, and return it."""
    waits(lambda: folder.exists() and any(path.suffix == suffix for path in folder.iterdir()))
    (path,) = [path for path in folder.iterdir() if path.suffix == suffix]
    return path
