"""A hundred thousand transfers: their file written, hashed and checked, the bank's answers read, beside sepaxml."""

import json
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from benchmarks import asking, bank_files, figures
from launcher import home

SIZES = (10_000, 100_000)
_ACTS = {
    "written": "fichier écrit, haché, relu par son schéma",
    "by_sepaxml": "le même par sepaxml, avec sa validation",
    "by_sepaxml_alone": "le même par sepaxml, sans validation",
    "rejected": "pain.002 lu : un rejet par virement",
    "booked": "camt.054 lu : une exécution par virement",
}
_BESIDE = "by_sepaxml"
_HEAD = ["", "virements", "processeur", "mémoire en plus", "fichier", "sepaxml / nous : temps", "mémoire"]
_NOTE = """# Les virements : ce qui a été mesuré

Écrit par `make bench only=transfers`. Chaque acte a son processus ; « processeur » est le temps qu’il y passe, que les
autres programmes de la machine n’allongent pas ; « mémoire en plus », son plus haut, au-delà de ce que pèsent ses
imports. Un fichier de la banque est lu deux fois, comme en service : une fois pour savoir s’il est entier, puis
événement par événement.

{rows}

Écrire ne garde en mémoire que les identifiants déjà vus, pour refuser un doublon ; lire ne garde rien. « échoue » :
`xmlschema`, par quoi sepaxml valide, s’arrête à un million d’éléments (`MAX_XML_ELEMENTS`).
"""


def measure(*, sizes: tuple[int, ...] = SIZES, note: bool = False) -> None:
    """Print seconds, memory and ratios at each size; write the note that the house keeps of them, if told to."""
    figures.title("Virements : écrire le fichier, lire les réponses de la banque")
    rows = []
    with tempfile.TemporaryDirectory() as folder:
        for size in sizes:
            found = {act: _measured(act, size, Path(folder) / f"{act}-{size}.xml") for act in _ACTS}
            rows += [_row(act, size, found) for act in _ACTS]
    figures.table(_HEAD, rows)
    if note:
        asking.write("performance-transfers.md", _NOTE, rows=(_HEAD, rows))


def _measured(act: str, size: int, path: Path) -> dict[str, Any]:
    """Return what an act takes; nothing if it fails."""
    if act in {"rejected", "booked"}:
        bank_files.lay(path, act, size)
    command = [sys.executable, "-m", "benchmarks.bank_files", act, str(size), str(path)]
    done = subprocess.run(command, cwd=home.CHECKOUT, capture_output=True, text=True, check=False)
    if done.returncode and not act.startswith(_BESIDE):
        raise RuntimeError(done.stderr)
    found = json.loads(done.stdout) | {"file": path.stat().st_size / 1e6} if not done.returncode else {}
    path.unlink(missing_ok=True)
    return found


def _row(act: str, size: int, found: dict[str, dict[str, Any]]) -> list[str]:
    what, count = _ACTS[act], figures.told(size)
    if not (taken := found[act]):
        return [what, count, "échoue", "", "", "", ""]
    own = [figures.seconds(taken["seconds"]), figures.told(taken["memory"], "Mo"), figures.told(taken["file"], "Mo")]
    if act != "written" or not (beside := found[_BESIDE]):
        return [what, count, *own, "", ""]
    ratios = [figures.told(beside[unit] / taken[unit]) for unit in ("seconds", "memory")]
    return [what, count, *own, *ratios]
