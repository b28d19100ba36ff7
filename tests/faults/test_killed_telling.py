"""`kill -9` at each step of telling an insurer: each payment is told once, and nothing once it is taken back."""

import subprocess
import sys
from datetime import timedelta
from pathlib import Path

from django.conf import settings
from django.utils import timezone

from escale.domain.statements import actions
from escale.domain.statements.lifecycle import TransmissionStatus
from escale.domain.statements.models import Transmission
from tests import factories
from tests.domain.statements import sharing
from tests.faults.conftest import is_alone, until
from tests.house import HOUSE

MORE_THAN_STEPS, MANY = 70, 40


def test_a_teller_killed_at_any_step_tells_once_or_never_if_it_is_taken_back(
    environ: dict[str, str], scanning: None
) -> None:
    person, today = factories.insured(), timezone.localdate()
    for rank in range(2 * MORE_THAN_STEPS):
        insurer = sharing.insurer(f"mutuelle-{rank}")
        sharing.given(person, insurer=insurer, valid_from=today, valid_until=today + timedelta(days=9))
    actions.follow_payment(order=sharing.executed(person))

    command = [sys.executable, "-m", "tests.faults.teller"]
    said = subprocess.run(command, cwd=HOUSE, env=environ, check=True, stdout=subprocess.PIPE, text=True).stdout
    until(is_alone)

    told = [[int(word) for word in line.split()] for line in said.splitlines()]
    assert len(told) > MANY
    status = dict(Transmission.objects.values_list("pk", "status"))
    for pk, taken_back, had_left, left in told:
        assert left == (had_left if taken_back else 1)
        assert status[pk] == (TransmissionStatus.SENT if left else TransmissionStatus.WITHHELD)
    assert {(taken_back, had_left) for _pk, taken_back, had_left, _left in told} == {(0, 0), (0, 1), (1, 0), (1, 1)}
    waits = {path.parent.parent.name for path in Path(settings.INSURERS_FOLDER).glob("*/.ready/*.json")}
    assert waits == set()
