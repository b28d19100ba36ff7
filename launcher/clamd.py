"""A virus scanner of our own: Debian's clamd with the machine's signatures, or else with that of the test file only."""

import os
import shutil
import socket
from dataclasses import dataclass
from pathlib import Path

from launcher import account, ports
from launcher.children import Child

SYSTEM_SIGNATURES = Path("/var/lib/clamav")
APPARMOR = Path("/sys/module/apparmor/parameters/enabled")

# The standard harmless test file, in halves so that no scanner stops at this very line.
EICAR = r"X5O!P%@AP[4\PZX54(P^)7CC)7}$EICAR-STANDARD-" + "ANTIVIRUS-TEST-FILE!$H+H*"

# What a limit or an encrypted file means is said, never passed in silence; a stream may be longer than any upload.
SETTINGS = {
    "Foreground": "yes",
    "TCPAddr": "127.0.0.1",
    "OfficialDatabaseOnly": "no",
    "ConcurrentDatabaseReload": "yes",
    "MaxThreads": "4",
    "StreamMaxLength": "60M",
    "MaxFileSize": "100M",
    "MaxScanSize": "400M",
    "MaxScanTime": "60000",
    "MaxRecursion": "17",
    "MaxFiles": "1000",
    "AlertExceedsMax": "yes",
    "AlertEncrypted": "yes",
    "AlertOLE2Macros": "yes",
    "AlertBrokenMedia": "yes",
    "ScanImageFuzzyHash": "no",
}


@dataclass(frozen=True)
class Scanner:
    """A clamd that is ready to be started, and whether it knows more than the test file."""

    program: Path
    config: Path
    port: int
    is_demo: bool

    @property
    def address(self) -> str:
        return f"127.0.0.1:{self.port}"


def prepare(folder: Path, program: Path, official: Path = SYSTEM_SIGNATURES) -> Scanner:
    """Write the configuration, and the signature of the test file when the machine has no signatures of its own."""
    room = account.lodge(folder)
    is_demo = not any(official.glob("daily.c[lv]d"))
    signatures = write_signatures(room / "signatures") if is_demo else official
    scratch = room / "scratch"
    scratch.mkdir(exist_ok=True)
    account.give(scratch)
    port = ports.kept(room / "port")
    config = room / "clamd.conf"
    settings = SETTINGS | {
        "TCPSocket": str(port),
        "DatabaseDirectory": f'"{signatures}"',
        "TemporaryDirectory": f'"{scratch}"',
    }
    config.write_text("".join(f"{name} {value}\n" for name, value in settings.items()))
    config.chmod(0o644)
    return Scanner(unconfined(program, room), config, port, is_demo)


def write_signatures(folder: Path) -> Path:
    """Write a database of one signature: the test file, in any file, at any place."""
    folder.mkdir(exist_ok=True)
    folder.chmod(0o755)
    database = folder / "test.ndb"
    database.write_text(f"Eicar-Test-Signature:0:*:{EICAR.encode().hex()}\n")
    database.chmod(0o644)
    return folder


def unconfined(program: Path, room: Path) -> Path:
    """Return a clamd that may read our folder: AppArmor ties Debian's to its own, by its path, so we run a copy."""
    if not APPARMOR.exists() or APPARMOR.read_text().strip() != "Y":
        return program
    copy = Path(shutil.copy(program, room / "clamd"))
    copy.chmod(0o755)
    return copy


def child(scanner: Scanner, log: Path) -> Child:
    """Describe the scanner as a service."""
    environ = {"LANG": "C.UTF-8", "PATH": os.defpath}
    return Child("L'antivirus", [scanner.program, f"--config-file={scanner.config}"], log, environ, dropped=True)


def answers(scanner: Scanner) -> bool:
    """Tell whether the scanner is up; one with all its signatures takes some twenty seconds to load them."""
    try:
        with socket.create_connection(("127.0.0.1", scanner.port), timeout=1) as line:
            line.sendall(b"zPING\0")
            return line.recv(16) == b"PONG\0"
    except OSError:
        return False
