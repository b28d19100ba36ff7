"""The story that a demonstration tells once."""

from collections import Counter
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from escale.domain.accounts.models import Account
from escale.domain.appeals import queries as appeals
from escale.domain.appeals.models import Appeal
from escale.domain.claims.lifecycle import Status
from escale.domain.claims.models import Attachment, Claim
from escale.domain.controls import actions as controls
from escale.domain.controls.models import Control, Draw, Signal
from escale.domain.debts.lifecycle import Status as DebtStatus
from escale.domain.debts.models import Debt
from escale.domain.journal.models import Entry
from escale.domain.payments.models import Batch, PaymentOrder
from escale.domain.registry.models import Link
from escale.jobs.demo import papers
from escale.rules.doubles import Kind

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("frozen")]

PASSWORD = "un-mot-de-passe"


@pytest.fixture(autouse=True)
def demonstration(settings) -> None:
    settings.DEMO, settings.DEMO_PASSWORD = True, PASSWORD


def _tell() -> str:
    told = StringIO()
    call_command("tell_demo", stdout=told)
    return told.getvalue()


@pytest.mark.usefixtures("scanning")
def test_the_story_shows_every_status_that_lasts() -> None:
    _tell()
    assert Counter(Claim.objects.values_list("status", flat=True)) == {
        Status.DRAFT: 1,
        Status.IN_PROGRESS: 6,
        Status.MEDICAL_OPINION: 1,
        Status.PROCESSED: 2,
        Status.REFUSED: 1,
        Status.UNUSABLE: 1,
    }
    assert Attachment.objects.to_replace().count() == 1
    assert Batch.objects.count() == 1
    assert PaymentOrder.objects.to_approve().count() == 1
    _goes_on()


def _goes_on() -> None:
    """What follows is there too: a sign of each kind, a control drawn, a debt, an appeal with its file."""
    for claim in Claim.objects.with_people().filter(status=Status.IN_PROGRESS, beneficiary__link=Link.SELF):
        controls.look(claim=claim)
    few = set(Kind) - {Kind.CROWD}  # thirty people are too many for a story
    assert set(Signal.objects.values_list("kind", flat=True)) == {kind.value for kind in few}
    draw, debt, appeal = Draw.objects.get(), Debt.objects.get(), Appeal.objects.get()
    controls.open_drawn(draw=draw)
    assert (Control.objects.get().claim, debt.status) == (debt.decision.claim, DebtStatus.NOTIFIED)
    assert appeals.files(appeal).count() == 1


@pytest.mark.usefixtures("scanning")
def test_told_again_the_story_only_says_who_is_in_it() -> None:
    first, entries = _tell(), Entry.objects.count()
    assert _tell() == first
    assert Entry.objects.count() == entries


def test_without_a_scanner_the_papers_wait_and_nothing_is_decided() -> None:
    _tell()
    assert set(Claim.objects.values_list("status", flat=True)) == {Status.DRAFT, Status.SENT}


def test_each_account_that_is_listed_opens_with_the_password_of_the_day(settings) -> None:
    _tell()
    settings.DEMO_PASSWORD = "un-autre-mot-de-passe"
    emails = [line.split()[0] for line in _tell().splitlines()]
    assert set(emails) == set(Account.objects.values_list("email", flat=True))
    assert all(Account.objects.get(email=email).check_password("un-autre-mot-de-passe") for email in emails)


@pytest.mark.parametrize("setting", ["DEMO", "DEMO_PASSWORD"])
def test_there_is_no_story_outside_a_demonstration_nor_without_a_password(settings, setting: str) -> None:
    setattr(settings, setting, "")
    with pytest.raises(CommandError):
        _tell()
    assert not Account.objects.exists()


def test_a_paper_says_that_it_is_a_specimen() -> None:
    sheet = papers.Sheet(head="Clinique", title="FACTURE ACQUITTÉE", person="Camille Démo", rows=[("Soins", "10 EUR")])
    assert papers.SPECIMEN.encode("utf-16-be") in papers.scan(sheet, "facture").content
