"""The home of an instance: claimed by one launcher, with secrets drawn once, on a port of its own."""

import socket
from pathlib import Path

import pytest

from launcher import home, ports, run
from launcher.screen import Trouble


def test_a_second_launcher_is_told_where_the_first_one_serves(place: Path) -> None:
    with home.claim(place) as first:
        first.write("http://localhost:8123")
        first.flush()
        with pytest.raises(Trouble, match="http://localhost:8123"):
            home.claim(place)
    home.claim(place).close()


def test_a_secret_is_drawn_once_and_read_by_us_alone(place: Path) -> None:
    drawn = home.keep(place / "secret-key", lambda: "first")
    assert (drawn, home.keep(place / "secret-key", lambda: "second")) == ("first", "first")
    assert (place / "secret-key").stat().st_mode & 0o777 == 0o600


def test_a_port_is_kept_while_it_is_free(place: Path) -> None:
    port = ports.kept(place / "port")
    assert ports.kept(place / "port") == port
    with socket.create_server(("127.0.0.1", port)):
        assert ports.kept(place / "port") != port


def test_two_launchers_never_share_a_port(place: Path) -> None:
    port = ports.kept(place / "port")
    with ports.take(port) as taken:
        assert taken
        assert ports.take(port) is None


def test_a_port_that_was_asked_for_and_is_busy_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.create_server(("127.0.0.1", 0)) as busy:
        monkeypatch.setenv("ESCALE_PORT", str(busy.getsockname()[1]))
        with pytest.raises(Trouble, match="déjà pris"):
            run.take_port()


@pytest.mark.parametrize("nonsense", ["abc", "0", "70000", "-1", "²"])
def test_a_port_that_is_no_port_is_refused(nonsense: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ESCALE_PORT", nonsense)
    with pytest.raises(Trouble, match="entre 1 et 65535"):
        run.take_port()
