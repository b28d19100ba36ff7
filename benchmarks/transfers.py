"""A hundred thousand transfers: their file written, hashed and checked, the bank's answers read, beside sepaxml.

Through the whole house too, when it is asked: from the approved orders to what came back.
"""

import json
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from benchmarks import asking, bank_files, figures, houses
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
_STEPS = {
    "prepared": "lot préparé : fichier écrit, relu, au coffre",
    "signed": "lot signé",
    "sent": "lot déposé pour la banque, ordres transmis, écriture passée",
    "answered": "pain.002 entendu : 99 % acceptés un par un, 1 % rejetés",
    "booked": "camt.054 entendu : chaque exécution",
    "returned": "camt.054 entendu : 0,5 % de retours",
    "accepted": "pain.002 entendu : le lot accepté d’un mot",
    "booked_as_one": "camt.054 entendu : le lot en une somme",
}
_STEPS_HEAD = ["", "virements", "durée", "processeur", "mémoire en plus", "requêtes", "repère", "maison / repère"]
_NOTE = """# Les virements : ce qui a été mesuré

Écrit par `make bench only="transfers --house"`.

## Écrire et lire les fichiers

Chaque acte a son processus ; « processeur » est le temps qu’il y passe, que les
autres programmes de la machine n’allongent pas ; « mémoire en plus », son plus haut, au-delà de ce que pèsent ses
imports. Un fichier de la banque est lu deux fois, comme en service : une fois pour savoir s’il est entier, puis
événement par événement.

{rows}

Écrire ne garde en mémoire que les identifiants déjà vus, pour refuser un doublon ; lire ne garde rien. « échoue » :
`xmlschema`, par quoi sepaxml valide, s’arrête à un million d’éléments (`MAX_XML_ELEMENTS`).

## Par toute la maison

Des ordres visés à ce que la banque en dit, sur PostgreSQL, chaque taille dans une base faite pour elle : un lot dont
chaque virement est dit, puis un lot dit d’un mot et d’une somme. « durée » est ce qu’attend qui a demandé l’acte, base
comprise ; « processeur », ce qu’y passe notre programme. Chaque fait est gardé, inscrit au journal, passé au grand
livre, et mis à suivre.

{steps}

Le repère d’un lot préparé est le processeur que prend sepaxml pour en écrire le fichier, sans le valider ; celui des
autres actes, les mêmes lignes de la base reprises par un COPY nu, sans index, sans contrainte et sans rien lire. Les
fichiers de la banque sont entendus par 500 faits, chacune de ces tranches pour elle-même : coupée, la lecture reprend
où elle était.
"""


def measure(*, sizes: tuple[int, ...] = SIZES, house: bool = False) -> None:
    """Print seconds, memory and ratios at each size; through the house too if told to, and write the note then."""
    figures.title("Virements : écrire le fichier, lire les réponses de la banque")
    rows, floors = [], {}
    with tempfile.TemporaryDirectory() as folder:
        for size in sizes:
            found = {act: _measured(act, size, Path(folder) / f"{act}-{size}.xml") for act in _ACTS}
            rows += [_row(act, size, found) for act in _ACTS]
            floors[size] = found["by_sepaxml_alone"]["seconds"]
    figures.table(_HEAD, rows)
    if not house:
        return
    figures.title("Virements : par toute la maison")
    steps = [
        _step(taken, size, floors[size])
        for size, found in houses.each("paying", sizes, of="virements", anew=True)
        for taken in found
    ]
    figures.table(_STEPS_HEAD, steps)
    asking.write("performance-transfers.md", _NOTE, rows=(_HEAD, rows), steps=(_STEPS_HEAD, steps))


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


def _step(taken: dict[str, Any], size: int, by_sepaxml: float) -> list[str]:
    own = [figures.seconds(taken["seconds"]), figures.seconds(taken["processor"])]
    held = [figures.told(max(taken["memory"], 0), "Mo"), figures.told(taken["statements"])]
    prepared = taken["act"] == "prepared"
    beside = by_sepaxml if prepared else taken["floor"]
    ratio = taken["processor" if prepared else "seconds"] / beside
    return [_STEPS[taken["act"]], figures.told(size), *own, *held, figures.seconds(beside), figures.told(ratio)]
