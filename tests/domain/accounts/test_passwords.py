"""Which passwords are taken, how they are kept, and what a new one closes."""

import hashlib
import unicodedata
from pathlib import Path

import pytest
from django.contrib.auth.hashers import identify_hasher, make_password

from escale.domain.accounts import actions as accounts
from escale.domain.accounts.hashers import Argon2
from escale.domain.accounts.models import Account, Role
from escale.domain.journal.models import Entry
from escale.gateways import breached
from tests import factories

pytestmark = pytest.mark.django_db

GOOD = "trois canards sous la pluie"


@pytest.fixture
def quick_digests() -> None:
    """Here passwords cost what they cost."""


@pytest.fixture
def alix() -> Account:
    account = factories.account(Role.INSURED, name="Alix Exemple")
    Account.objects.filter(pk=account.pk).update(email="alix.exemple@demo.example")
    account.refresh_from_db()
    return account


@pytest.mark.parametrize(
    "password",
    [
        GOOD,
        "correcthorsebatterystaple!",
        "aaaa bbbb ccc",
        "密码短语可以用任何文字来写",
        "   espaces autour   ",
        "x" * 128 + "y" * 128,
        "Alix aime les grands voiliers",
    ],
)
def test_a_long_password_is_taken_whatever_its_signs(alix: Account, password: str):
    accounts.set_password(account=alix, password=password)
    assert accounts.sign_in(email=alix.email or "", password=password, ip="192.0.2.1") == alix


@pytest.mark.parametrize(
    "password",
    [
        "onze signes",
        "qwertyuiop123",
        "alix.exemple@demo.example",
        "ALIX-exemple-1985",
        "cnmss-escale-cnmss",
        "Escale2026 Alix",
        "x" * 257,
    ],
)
def test_a_password_that_would_be_guessed_is_refused_with_its_reason(alix: Account, password: str):
    with pytest.raises(accounts.WeakPassword) as why:
        accounts.set_password(account=alix, password=password)
    assert str(why.value).endswith(".")
    assert not alix.has_usable_password()


def test_who_works_at_the_fund_needs_sixteen_signs():
    agent = factories.account(Role.INSURED, Role.AGENT)
    with pytest.raises(accounts.WeakPassword, match="16"):
        accounts.set_password(account=agent, password="quinze signes !")
    accounts.set_password(account=agent, password="seize signes, là")


def test_accents_typed_in_two_ways_are_one_password(alix: Account):
    accounts.set_password(account=alix, password="été à Hyères, déjà")
    apart = unicodedata.normalize("NFD", "été à Hyères, déjà")
    assert accounts.sign_in(email=alix.email or "", password=apart, ip="192.0.2.1") == alix


def test_a_password_is_kept_with_the_costs_of_the_house(alix: Account):
    accounts.set_password(account=alix, password=GOOD)
    assert "$m=65536,t=4,p=2$" in alix.password


def test_a_digest_of_other_costs_is_made_again_at_the_next_sign_in(alix: Account):
    class Old(Argon2):
        time_cost = 1

    alix.password = Old().encode(GOOD, "unseldetestassezlong")
    alix.save()
    assert identify_hasher(alix.password).must_update(alix.password)
    accounts.sign_in(email=alix.email or "", password=GOOD, ip="192.0.2.1")
    alix.refresh_from_db()
    assert "$m=65536,t=4,p=2$" in alix.password


def test_a_password_beyond_all_measure_is_never_hashed(alix: Account, monkeypatch: pytest.MonkeyPatch):
    accounts.set_password(account=alix, password=GOOD)
    monkeypatch.setattr(Argon2, "encode", lambda *_: pytest.fail("hashed"))
    monkeypatch.setattr(Argon2, "verify", lambda *_: pytest.fail("hashed"))
    for email in (alix.email or "", "inconnu@exemple.invalid"):
        with pytest.raises(accounts.WrongCredentials):
            accounts.sign_in(email=email, password="x" * 10_000, ip="192.0.2.1")


def test_the_first_password_is_chosen_and_the_next_ones_are_changed(alix: Account):
    for password in (GOOD, f"{GOOD} !"):
        accounts.set_password(account=alix, password=password)
    assert list(Entry.objects.order_by("pk").values_list("event", flat=True)) == [
        "account.choose_password",
        "account.change_password",
    ]


def stolen(folder: Path, *passwords: str) -> Path:
    digests = [hashlib.sha1(password.encode()).hexdigest().upper() for password in passwords]
    file = folder / "stolen.txt"
    file.write_text("".join(f"{digest}:{rank}\r\n" for rank, digest in enumerate(sorted(digests), start=1)))
    return file


def test_a_stolen_password_is_refused(alix: Account, tmp_path: Path, settings):
    settings.BREACHED_PASSWORDS = str(stolen(tmp_path, GOOD, "autre", "encore un autre"))
    with pytest.raises(accounts.WeakPassword, match="listes"):
        accounts.set_password(account=alix, password=GOOD)
    accounts.set_password(account=alix, password=f"{GOOD} !")


def test_every_stolen_password_is_found_and_no_other(tmp_path: Path):
    passwords = [f"mot de passe {rank}" for rank in range(500)]
    file = stolen(tmp_path, *passwords)
    digests = sorted(hashlib.sha1(password.encode()).hexdigest() for password in passwords)
    assert [breached.count(file, digest) for digest in digests] == list(range(1, 501))
    absent = [hashlib.sha1(f"autre {rank}".encode()).hexdigest() for rank in range(500)] + ["0" * 40, "f" * 40]
    assert {breached.count(file, digest) for digest in absent} == {0}
    (tmp_path / "empty").touch()
    assert breached.count(tmp_path / "empty", "0" * 40) == 0


def test_refusals_cost_the_same_digest_whoever_is_asked_for(alix: Account, monkeypatch: pytest.MonkeyPatch):
    accounts.set_password(account=alix, password=GOOD)
    closed = factories.account(Role.INSURED)
    Account.objects.filter(pk=closed.pk).update(is_active=False, password=make_password(GOOD))
    without = factories.account(Role.INSURED)
    work: list[str] = []
    encode, verify = Argon2.encode, Argon2.verify
    monkeypatch.setattr(Argon2, "encode", lambda *given: (work.append("digest"), encode(*given))[1])
    monkeypatch.setattr(Argon2, "verify", lambda *given: (work.append("digest"), verify(*given))[1])
    for email in (alix.email, closed.email, without.email, "inconnu@exemple.invalid"):
        work.clear()
        with pytest.raises(accounts.WrongCredentials):
            accounts.sign_in(email=email or "", password="un faux mot de passe", ip="192.0.2.1")
        assert work == ["digest"], email
