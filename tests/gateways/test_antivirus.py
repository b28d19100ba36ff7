import io
import socket
import threading
import zipfile

import pytest

from escale.gateways.antivirus import Antivirus, Unavailable, Verdict
from tests.gateways import samples


@pytest.fixture
def antivirus(scanner):
    return Antivirus(scanner)


def test_a_clean_file_is_clean(antivirus):
    scan = antivirus.scan(io.BytesIO(samples.pdf()))
    assert (scan.verdict, scan.name) == (Verdict.CLEAN, "")
    assert scan.signatures == antivirus.version()
    assert scan.signatures.startswith("ClamAV ")


def zipped(content):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("facture.txt", content)
    return buffer.getvalue()


@pytest.mark.parametrize("content", [
    samples.EICAR, samples.pdf(junk=samples.EICAR), zipped(samples.EICAR), samples.picture("JPEG") + samples.EICAR,
], ids=["alone", "in a PDF", "in a ZIP", "after a JPEG"])  # fmt: skip
def test_a_virus_is_found(antivirus, content):
    scan = antivirus.scan(io.BytesIO(content))
    assert scan.verdict == Verdict.INFECTED
    assert "Eicar" in scan.name


def test_a_file_larger_than_the_scanner_takes_is_never_clean(antivirus):
    with pytest.raises(Unavailable, match="size limit"):
        antivirus.scan(io.BytesIO(bytes(61 * 1024 * 1024)))


def test_no_scanner_is_no_verdict(tmp_path):
    for address in ("", "localhost", "127.0.0.1:9", f"unix:{tmp_path / 'absent.sock'}"):
        with pytest.raises(Unavailable):
            Antivirus(address).scan(io.BytesIO(b"facture"))


@pytest.fixture
def says():
    """Stand at the door as a clamd that says what no healthy one does; the real one cannot be made to."""
    listeners = []

    def at_the_door(answer):
        listener = socket.create_server(("127.0.0.1", 0))
        listeners.append(listener)
        thread = threading.Thread(target=answer_all, args=(listener, answer), daemon=True)
        thread.start()
        return f"127.0.0.1:{listener.getsockname()[1]}"

    yield at_the_door
    for listener in listeners:
        listener.close()


def answer_all(listener, answer):
    while True:
        try:
            connection, _ = listener.accept()
        except OSError:
            return
        with connection:
            asked = b""
            while not asked.endswith((b"VERSION\0", b"\0\0\0\0")):
                asked += connection.recv(65536)
            connection.sendall(b"ClamAV 1.4.6/27500/Thu\0" if asked.endswith(b"VERSION\0") else answer)


@pytest.mark.parametrize("answer", [
    b"stream: Can't allocate memory ERROR\0", b"INSTREAM size limit exceeded. ERROR\0", b"stream: \0", b"OK\0",
    b"stream: OK", b"stream: OK FOUND?\0", b"\0", b"",
])  # fmt: skip
def test_an_answer_that_is_no_verdict_is_neither_clean_nor_a_virus(says, answer):
    with pytest.raises(Unavailable):
        Antivirus(says(answer)).scan(io.BytesIO(b"facture"))


@pytest.mark.parametrize("name", [
    "Heuristics.Encrypted.PDF", "Heuristics.Broken.Media.JPEG", "Heuristics.Limits.Exceeded.MaxScanTime",
])  # fmt: skip
def test_what_cannot_be_looked_into_is_unscannable_and_no_virus(says, name):
    scan = Antivirus(says(f"stream: {name} FOUND\0".encode())).scan(io.BytesIO(b"facture"))
    assert (scan.verdict, scan.name) == (Verdict.UNSCANNABLE, name)


def test_a_scanner_that_never_answers_is_unavailable():
    with socket.create_server(("127.0.0.1", 0)) as listener:
        address = f"127.0.0.1:{listener.getsockname()[1]}"
        with pytest.raises(Unavailable):
            Antivirus(address, timeout=0.2).scan(io.BytesIO(b"facture"))
