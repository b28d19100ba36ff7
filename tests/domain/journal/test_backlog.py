"""A journal that nobody sealed for hours is still sound."""

from datetime import timedelta

import pytest
import time_machine

from escale.domain.journal import actions, queries
from tests import factories

pytestmark = pytest.mark.django_db


def test_entries_that_waited_for_hours_are_not_taken_for_additions(
    frozen: time_machine.Traveller, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(actions, "BLOCK_SIZE", 3)
    account = factories.account()
    for _hour in range(8):
        actions.record("account.sign_in", subject=account, actor=account)
        frozen.shift(timedelta(minutes=40))
    while actions.seal():
        pass
    assert list(queries.faults()) == []
