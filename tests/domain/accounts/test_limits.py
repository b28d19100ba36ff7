"""How guessing is slowed, and how nobody is locked out by a stranger."""

from datetime import timedelta

import pytest
import time_machine

from escale.domain.accounts import actions as accounts
from escale.domain.accounts.models import Attempt

pytestmark = pytest.mark.django_db

HERE, ELSEWHERE = "192.0.2.1", "192.0.2.99"


def guess(times: int = 1, *, key: str = "alix", place: str = HERE, known: bool = False) -> None:
    for _ in range(times):
        accounts.knock("sign_in", key=key, place=place, known=known)


def refused(*, key: str = "alix", place: str = HERE, known: bool = False) -> int:
    with pytest.raises(accounts.TooManyAttempts) as refusal:
        guess(key=key, place=place, known=known)
    return refusal.value.retry_after


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


def test_an_attack_from_everywhere_slows_unknown_devices_and_never_a_known_one():
    for rank in range(51):
        guess(place=f"198.51.100.{rank}")
    assert 0 < refused(place=ELSEWHERE) <= 60
    guess(place=ELSEWHERE, known=True)
    guess(key="camille", place=ELSEWHERE)


def test_under_such_an_attack_an_unknown_device_may_try_once_a_minute(frozen: time_machine.Traveller):
    for rank in range(51):
        guess(place=f"198.51.100.{rank}")
    frozen.shift(timedelta(seconds=61))
    guess(place=ELSEWHERE)
    refused(place="203.0.113.7")


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
