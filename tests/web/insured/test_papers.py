"""Files joined to a draft."""

import pytest
from django.urls import reverse

from escale.domain.claims.models import Attachment
from escale.domain.documents.models import Document
from tests import factories
from tests.web.insured.conftest import file, text, title


@pytest.fixture
def claim(person):
    claim = factories.draft(person)
    factories.line(factories.bill(claim))
    return claim


@pytest.fixture
def address(claim):
    return reverse("insured:documents", args=[claim.number])


def joined(visitor, address, *files, **fields):
    return visitor.post(address, {"paper": "bill", "bill": "", "files": list(files), **fields}, follow=True)


def test_the_papers_needed_are_listed_with_why_and_marked_as_they_come(visitor, claim, address):
    page = text(visitor.get(address))
    assert "Facture acquittée" in page
    assert "À joindre" in page
    assert "10\u00a0Mo par fichier au plus, 20 fichiers et 50\u00a0Mo par demande" in page
    assert "50 pages par fichier et 100 millions de pixels par image au plus" in page
    page = text(joined(visitor, address, file(factories.pdf())))
    assert "Jointe" in page
    assert "À joindre" not in page


def test_several_files_are_joined_at_once_to_a_paper_and_a_bill(visitor, claim, address):
    bill = claim.bills.get()
    photograph = file(factories.jpeg(), "IMG 0001.jpeg", "image/jpeg")
    page = text(joined(visitor, address, file(factories.pdf()), photograph, bill=bill.pk, medical="on"))
    assert "2 fichiers joints." in page
    assert set(Attachment.objects.values_list("paper", "bill", "medical")) == {("bill", bill.pk, True)}
    assert Document.objects.first().sha256[:12] in page


def test_each_file_refused_is_named_with_its_reason_and_the_others_are_kept(visitor, address):
    answer = joined(
        visitor, address,
        file(factories.pdf(), "bonne.pdf"),
        file(b"", "vide.pdf"),
        file(b"MZ\x90\x00 programme", "programme.pdf"),
        file(factories.jpeg(), "photo.pdf"),
    )  # fmt: skip
    page = text(answer)
    assert title(answer).startswith("Erreur :")
    assert "« vide.pdf » : Ce fichier est vide." in page
    assert "« programme.pdf » : Ce fichier est annoncé comme un PDF, mais son contenu est un programme." in page
    assert "« photo.pdf » : Le contenu de ce fichier est une image JPEG, mais son nom finit par" in page
    assert [document.name for document in Document.objects.all()] == ["bonne.pdf"]


def test_what_does_not_fit_in_the_claim_is_refused_and_what_fits_is_kept(visitor, address, settings):
    first, second = factories.pdf(), factories.pdf()
    settings.BYTES_PER_CLAIM = len(first) + len(second) - 1
    page = text(joined(visitor, address, file(first, "une.pdf"), file(second, "deux.pdf")))
    assert "« deux.pdf » : Les fichiers d’une demande font" in page
    assert [document.name for document in Document.objects.all()] == ["une.pdf"]


def test_a_file_too_many_is_refused(visitor, address, settings):
    settings.FILES_PER_CLAIM = 1
    many = [file(factories.pdf(), f"{n}.pdf") for n in range(25)]
    page = text(joined(visitor, address, *many))
    assert "« 24.pdf » : Une demande contient" in page
    assert Document.objects.count() == 1


@pytest.mark.parametrize("name", ["x" * 300 + ".pdf", "fac\x07ture\u202efdp.pdf", "../../etc/facture.pdf"])
def test_a_file_with_an_odd_name_is_kept_under_a_plain_one(visitor, address, name):
    joined(visitor, address, file(factories.pdf(), name))
    kept = Document.objects.get().name
    assert kept.endswith(".pdf")
    assert kept.isprintable()
    assert len(kept) <= 120
    assert "/" not in kept


def test_nothing_chosen_is_said_so(visitor, address):
    assert "Choisissez au moins un fichier." in text(visitor.post(address, {"paper": "bill"}))


def test_a_file_is_removed_and_destroyed(visitor, claim, address):
    attachment = factories.attachment(claim)
    answer = visitor.post(reverse("insured:remove_file", args=[claim.number, attachment.pk]), follow=True)
    assert "Fichier retiré : « facture.pdf »." in text(answer)
    assert not Document.objects.exists()


def test_the_file_of_another_claim_does_not_exist(visitor, claim):
    others = factories.attachment(factories.draft())
    assert visitor.post(reverse("insured:remove_file", args=[claim.number, others.pk])).status_code == 404
    assert Document.objects.exists()
