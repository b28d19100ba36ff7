"""The few Debian packages, installed when we are root; otherwise we say which are missing."""

import os
import shutil
from collections.abc import Sequence
from pathlib import Path

from launcher.children import follow
from launcher.screen import Step, Trouble

# What the tests need from the machine: package → a program that shows it is there.
FOR_TESTS = {
    "chromium-headless-shell": "chromium-headless-shell", "clamav-daemon": "clamd",
    "fonts-noto-core": "/usr/share/fonts/truetype/noto/NotoNaskhArabic-Regular.ttf",
    "fonts-noto-cjk": "/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc",
    "fonts-thai-tlwg": "/usr/share/fonts/truetype/tlwg/Garuda.ttf",
}  # fmt: skip

_READING = "/usr/share/tesseract-ocr/5/tessdata"
# The languages in which papers are read by machine: package → a file that shows it is there.
FOR_READING = {
    **{f"tesseract-ocr-{code}": f"{_READING}/{code}.traineddata" for code in (
        "osd", "eng", "fra", "deu", "spa", "ita", "por", "ara", "tha", "jpn",
    )},
    "tesseract-ocr-script-arab": f"{_READING}/Arabic.traineddata",
    "tesseract-ocr-script-thai": f"{_READING}/Thai.traineddata",
    "tesseract-ocr-script-jpan": f"{_READING}/Japanese.traineddata",
}  # fmt: skip

PROGRAMS = os.pathsep.join([os.environ.get("PATH", os.defpath), "/usr/sbin", "/usr/local/sbin"])
PATIENCE = 300
QUIETLY = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}


def program(name: str) -> Path | None:
    """Return a program of the machine; Debian puts the servers where an ordinary user's PATH does not look."""
    found = shutil.which(name, path=PROGRAMS)
    return Path(found) if found else None


def missing(packages: dict[str, str]) -> list[str]:
    """Return the packages whose program, or file, is not there."""
    return [package for package, name in packages.items() if not _is_there(name)]


def _is_there(name: str) -> bool:
    return Path(name).is_file() if name.startswith("/") else program(name) is not None


def provide(packages: dict[str, str], *, otherwise: str, log: Path, step: Step) -> None:
    """Install the packages that are missing when we are root; else say what becomes of it, and what to type."""
    lacking = missing(packages)
    if not lacking:
        step.outcome = "déjà là"
        return
    try:
        install(lacking, log=log, step=step)
    except Trouble as trouble:
        step.outcome = f"{otherwise}\n{trouble}"


def install(packages: Sequence[str], *, log: Path, step: Step) -> None:
    """Install packages; raise Trouble with the command to type when we are not root, or with what apt said."""
    apt = program("apt-get")
    if os.geteuid() != 0 or apt is None:
        raise Trouble(
            f"Il manque à cette machine : {', '.join(packages)}.\n"
            f"À taper une fois : sudo apt-get install --no-install-recommends {' '.join(packages)}"
        )
    for words in ("update", "install -y --no-install-recommends"):
        command: list[str | Path] = ["timeout", str(PATIENCE), apt, "-o", "DPkg::Lock::Timeout=60", *words.split()]
        names = packages if words.startswith("install") else []
        follow([*command, *names], log=log, environ=QUIETLY, step=step, outlives=True)
