"""Try a list of identities against the registry, as FranceConnect would bring them (docs/franceconnect.md)."""

import csv
from argparse import ArgumentParser
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from escale.domain.registry import queries as registry
from escale.rules import pivot

UNREADABLE = "unreadable"


class Command(BaseCommand):
    help = "Essaie une liste d’identités FranceConnect sur le registre, et dit ce qu’il adviendrait de chacune."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("path", type=Path, metavar="CHEMIN", help="un fichier CSV avec une colonne « login »")

    def handle(self, *, path: Path, **options: Any) -> None:
        table = csv.writer(self.stdout, lineterminator="\n")
        table.writerow(["login", "outcome", "code", "reason"])
        today = timezone.localdate()
        try:
            for login, identity, fault in _identities(path):
                if fault:
                    table.writerow([login, UNREADABLE, "", fault])
                else:
                    match, _ = registry.recognised(pivot.read(identity), on=today)
                    table.writerow([login, match.outcome, match.code, match.reason])
        except OSError as fault:
            raise CommandError(f"{fault.filename} : {fault.strerror}.") from fault


def _identities(path: Path) -> Iterator[tuple[str, dict[str, str | None], str]]:
    """Yield each login with what it tells, or with why it cannot be read."""
    with path.open(encoding="utf-8-sig", errors="replace", newline="") as text:
        first = text.readline()
        text.seek(0)
        rows = csv.reader(text, delimiter=";" if first.count(";") > first.count(",") else ",")
        header = [cell.strip() for cell in next(rows, [])]
        if "login" not in header:
            raise CommandError("La première ligne doit nommer les colonnes, dont « login ».")
        for cells in _readable(rows):
            if isinstance(cells, str):
                yield f"ligne {rows.line_num}", {}, cells
            elif len(cells) != len(header):
                yield _shown(cells[0]), {}, f"{len(cells)} colonnes au lieu de {len(header)}."
            else:
                identity = dict(zip(header, cells, strict=True))
                yield _shown(identity["login"]), {name: told or None for name, told in identity.items()}, ""


def _readable(rows: Any) -> Iterator[list[str] | str]:
    """Yield the rows that hold something, or why one cannot be read."""
    while True:
        try:
            cells = next(rows)
        except StopIteration:
            return
        except csv.Error as fault:
            yield f"La ligne est abîmée : {fault}."
        else:
            if any(cell.strip() for cell in cells):
                yield cells


def _shown(login: str) -> str:
    return "".join(sign if sign.isprintable() else "�" for sign in login)[:80]
