import io

import pytest

from escale.gateways import inspection, screening
from escale.gateways.antivirus import Antivirus, Unavailable
from escale.gateways.file_kinds import Limits
from tests.documents_corpus import viruses
from tests.gateways import samples

NOBODY = "127.0.0.1:1"


class HalfDeaf(Antivirus):
    """A real scanner that falls silent at chosen scans: clamd cannot be made to at a given moment."""

    def __init__(self, address, silent_at):
        super().__init__(address)
        self.silent_at, self.asked = silent_at, 0

    def scan(self, stream):
        self.asked += 1
        if self.asked in self.silent_at:
            raise Unavailable("silence")
        return super().scan(stream)


def inspect(content, folder):
    return inspection.inspect(io.BytesIO(content), kind="application/pdf", folder=folder, limits=Limits())


def screen(content, folder, scanner, name="facture.pdf"):
    return screening.screen(
        io.BytesIO(content), name=name, declared_type="", limits=Limits(), antivirus=Antivirus(scanner), folder=folder
    )


def test_a_scanner_that_is_down_is_no_verdict(tmp_path):
    said = screen(samples.pdf(), tmp_path, NOBODY)
    assert (said.outcome, said.code, said.pages) == ("scanner_unavailable", "", 1)
    assert said.finding


def test_a_file_that_is_refused_is_refused_whatever_the_scanner_does(tmp_path):
    assert screen(b"Bonjour", tmp_path, NOBODY).code == "broken"


def test_what_was_removed_is_told_in_words(tmp_path, scanner):
    said = screen(viruses.with_attachments({"a.txt": b"Bonjour"}), tmp_path, scanner)
    assert "fichiers joints" in said.sentence


@pytest.mark.parametrize("silent_at", [{1}, {2}, {3}])
def test_one_scan_that_is_missing_leaves_no_verdict(tmp_path, scanner, silent_at):
    content = viruses.with_attachments({"a.txt": b"Bonjour"})
    with pytest.raises(Unavailable):
        screening.scan(io.BytesIO(content), inspect(content, tmp_path), HalfDeaf(scanner, silent_at))


def test_a_virus_that_was_seen_is_a_virus_though_the_scanner_was_silent_elsewhere(tmp_path, scanner):
    found = inspect(viruses.attached(), tmp_path)
    said = screening.scan(io.BytesIO(viruses.attached()), found, HalfDeaf(scanner, {1, 2}))
    assert said.verdict == "infected"


def test_a_file_is_scanned_from_its_start(scanner):
    content = io.BytesIO(samples.EICAR)
    content.seek(0, io.SEEK_END)
    assert screening.scan(content, None, Antivirus(scanner)).verdict == "infected"
