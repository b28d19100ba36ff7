"""Our clamd: the real one, with the signature of the test file only."""

import io
from pathlib import Path

import pytest

from escale.gateways.antivirus import Antivirus, Verdict
from launcher import clamd, debian
from launcher.screen import Step


@pytest.mark.skipif(debian.program("clamd") is None, reason="clamd is not installed")
def test_a_machine_without_signatures_gets_a_scanner_that_knows_the_test_file(place: Path) -> None:
    scanner = clamd.prepare(place / "clamd", debian.program("clamd"), official=place / "none")
    server = clamd.child(scanner, place / "logs" / "clamd.log")
    server.start()
    try:
        with Step(1, of=1, what="Antivirus") as step:
            server.wait_until(lambda: clamd.answers(scanner), step=step)
        antivirus = Antivirus(scanner.address)
        found = antivirus.scan(io.BytesIO(b"before " + clamd.EICAR.encode() + b" after"))
        clean = antivirus.scan(io.BytesIO(b"nothing to see"))
    finally:
        server.stop()
    assert scanner.is_demo
    assert found.verdict == Verdict.INFECTED
    assert clean.verdict == Verdict.CLEAN


def test_the_signatures_of_the_machine_are_preferred(place: Path) -> None:
    official = place / "clamav"
    official.mkdir()
    (official / "daily.cld").touch()
    scanner = clamd.prepare(place / "clamd", Path("clamd"), official=official)
    assert not scanner.is_demo
    assert f'DatabaseDirectory "{official}"' in scanner.config.read_text()
