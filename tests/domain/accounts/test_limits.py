"""How guessing is slowed, and how nobody is locked out by a stranger."""

from datetime import timedelta

import pytest
import time_machine

from escale.domain.accounts import actions as accounts
from escale.domain.accounts.models import Attempt

pytestmark = pytest.mark.django_db

HERE, ELSEWHERE = "192.0.2.1", "192.0.2.99"


def guess(times: int = 1, *, key: str = "alix", place: str = HERE, device: str = "", of: str = "sign_in") -> None:
    for _ in range(times):
        accounts.knock(of, key=key, place=place, device=device)


def refused(*, key: str = "alix", place: str = HERE, device: str = "", of: str = "sign_in") -> int:
    with pytest.raises(accounts.TooManyAttempts) as refusal:
        guess(key=key, place=place, device=device, of=of)
    return refusal.value.retry_after


def guess_from_everywhere(of: str = "sign_in") -> None:
    for rank in range(51):
        guess(place=f"198.51.100.{rank}", of=of)


def test_who_goes_on_failing_waits_longer_and_longer_but_never_more_than_half_a_day(frozen: time_machine.Traveller):
    guess(5)
    frozen.shift(timedelta(seconds=refused()))
    guess(5)
    waits = []
    for _ in range(8):
        waits.append(refused())
        frozen.shift(timedelta(seconds=waits[-1]))
        guess()
    minutes = [round(wait / 60) for wait in waits]
    assert minutes == [10, 20, 40, 80, 160, 320, 640, 720]


def test_the_growing_wait_is_of_one_place_only(frozen: time_machine.Traveller):
    guess(5)
    frozen.shift(timedelta(minutes=2))
    guess(5)
    assert refused() > 500
    guess(place=ELSEWHERE)


def test_a_neighbour_keeps_nobody_out_who_comes_by_a_device_that_is_theirs(frozen: time_machine.Traveller):
    guess(5)
    frozen.shift(timedelta(minutes=2))
    guess(5)
    for rank in range(15):
        guess(key=f"voisin-{rank}")
    refused()
    guess(device="the owner’s")


def test_who_stole_a_device_guesses_no_quicker_on_it():
    guess(5, device="the owner’s")
    assert refused(device="the owner’s") == 60
    guess()


def test_under_an_attack_from_everywhere_a_new_place_has_its_try_at_once(frozen: time_machine.Traveller):
    guess_from_everywhere()
    for rank in range(20):
        frozen.shift(timedelta(minutes=1))
        guess(place=f"203.0.113.{rank}")
    guess(place=ELSEWHERE)
    assert refused(place=ELSEWHERE) == 600
    guess(place=ELSEWHERE, device="the owner’s")
    guess(key="camille", place=ELSEWHERE)
    frozen.shift(timedelta(minutes=10))
    guess(place=ELSEWHERE)


def test_six_digits_that_are_guessed_from_everywhere_are_tried_once_a_minute_by_all_together():
    guess_from_everywhere(of="factor")
    assert 0 < refused(place=ELSEWHERE, of="factor") <= 60
    guess(place=ELSEWHERE, device="the owner’s", of="factor")


def test_the_owner_of_a_letter_does_not_wait_for_those_who_guess_from_everywhere():
    guess_from_everywhere(of="code")
    guess(5, place=ELSEWHERE, of="code")


def test_what_is_forgiven_does_not_count():
    for _ in range(30):
        accounts.knock("sign_in", key="alix", place=HERE).forgive()
    assert not Attempt.objects.exists()


def test_purposes_do_not_share_their_counts():
    guess(5)
    accounts.knock("factor", key="alix", place=HERE)


def test_what_is_rationed_comes_back_with_time(frozen: time_machine.Traveller):
    for _ in range(3):
        accounts.spend("mail", "alix", most=3, within=timedelta(hours=1))
    with pytest.raises(accounts.TooManyAttempts) as refusal:
        accounts.spend("mail", "alix", most=3, within=timedelta(hours=1))
    assert 3590 < refusal.value.retry_after <= 3600
    accounts.spend("mail", "camille", most=3, within=timedelta(hours=1))
    frozen.shift(timedelta(hours=1, seconds=1))
    accounts.spend("mail", "alix", most=3, within=timedelta(hours=1))
