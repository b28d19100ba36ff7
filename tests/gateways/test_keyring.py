import base64
import os
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from escale.gateways import keyring
from escale.gateways.keyring import Altered, Keyring, Kind, NoKey
from escale.gateways.stores import HEAD_BYTES

DATA_KEY = bytes(range(32))
PRIVATE = bytes(range(96))
FULL = Keyring(
    ordinary={"2026": bytes(32), "2027": b"\1" * 32},
    medical_public={"med-1": keyring.public_half(PRIVATE)},
    medical_private={"med-1": PRIVATE},
)
COUNTER = replace(FULL, medical_private={})
purposes = pytest.mark.parametrize("medical", [False, True])


@purposes
def test_a_data_key_comes_back_under_the_same_name(medical):
    head = COUNTER.wrap(DATA_KEY, name="a", medical=medical)
    assert FULL.unwrap(head, name="a") == DATA_KEY
    assert keyring.is_medical(head) is medical
    assert FULL.is_current(head)


@purposes
def test_the_head_of_another_file_is_found(medical):
    with pytest.raises(Altered):
        FULL.unwrap(FULL.wrap(DATA_KEY, name="a", medical=medical), name="b")


@given(medical=st.booleans(), data=st.data())
def test_a_head_that_was_changed_never_opens(medical, data):
    head = bytearray(FULL.wrap(DATA_KEY, name="a", medical=medical))
    head[data.draw(st.integers(0, len(head) - 1))] ^= 1 << data.draw(st.integers(0, 7))
    with pytest.raises((Altered, NoKey)):  # another id may be that of a key that is not held
        FULL.unwrap(bytes(head), name="a")


@given(medical=st.booleans(), data=st.data())
def test_a_head_cut_short_never_opens(medical, data):
    head = FULL.wrap(DATA_KEY, name="a", medical=medical)
    with pytest.raises((Altered, NoKey)):
        FULL.unwrap(head[: data.draw(st.integers(0, len(head) - 1))], name="a")


def test_a_medical_head_cannot_pass_for_an_ordinary_one():
    head = COUNTER.wrap(DATA_KEY, name="a", medical=True)
    disguised = replace(FULL, ordinary={"med-1": bytes(32)})
    with pytest.raises(Altered):
        disguised.unwrap(head.replace(b"Escale1m", b"Escale1o"), name="a")


def test_who_holds_the_public_half_only_can_put_and_cannot_open():
    head = COUNTER.wrap(DATA_KEY, name="a", medical=True)
    with pytest.raises(NoKey, match="medical key med-1"):
        COUNTER.unwrap(head, name="a")
    assert FULL.unwrap(head, name="a") == DATA_KEY


def test_a_key_that_is_withdrawn_opens_nothing_more():
    head = replace(FULL, ordinary={"2026": bytes(32)}).wrap(DATA_KEY, name="a", medical=False)
    assert not FULL.is_current(head)
    assert FULL.unwrap(head, name="a") == DATA_KEY
    with pytest.raises(NoKey, match="ordinary key 2026"):
        replace(FULL, ordinary={"2027": b"\1" * 32}).unwrap(head, name="a")


@purposes
def test_without_a_key_nothing_is_put(medical):
    with pytest.raises(NoKey):
        Keyring().wrap(DATA_KEY, name="a", medical=medical)


def test_the_key_added_last_is_the_current_one(tmp_path):
    every_process, advisers = tmp_path / "vault-keys", tmp_path / "vault-medical-keys"
    keyring.add(every_process, "2026", {Kind.ORDINARY: bytes(32)})
    keyring.add(every_process, "med-1", {Kind.MEDICAL_PUBLIC: keyring.public_half(PRIVATE)})
    every_process.write_text(f"# keys of the house\n\n{every_process.read_text()}")
    keyring.add(every_process, "2027", {Kind.ORDINARY: b"\1" * 32})
    keyring.add(advisers, "med-1", {Kind.MEDICAL_PRIVATE: PRIVATE})
    assert keyring.read(every_process) == COUNTER
    assert keyring.read(every_process, advisers) == FULL
    assert b"2027" in keyring.read(every_process).wrap(DATA_KEY, name="a", medical=False)
    assert every_process.stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize(
    "wrong",
    [
        "ordinary 2027",
        "ordinary 2027 c2hvcnQ=",
        "ordinary 2027 not-base64",
        "ordinary 2027 clé",
        "secret 2027 AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=",
        "ordinary a/b AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=",
        "ordinary 2026 AgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgI=",
        f"medical-private med-1 {base64.b64encode(bytes(96)).decode()}",
    ],
)
def test_a_line_that_is_wrong_is_refused_without_being_told(tmp_path, wrong):
    file = tmp_path / "vault-keys"
    keyring.add(file, "2026", {Kind.ORDINARY: bytes(32)})
    keyring.add(file, "med-1", {Kind.MEDICAL_PUBLIC: keyring.public_half(PRIVATE)})
    keyring.read(file)
    file.write_text(file.read_text() + wrong)
    with pytest.raises(ValueError) as refusal:
        keyring.read(file)
    assert wrong.split()[-1] not in str(refusal.value)


def test_keys_are_not_shown():
    assert base64.b64encode(PRIVATE).decode() not in repr(FULL)
    assert "x01" not in repr(FULL)


def test_drawn_keys_serve():
    private = keyring.draw(Kind.MEDICAL_PRIVATE)
    assert private != keyring.draw(Kind.MEDICAL_PRIVATE)
    held = Keyring({"o": keyring.draw(Kind.ORDINARY)}, {"m": keyring.public_half(private)}, {"m": private})
    for medical in (False, True):
        assert held.unwrap(held.wrap(DATA_KEY, name="a", medical=medical), name="a") == DATA_KEY


def test_heads_fit_in_every_store():
    key_id = "n" * 40
    longest = Keyring(medical_public={key_id: keyring.public_half(PRIVATE)})
    assert len(longest.wrap(os.urandom(32), name="a" * 32, medical=True)) <= HEAD_BYTES
