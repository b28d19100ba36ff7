"""Propose an edition of tariffs from official files (docs/tariffs.md)."""

import csv
import time
from argparse import ArgumentParser, ArgumentTypeError
from datetime import date
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from escale.domain.accounts.actor import Actor
from escale.domain.accounts.models import Account, Role
from escale.domain.tariffs import actions as tariffs
from escale.domain.tariffs.models import Edition, Kind
from escale.gateways.nomenclatures import Refused
from escale.rules.lifecycle import StepRefused


class Command(BaseCommand):
    help = "Propose une édition de tarifs à partir de fichiers officiels ; une autre personne la met en vigueur."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("kind", choices=Kind.values, metavar="CONTENU", help=", ".join(Kind.values))
        parser.add_argument("files", nargs="+", type=Path, metavar="FICHIER", help="un fichier, ou les deux de la BDPM")
        parser.add_argument("--effective", required=True, type=_day, metavar="DATE", help="date d’effet : 2026-01-01")
        parser.add_argument("--by", required=True, metavar="EMAIL", help="le superviseur qui propose")
        parser.add_argument("--source", default="", metavar="TEXTE", help="ce que liront les calculs (sinon, les noms)")
        parser.add_argument("--report", type=Path, metavar="FICHIER", help="où écrire les lignes refusées")

    def handle(self, *, kind: str, files: list[Path], effective: date, by: str, **options: Any) -> None:
        refused: list[Refused] = []
        began = time.monotonic()
        try:
            edition = tariffs.propose(
                kind=Kind(kind),
                files=files,
                effective_from=effective,
                source=options["source"] or f"{Kind(kind).label} ({', '.join(file.name for file in files)})",
                by=_supervisor(by),
                refuse=refused.append,
                progress=lambda read: self._show(f"{_written(read)} lignes lues…"),
            )
        except (tariffs.Unreadable, StepRefused) as fault:
            self._show("")
            raise CommandError(str(fault)) from fault
        self._show("")
        if refused and options["report"]:
            _report(options["report"], refused)
        self._tell(edition, time.monotonic() - began)

    def _tell(self, edition: Edition, seconds: float) -> None:
        took = f"{seconds:.1f}".replace(".", ",")
        self.stdout.write(
            f"{edition} : {_written(edition.read)} lignes lues en {took} s, {_written(edition.kept)} gardées,"
            f" {_written(edition.refused)} refusées. Une autre personne vérifie l’édition et la met en vigueur :"
            f" « Barèmes », édition n° {edition.pk}."
        )

    def _show(self, progress: str) -> None:
        if self.stdout.isatty():
            self.stdout.write(f"\r\033[K{progress}", ending="")
            self.stdout.flush()


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise ArgumentTypeError(f"« {text} » n’est pas une date : écrivez-la 2026-01-01") from None


def _supervisor(email: str) -> Actor:
    account = Account.objects.filter(email=email.strip().lower(), is_active=True, hats__role=Role.SUPERVISOR).first()
    if account is None:
        raise CommandError(f"{email} n’est l’adresse d’aucun superviseur.")
    return Actor(Role.SUPERVISOR, account)


def _report(path: Path, refused: list[Refused]) -> None:
    with path.open("w", encoding="utf-8", newline="") as text:
        table = csv.writer(text, delimiter=";")
        table.writerow(["fichier", "ligne", "motif"])
        table.writerows([one.file, one.line, one.reason] for one in refused)


def _written(number: int) -> str:
    return f"{number:,}".replace(",", "\N{NARROW NO-BREAK SPACE}")
