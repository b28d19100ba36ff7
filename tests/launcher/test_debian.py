"""The packages of the machine: who is not root is told what to type."""

import os
from pathlib import Path

import pytest

from launcher import debian
from launcher.screen import Step, Trouble


def test_who_is_not_root_is_told_the_command(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    with Step(1, of=1, what="Paquets") as step, pytest.raises(Trouble, match="sudo apt-get install .* chromium"):
        debian.install(["chromium"], log=place / "logs" / "apt.log", step=step)


def test_a_package_is_missing_when_its_program_is() -> None:
    assert debian.missing({"coreutils": "ls", "nothing": "no-such-program"}) == ["nothing"]
