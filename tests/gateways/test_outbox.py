"""A file is shown to a neighbour once, or given up for good, whoever was stopped in between and goes on."""

import os
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from escale.gateways import outbox

NAME, CONTENT = "lot-7.xml", [b"<Document/>"]


def asleep(monkeypatch: pytest.MonkeyPatch, step: int, meanwhile: Callable[[], None]) -> None:
    """Have whoever gives a name to a file sleep before so many names, while this is done."""
    names = {"link": os.link, "rename": os.rename}
    left = [step]

    def sleep(name: str) -> Callable[..., Any]:
        def then(*paths: Any) -> Any:
            if left and not left[0]:
                left.clear()
                meanwhile()
            if left:
                left[0] -= 1
            return names[name](*paths)

        return then

    for name in names:
        monkeypatch.setattr(os, name, sleep(name))


@pytest.mark.parametrize("step", range(3))
def test_who_slept_while_their_file_was_given_up_does_not_show_it(tmp_path: Path, monkeypatch, step: int):
    asleep(monkeypatch, step, lambda: outbox.give_up(tmp_path, NAME))
    with pytest.raises(OSError, match=NAME):
        outbox.deliver(tmp_path, NAME, CONTENT)
    assert not (tmp_path / NAME).exists()
    assert not outbox.was_shown(tmp_path, NAME)
    outbox.give_up(tmp_path, NAME)  # again
    with pytest.raises(FileExistsError):
        outbox.deliver(tmp_path, NAME, CONTENT)
    assert outbox.delivered(tmp_path) == set()


def test_once_it_is_taken_nothing_of_a_file_stays_but_its_digest(tmp_path: Path):
    ready = tmp_path / ".ready"
    ready.mkdir()
    (ready / f".{NAME}.0a1b.part").write_bytes(CONTENT[0])  # by somebody who was killed
    outbox.deliver(tmp_path, NAME, CONTENT).unlink()
    [proof] = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert proof.read_text() == sha256(b"".join(CONTENT)).hexdigest()


def test_what_is_ready_does_not_show_and_may_be_given_up(tmp_path: Path):
    outbox.make_ready(tmp_path, NAME, CONTENT)
    assert (tmp_path / NAME).exists() is outbox.was_shown(tmp_path, NAME) is False
    outbox.give_up(tmp_path, NAME)
    assert list((tmp_path / ".ready").iterdir()) == []
    with pytest.raises(FileExistsError):
        outbox.show(tmp_path, NAME)


def test_what_was_shown_is_not_given_up(tmp_path: Path):
    assert outbox.delivered(tmp_path) == set()
    outbox.deliver(tmp_path, NAME, CONTENT).unlink()
    with pytest.raises(FileExistsError):
        outbox.give_up(tmp_path, NAME)
    assert outbox.was_shown(tmp_path, NAME)
    assert outbox.delivered(tmp_path) == {NAME}
