"""Take the administration's files into the registry (docs/registry.md)."""

import csv
import time
from argparse import ArgumentParser
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from escale.domain.accounts.actor import SYSTEM
from escale.domain.registry import actions as registry
from escale.domain.registry.reading import SHEETS, Refusal, Unreadable, sheet_of

Refuse = Callable[[str, Refusal], None]


class Command(BaseCommand):
    help = "Reprend dans le registre les fichiers de l’administration : tout ce qui est bon dans un fichier, ou rien."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("paths", nargs="+", type=Path, metavar="CHEMIN", help="un dossier, ou des fichiers")
        parser.add_argument(
            "--report",
            type=Path,
            metavar="FICHIER",
            help="où écrire les lignes refusées et leur motif (sinon, refus.csv à côté des fichiers)",
        )

    def handle(self, *, paths: list[Path], report: Path | None, **options: Any) -> None:
        try:
            files = sorted(_files(paths), key=lambda file: SHEETS.index(sheet_of(file)))
            if not files:
                raise Unreadable(f"Aucun fichier du registre ici : {', '.join(map(str, paths))}.")
            with _report(report or files[0].with_name("refus.csv")) as refuse:
                for file in files:
                    self._take_over(file, refuse)
        except OSError as fault:
            raise CommandError(f"{fault.filename} : {fault.strerror}.") from fault
        except Unreadable as fault:
            raise CommandError(f"{fault} Rien n’en est repris ; ce qui précède est gardé.") from fault

    def _take_over(self, file: Path, refuse: Refuse) -> None:
        began = time.monotonic()
        outcome = registry.take_over(
            file=file,
            refuse=lambda refusal: refuse(file.name, refusal),
            progress=lambda read: self._show(f"{file.name} : {_written(read)} lignes lues…"),
            by=SYSTEM,
        )
        seconds = f"{time.monotonic() - began:.1f}".replace(".", ",")
        self._show("")
        self.stdout.write(
            f"{file.name} : {_written(outcome.read)} lignes en {seconds} s ;"
            f" nouvelles {_written(outcome.created)}, corrigées {_written(outcome.changed)},"
            f" inchangées {_written(outcome.unchanged)}, refusées {_written(outcome.refused)}"
        )
        for name in outcome.damaged:
            self.stdout.write(f"{name} : son numéro est abîmé ; un fichier insured.csv qui le donne le rétablit.")

    def _show(self, progress: str) -> None:
        if self.stdout.isatty():
            self.stdout.write(f"\r\033[K{progress}", ending="")
            self.stdout.flush()


def _files(paths: list[Path]) -> Iterator[Path]:
    for path in paths:
        if path.is_dir():
            yield from (path / f"{sheet.name}.csv" for sheet in SHEETS if (path / f"{sheet.name}.csv").exists())
        else:
            yield path


@contextmanager
def _report(path: Path) -> Iterator[Refuse]:
    """Open the list of the lines left out; when there is none at the end, neither is the file."""
    with path.open("w", encoding="utf-8", newline="") as text:
        table = csv.writer(text, delimiter=";")
        table.writerow(["fichier", "ligne", "colonne", "motif"])
        text.flush()
        header = text.tell()
        try:
            yield lambda name, refusal: table.writerow([name, refusal.line, refusal.column, refusal.reason])
        finally:
            text.flush()
            if text.tell() == header:
                path.unlink()


def _written(number: int) -> str:
    return f"{number:,}".replace(",", "\N{NARROW NO-BREAK SPACE}")
