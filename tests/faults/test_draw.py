"""A short draw of the faults, in a house of its own; `make faults` plays them all, again and again."""

import os
import subprocess
import sys

import pytest

from launcher import debian
from tests.house import HOUSE

MINUTES = 0.6
"""For the faults alone; the house takes some seconds more to open and to close."""


@pytest.mark.timeout(300)
def test_nothing_is_lost_nor_doubled_nor_believed_clean_when_parts_of_the_house_are_struck():
    if debian.program("clamd") is None:
        pytest.skip("clamd is not installed (Debian package clamav-daemon)")
    alone = {name: value for name, value in os.environ.items() if not name.startswith(("ESCALE_", "DATABASE_"))}
    command = [sys.executable, "-m", "tests.faults", "--lanes=1", "--light", "--faults=80", f"--minutes={MINUTES}"]
    played = subprocess.run(command, cwd=HOUSE, env=alone, capture_output=True, text=True, check=False)
    print(played.stdout)
    assert played.returncode == 0, played.stdout + played.stderr
