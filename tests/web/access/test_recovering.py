"""Coming back into an account: a message never suffices, and says nothing to whoever types an address."""

from datetime import timedelta
from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse

from escale.domain.accounts import actions as accounts
from escale.domain.accounts.models import Account, Role
from escale.domain.enrolment.models import Enrolment
from escale.domain.notices.models import PaperLetter
from tests import enrolling, factories
from tests.conftest import Work
from tests.web.access.reading import code_of, link_in, mails

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("frozen")]
RECOVER, RESTORE, BY_LETTER, COME_BACK, REDEEM = (
    reverse(f"access:{name}") for name in ("recover", "restore", "recover_by_letter", "come_back", "redeem")
)
OLD = "un vieux mot de passe"


@pytest.fixture
def owner() -> Account:
    """Somebody who has an account, an address, and has forgotten their password."""
    person = factories.insured(password=OLD)
    person.addresses.create(lines=enrolling.ADDRESS, valid_from=person.born_on)
    return person.account


@pytest.fixture
def codes(owner: Account) -> list[str]:
    """The recovery codes of an owner who has a second proof."""
    owner.passkeys.create(credential_id=b"1", public_key=b"2", name="Téléphone")
    return accounts.draw_codes(account=owner)


@pytest.fixture
def reader(client: Client, owner: Account, work: Work, home: Path) -> Client:
    """The browser of the owner, once they followed the link."""
    return _follows(client, owner, work, home)


def _follows(client: Client, owner: Account, work: Work, home: Path) -> Client:
    client.post(RECOVER, {"email": owner.email})
    work()
    answer = client.get(link_in(home))
    assert (answer.url, answer.headers["Referrer-Policy"]) == (RESTORE, "no-referrer")
    return client


def test_the_answer_is_byte_for_byte_the_same_for_an_address_that_nobody_has(owner: Account, work: Work, home: Path):
    answers = set()
    for email in (owner.email, "personne@exemple.invalid", factories.account(Role.AGENT).email):
        alone = Client()
        answer = alone.post(RECOVER, {"email": email})
        answers.add((answer.status_code, answer.url, alone.get(answer.url).content))
    assert len(answers) == 1
    work()
    assert [mail["Subject"] for mail in mails(home)].count("Aucun compte CNMSS ne se sert de cette adresse e-mail") == 1


def test_the_message_alone_opens_nothing(reader: Client, owner: Account):
    page = reader.get(RESTORE).content.decode()
    assert "il faut une autre preuve" in page
    assert reader.get(reverse("insured:home")).status_code == 302
    reader.post(RESTORE, {"code": "", "password": enrolling.PASSWORD})
    reader.post(RESTORE, {"code": "123456", "password": enrolling.PASSWORD})
    owner.refresh_from_db()
    assert owner.check_password(OLD)


def test_a_second_proof_and_the_message_change_the_password(
    client: Client, owner: Account, codes: list[str], work: Work, home: Path
):
    reader = _follows(client, owner, work, home)
    weak = reader.post(RESTORE, {"code": codes[0], "password": "court"})
    assert "au moins 12 caractères" in weak.content.decode()
    answer = reader.post(RESTORE, {"code": codes[0], "password": enrolling.PASSWORD}, follow=True)
    assert answer.redirect_chain[-1][0] == reverse("insured:home")
    owner.refresh_from_db()
    assert owner.check_password(enrolling.PASSWORD)
    assert owner.passkeys.exists()
    work()
    assert "L’accès à votre compte CNMSS vous a été rendu" in [mail["Subject"] for mail in mails(home)]
    again = Client()
    again.get(link_in_first(home))
    assert "n’est plus valable" in again.post(RESTORE, {"code": codes[1], "password": OLD}).content.decode()


def link_in_first(home: Path) -> str:
    texts = [mail.get_content() for mail in mails(home)]
    return next(text[text.index("/connexion/acces-perdu/") :].split()[0] for text in texts if "/acces-perdu/" in text)


def test_a_second_proof_is_not_guessed(client: Client, owner: Account, codes: list[str], work: Work, home: Path):
    reader = _follows(client, owner, work, home)
    said = [reader.post(RESTORE, {"code": f"{n:06}", "password": enrolling.PASSWORD}).status_code for n in range(6)]
    assert said == [200] * 5 + [429]
    assert reader.post(RESTORE, {"code": codes[0], "password": enrolling.PASSWORD}).status_code == 429


