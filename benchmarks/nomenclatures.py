"""Importing the CCAM and the base of medicines, and finding an act among them."""

import csv
import random
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

from django.db import transaction

from benchmarks import figures
from benchmarks.house import account
from escale.domain.accounts.actor import Actor
from escale.domain.accounts.models import Role
from escale.domain.tariffs import actions as tariffs
from escale.domain.tariffs import queries, search
from escale.domain.tariffs.models import Edition, Kind
from escale.rules import bill_words, parameters

ACTS, BOXES, SEARCHES = 13_440, 20_874, 500
ON = date(2026, 9, 1)
_PARTS = ("du thorax", "de l’abdomen", "du genou", "de la main", "du crâne", "de l’épaule", "de la colonne vertébrale",
          "du rein", "de la hanche", "du pied", "de l’œil", "du coude")  # fmt: skip
_DOINGS = ("Radiographie", "Échographie", "Scanographie", "Remnographie [IRM]", "Exérèse de lésion", "Ponction",
           "Biopsie", "Ostéosynthèse", "Suture de plaie", "Évacuation de collection", "Arthroscopie")  # fmt: skip
_WAYS = ("par voie transcutanée", "par cœlioscopie", "avec injection intraveineuse de produit de contraste",
         "par abord direct, avec guidage radiologique", "selon 1 ou 2 incidences", "chez l’enfant")  # fmt: skip
_SYLLABLES = ("ar", "to", "mi", "phal", "go", "né", "ver", "tri", "cal", "ous", "lem", "pa", "di", "ron", "su", "bex")


def measure(folder: str = "") -> None:
    """Import files as large as the real ones, or the real ones if their folder is given, then search."""
    figures.title("Barèmes : reprise de la CCAM et de la BDPM, recherche d’un acte")
    with tempfile.TemporaryDirectory() as ours, _undone():
        place = Path(folder) if folder else _written(Path(ours))
        rows = [
            _import(Kind.CCAM, sorted(place.rglob("*ccam*.csv*"))[:1], date(2026, 1, 1)),
            _import(Kind.BDPM, [*place.rglob("CIS_bdpm*"), *place.rglob("CIS_CIP_bdpm*")], date(2026, 7, 1)),
        ]
        figures.table(["Reprise", "lignes", "durée", "lignes/s"], rows)
        with parameters.reading(queries.edition()):
            _search()


def _import(kind: Kind, files: list[Path], on: date) -> list[str]:
    proposer, decider = (account(f"bareme-{rank}@fonds.example", Role.SUPERVISOR) for rank in (1, 2))
    began = time.perf_counter()
    edition = tariffs.propose(
        kind=kind, files=files, effective_from=on, source=str(kind.label), by=Actor(Role.SUPERVISOR, proposer)
    )
    took = time.perf_counter() - began
    tariffs.put_in_force(edition=edition, by=Actor(Role.SUPERVISOR, decider))
    return [kind.upper(), figures.told(edition.read), figures.seconds(took), figures.told(edition.read / took)]


def _search() -> None:
    draw = random.Random(1949)
    labels = list(Edition.objects.get(kind=Kind.CCAM).lines.order_by("code").values_list("code", "label"))
    foreign = [word for entry in bill_words.entries() for one in bill_words.LANGUAGES for word in entry.get(one, ())]
    kinds: list[tuple[str, Callable[[], str]]] = [
        ("un code", lambda: draw.choice(labels)[0]),
        ("le début d’un code", lambda: draw.choice(labels)[0][:4]),
        ("deux mots français", lambda: " ".join(draw.choice(labels)[1].split()[:2])),
        ("un mot commencé", lambda: draw.choice(draw.choice(labels)[1].split())[:4]),
        ("les mots d’une facture", lambda: " ".join(draw.sample(foreign, 2))),
    ]
    rows = []
    for name, asked in kinds:
        durations = []
        for words in [asked() for _ in range(SEARCHES // len(kinds))]:
            began = time.perf_counter()
            search.search(words, on=ON)
            durations.append(time.perf_counter() - began)
        rows.append([name, figures.seconds(figures.middle(durations)), figures.seconds(figures.nearly_all(durations))])
    figures.table(["Recherche", "p50", "p95"], rows)


def _written(folder: Path) -> Path:
    """Write files of the size of the real ones; nothing of the real ones is in them."""
    draw = random.Random(1949)
    with (folder / "ccam.csv").open("w", newline="", encoding="utf-8") as text:
        table = csv.writer(text)
        table.writerow(["code", "activite", "phase", "libelle", "tarif_secteur1_optam", "regroupement"])
        for rank in range(ACTS):
            letters = "".join(chr(65 + rank // 26**power % 26) for power in (3, 2, 1, 0))
            what = "".join(draw.choice(_SYLLABLES) for _ in range(4))
            label = f"{draw.choice(_DOINGS)} {what} {draw.choice(_PARTS)}, {draw.choice(_WAYS)}"
            table.writerow([f"{letters}{rank % 900:03d}", 1, 0, label, f"{draw.randint(500, 60_000) / 100:.2f}", "ADC"])
    names = (f"{60_000_000 + rank}\tREMÈDE {rank}, comprimé\tcomprimé\n" for rank in range(15_000))
    (folder / "CIS_bdpm.txt").write_text("".join(names), encoding="cp1252")
    boxes = (
        f"{60_000_000 + rank % 15_000}\t{rank:07d}\tplaquette de {draw.randint(4, 90)} comprimés\tactive\tdéclarée\t"
        f"16/03/2011\t34009{rank:07d}5\toui\t65 %\t1,00\t{draw.randint(2, 90)},02\t1,02\t\n"
        for rank in range(BOXES)
    )
    (folder / "CIS_CIP_bdpm.txt").write_text("".join(boxes), encoding="utf-8")
    return folder


@contextmanager
def _undone() -> Iterator[None]:
    """Leave no edition in the house that is measured."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)
