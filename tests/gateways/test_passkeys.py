"""A passkey is taken when it signed what was asked, here, by its owner, once; and never otherwise."""

import json
from dataclasses import replace
from typing import Any

import pytest

from escale.gateways import passkeys
from tests.soft_key import PRESENT, SoftKey

HOME = "https://compte.example"
SERVICE = passkeys.Service("compte.example", "CNMSS", (HOME,))


@pytest.fixture
def key() -> SoftKey:
    return SoftKey(HOME, host="compte.example")


def made(key: SoftKey) -> passkeys.Key:
    asked, state = passkeys.ask_to_create(SERVICE, user=b"alix", name="Alix", known=[])
    return passkeys.created(SERVICE, state=state, answer=key.create(asked))


def test_what_a_key_signed_is_taken_and_counted(key: SoftKey):
    kept = made(key)
    for count in (1, 2):
        asked, state = passkeys.ask_to_sign(SERVICE, known=[kept.credential_id])
        answer = key.sign(asked)
        assert passkeys.named(answer) == kept.credential_id
        assert passkeys.signed(SERVICE, state=state, key=kept, answer=answer) == count
        kept = replace(kept, sign_count=count)


def test_a_key_is_asked_to_know_its_owner_and_to_stay_in_the_device():
    asked, _state = passkeys.ask_to_create(SERVICE, user=b"alix", name="Alix", known=[b"an older one"])
    wanted = json.loads(json.dumps(asked))["publicKey"]
    assert wanted["authenticatorSelection"]["userVerification"] == "required"
    assert wanted["authenticatorSelection"]["residentKey"] == "required"
    assert wanted["rp"]["id"] == "compte.example"
    assert len(wanted["excludeCredentials"]) == 1


@pytest.mark.parametrize(
    "fault",
    [
        {"origin": "https://compte.example.voleur.example"},
        {"origin": "http://compte.example"},
        {"origin": "https://sous.compte.example"},
        {"host": "voleur.example"},
        {"flags": PRESENT},
        {"flags": 0},
        {"private": SoftKey(HOME).private},
    ],
    ids=["another site", "in clear", "a site below ours", "another host", "not verified", "absent", "another key"],
)
def test_any_other_signature_is_refused(key: SoftKey, fault: dict[str, Any]):
    kept = made(key)
    asked, state = passkeys.ask_to_sign(SERVICE)
    with pytest.raises(passkeys.Refused):
        passkeys.signed(SERVICE, state=state, key=kept, answer=replace(key, **fault).sign(asked))


def test_a_signature_serves_for_its_own_challenge_only(key: SoftKey):
    kept = made(key)
    answer = key.sign(passkeys.ask_to_sign(SERVICE)[0])
    with pytest.raises(passkeys.Refused):
        passkeys.signed(SERVICE, state=passkeys.ask_to_sign(SERVICE)[1], key=kept, answer=answer)


def test_a_copied_key_is_known_by_its_count(key: SoftKey):
    kept = replace(made(key), sign_count=7)
    asked, state = passkeys.ask_to_sign(SERVICE)
    with pytest.raises(passkeys.Refused, match="went back"):
        passkeys.signed(SERVICE, state=state, key=kept, answer=key.sign(asked))


@pytest.mark.parametrize(
    "fault", [{"origin": "https://voleur.example"}, {"host": "voleur.example"}, {"flags": PRESENT}]
)
def test_a_key_made_elsewhere_is_not_kept(key: SoftKey, fault: dict[str, Any]):
    with pytest.raises(passkeys.Refused):
        made(replace(key, **fault))


@pytest.mark.parametrize("answer", ["", "{}", "[]", "null", '{"id": 1}', "\0", "{" * 5000])
def test_what_no_browser_sends_is_refused_without_a_crash(key: SoftKey, answer: str):
    kept = made(key)
    state = passkeys.ask_to_sign(SERVICE)[1]
    with pytest.raises(passkeys.Refused):
        passkeys.named(answer)
    with pytest.raises(passkeys.Refused):
        passkeys.signed(SERVICE, state=state, key=kept, answer=answer)
    with pytest.raises(passkeys.Refused):
        passkeys.created(SERVICE, state=state, answer=answer)
    with pytest.raises(passkeys.Refused):
        passkeys.created(SERVICE, state={}, answer=answer)
