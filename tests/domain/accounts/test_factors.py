"""Second proofs: each is accepted once, of its owner only, and is kept so that a thief of the database has none."""

from datetime import timedelta
from pathlib import Path

import pytest
import time_machine
from django.utils import timezone

from escale.domain.accounts import actions as accounts
from escale.domain.accounts import queries
from escale.domain.accounts.models import Account, RecoveryCode, Role, TotpKey
from escale.domain.journal.models import Entry
from escale.gateways import keyring, totp
from escale.gateways.cipher import Altered
from escale.gateways.keyring import Kind
from tests import factories, factors

pytestmark = pytest.mark.django_db

HERE = "192.0.2.1"


@pytest.fixture
def alix() -> Account:
    return factories.account(Role.INSURED)


def prove(account: Account, code: str) -> bool:
    try:
        accounts.prove_by_code(account=account, code=code, ip=HERE)
    except accounts.WrongProof:
        return False
    return True


@pytest.mark.parametrize(
    ("seconds", "code"), [(59, "287082"), (1111111109, "081804"), (1234567890, "005924"), (20000000000, "353130")]
)
def test_codes_are_those_of_the_standard(seconds: int, code: str):
    # RFC 6238, appendix B: the last six of the eight digits
    assert totp.code("GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ", seconds // 30) == code


def test_a_code_serves_once_and_so_does_none_before_it(alix: Account, frozen: time_machine.Traveller):
    secret = factors.protect(alix)
    step = totp.step_at(timezone.now())
    assert prove(alix, totp.code(secret, step))
    assert not prove(alix, totp.code(secret, step))
    assert not prove(alix, totp.code(secret, step - 1))
    frozen.shift(timedelta(seconds=30))
    code = totp.code(secret, step + 1)
    assert prove(alix, f"{code[:3]} {code[3:]}")


def test_the_code_of_the_step_before_or_after_is_accepted_and_no_older_one(alix: Account):
    secret = factors.protect(alix)
    step = totp.step_at(timezone.now())
    assert [prove(alix, totp.code(secret, step + late)) for late in (-2, 2, -1, 1)] == [False, False, True, True]


def test_six_digits_are_not_guessed(alix: Account):
    factors.protect(alix)
    assert [prove(alix, f"{rank:06}") for rank in range(5)] == [False] * 5
    with pytest.raises(accounts.TooManyAttempts):
        prove(alix, factors.code(alix))


def test_a_secret_is_sealed_for_its_account(alix: Account):
    secret = factors.protect(alix)
    key = TotpKey.objects.get()
    assert secret.encode() not in bytes(key.sealed)
    assert queries.opened(key) == secret
    key.account = factories.account(Role.INSURED)
    with pytest.raises(Altered):
        queries.opened(key)


def test_secrets_follow_when_the_keys_turn(alix: Account, home: Path, settings):
    secret = factors.protect(alix)
    old = settings.VAULT_KEYS.read_bytes()
    settings.VAULT_KEYS = home / "keys"
    settings.VAULT_KEYS.write_bytes(old)
    keyring.add(settings.VAULT_KEYS, "new", {Kind.ORDINARY: keyring.draw(Kind.ORDINARY)})
    assert (accounts.reseal().resealed, accounts.reseal().resealed) == (1, 0)
    settings.VAULT_KEYS.write_bytes(settings.VAULT_KEYS.read_bytes().removeprefix(old))
    assert queries.opened(TotpKey.objects.get()) == secret


def test_an_application_is_added_once_it_shows_a_code_and_that_code_has_served(alix: Account):
    secret = totp.draw()
    with pytest.raises(accounts.WrongProof):
        accounts.add_application(account=alix, secret=secret, code="abcdef")
    assert not queries.has_factor(alix)
    code = totp.code(secret, totp.step_at(timezone.now()))
    accounts.add_application(account=alix, secret=secret, code=code)
    assert queries.has_factor(alix)
    assert not prove(alix, code)


def test_ten_recovery_codes_are_drawn_each_serving_once(alix: Account):
    factors.protect(alix)
    codes = accounts.draw_codes(account=alix)
    assert len(set(codes)) == 10
    assert all(len(code.replace("-", "")) == 24 for code in codes)  # of 32 signs: 120 bits
    kept = list(RecoveryCode.objects.values_list("digest", flat=True))
    assert not any(code in digest for code in codes for digest in kept)
    assert prove(alix, codes[0].lower().replace("-", " "))
    assert not prove(alix, codes[0])
    assert queries.codes_left(alix) == 9
    assert Entry.objects.filter(event="account.use_code").count() == 1


def test_new_recovery_codes_put_an_end_to_the_old_ones(alix: Account):
    factors.protect(alix)
    [old, *_] = accounts.draw_codes(account=alix)
    accounts.draw_codes(account=alix)
    assert not prove(alix, old)


def test_the_code_of_another_proves_nothing(alix: Account):
    camille = factories.account(Role.INSURED)
    for account in (alix, camille):
        factors.protect(account)
    [code, *_] = accounts.draw_codes(account=camille)
    assert not prove(alix, factors.code(camille))
    assert not prove(alix, code)


def test_the_last_proof_takes_the_recovery_codes_with_it(alix: Account):
    factors.protect(alix)
    key = factors.passkey(alix)
    accounts.draw_codes(account=alix)
    accounts.remove_application(account=alix)
    assert queries.codes_left(alix) == 10
    accounts.remove_passkey(passkey=key)
    assert queries.codes_left(alix) == 0
    assert not queries.has_factor(alix)


def test_a_hat_of_the_fund_keeps_one_proof_and_what_goes_with_it():
    agent = factories.account(Role.AGENT)
    factors.protect(agent)
    accounts.draw_codes(account=agent)
    with pytest.raises(accounts.LastProof):
        accounts.remove_application(account=agent)
    assert queries.codes_left(agent) == 10
    key = factors.passkey(agent)
    accounts.remove_application(account=agent)
    with pytest.raises(accounts.LastProof):
        accounts.remove_passkey(passkey=key)
    assert queries.has_factor(agent)


def test_who_lost_every_proof_begins_again_without_any(alix: Account):
    factors.protect(alix)
    factors.passkey(alix)
    accounts.draw_codes(account=alix)
    accounts.remove_factors(account=alix)
    assert not queries.has_factor(alix)
    assert queries.codes_left(alix) == 0


def test_the_demonstration_shows_the_codes_of_its_own_people_only(alix: Account, settings):
    factors.protect(alix)
    settings.DEMO = True
    assert queries.shown_code(alix) == ""
    alix.email = "gestion@demo.example"
    assert prove(alix, queries.shown_code(alix))
    settings.DEMO = False
    assert queries.shown_code(alix) == ""
