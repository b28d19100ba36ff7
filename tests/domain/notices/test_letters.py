"""What the Fund writes is written once, kept, and leaves."""

from datetime import timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

import pytest

from escale.domain.accounts.models import Role
from escale.domain.notices import actions as notices
from escale.domain.notices.lifecycle import Status
from escale.domain.notices.models import Notice
from escale.gateways import mailer
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def notice() -> Notice:
    return _write()


def _write(claim=None) -> Notice:
    claim = claim or factories.sent()
    return notices.write(kind="claim_sent", to=claim.insured.account, about=claim, claim=claim, receipt=("Voilà.",))


def letters(home: Path) -> list[EmailMessage]:
    return [message_from_bytes(path.read_bytes(), policy=policy.default) for path in (home / "mail").glob("*.eml")]


def test_the_same_letter_is_written_once():
    claim = factories.sent()
    assert _write(claim) == _write(claim)
    assert Notice.objects.count() == 1
    assert _write() != _write(claim)


def test_a_letter_leaves_as_it_was_written_even_later_and_once(notice: Notice, home: Path, frozen):
    frozen.shift(timedelta(hours=3))
    notices.send(notice=notice)
    notices.send(notice=Notice.objects.get())
    [letter] = letters(home)
    assert letter["Subject"] == notice.title
    assert letter["To"] == notice.address == notice.account.email
    assert letter["Date"].datetime.replace(microsecond=0) == notice.written_at.replace(microsecond=0)
    assert letter.get_content().replace("\r\n", "\n") == notice.body
    assert (notice.status, notice.sent_at - notice.written_at > timedelta(hours=3)) == (Status.SENT, True)


def test_a_letter_that_cannot_leave_stays_to_be_sent(notice: Notice, settings):
    settings.EMAIL_URL = "smtp://127.0.0.1:1"
    with pytest.raises(mailer.Unavailable):
        notices.send(notice=notice)
    notice.refresh_from_db()
    assert (notice.status, notice.sent_at) == (Status.QUEUED, None)


def test_a_letter_goes_to_the_address_of_the_day_when_it_was_written(notice: Notice):
    account = notice.account
    account.email = "autre@exemple.invalid"
    account.save()
    assert Notice.objects.get().address != account.email


def test_nothing_typed_by_somebody_can_forge_a_header(home: Path):
    account = factories.account(Role.INSURED)
    account.email = "a@exemple.invalid\nBcc: b@exemple.invalid"
    claim = factories.sent()
    with pytest.raises(ValueError, match="control"):
        notices.send(notice=notices.write(kind="claim_sent", to=account, about=claim, claim=claim, receipt=()))
    assert letters(home) == []