def test_a_letter_brings_back_who_lost_everything(
    reader: Client, owner: Account, codes: list[str], work: Work, home: Path
):
    assert reader.post(BY_LETTER).url == reverse("access:letter_leaves")
    work()
    owner.refresh_from_db()
    assert owner.check_password(OLD)
    code = code_of(PaperLetter.objects.get(kind="recovery_code"))
    said = {"courrier-code": code, "courrier-password": enrolling.PASSWORD}
    stranger = Client()
    stranger.post(REDEEM, {"email": owner.email, "code": code, "password": enrolling.PASSWORD})
    assert "n’est plus valable" in stranger.post(COME_BACK, said).content.decode()
    owner.refresh_from_db()
    assert owner.check_password(OLD)
    again = _follows(Client(), owner, work, home)
    assert (
        "pas celui de votre dernier courrier" in again.post(COME_BACK, said | {"courrier-code": "X"}).content.decode()
    )
    assert again.post(COME_BACK, said, follow=True).redirect_chain[-1][0] == reverse("insured:home")
    owner.refresh_from_db()
    assert owner.check_password(enrolling.PASSWORD)
    assert not owner.passkeys.exists()
    assert not owner.recovery_codes.exists()


def test_a_letter_is_asked_for_once(reader: Client, owner: Account, work: Work):
    other = Client()
    other.cookies = reader.cookies
    reader.post(BY_LETTER)
    assert other.post(BY_LETTER).url == reverse("access:letter_leaves")
    work()
    assert PaperLetter.objects.count() == 1


def test_who_types_the_address_of_another_keeps_no_message_from_them(owner: Account, work: Work, home: Path, frozen):
    for number in range(5):
        Client(REMOTE_ADDR=f"192.0.2.{number}").post(RECOVER, {"email": owner.email})
    work()
    assert len(mails(home)) == 1
    frozen.shift(timedelta(hours=1))
    _follows(Client(), owner, work, home)
    assert len(mails(home)) == 2


def test_who_only_helps_another_is_told_to_be_invited_again(work: Work, home: Path):
    helper = Account.objects.create_account(email="aide@exemple.invalid", password=OLD, name="Aide")
    reader = _follows(Client(), helper, work, home)
    assert "de vous inviter de nouveau" in reader.get(RESTORE).content.decode()
    assert reader.post(BY_LETTER).url == RESTORE
    assert Enrolment.objects.get().status == "asked"


def test_without_the_message_no_letter_leaves(client: Client, owner: Account, work: Work):
    client.post(RECOVER, {"email": owner.email})
    assert "n’est plus valable" in client.post(BY_LETTER).content.decode()
    assert "n’est plus valable" in client.get(RESTORE).content.decode()
    work()
    assert not PaperLetter.objects.exists()


def test_a_link_lasts_an_hour(client: Client, owner: Account, work: Work, home: Path, frozen):
    client.post(RECOVER, {"email": owner.email})
    work()
    frozen.shift(timedelta(hours=1, seconds=1))
    assert "n’est plus valable" in client.get(link_in(home), follow=True).content.decode()


def test_the_link_of_somebody_else_opens_the_account_of_somebody_else(
    client: Client, owner: Account, codes: list[str], work: Work, home: Path
):
    """A stranger who follows their own link changes nothing in the account of another, whose code they found."""
    stranger = factories.insured(password=OLD).account
    reader = _follows(client, stranger, work, home)
    reader.post(RESTORE, {"code": codes[0], "password": enrolling.PASSWORD})
    owner.refresh_from_db()
    assert owner.check_password(OLD)


def test_a_hat_of_the_fund_is_told_to_see_a_supervisor(client: Client, work: Work, home: Path):
    agent = factories.account(Role.AGENT, password=OLD)
    reader = _follows(client, agent, work, home)
    page = reader.get(RESTORE).content.decode()
    assert "votre superviseur" in page
    assert "par la poste" not in page
    reader.post(BY_LETTER)
    work()
    assert not PaperLetter.objects.exists()
    assert Enrolment.objects.get().status == "asked"


def test_the_address_of_an_account_that_was_closed_has_no_account(work: Work, home: Path):
    closed = factories.account(Role.INSURED)
    closed.is_active = False
    closed.save()
    Client().post(RECOVER, {"email": closed.email})
    work()
    assert mails(home)[-1]["Subject"] == "Aucun compte CNMSS ne se sert de cette adresse e-mail"
