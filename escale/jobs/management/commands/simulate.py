"""Recompute many lines of care as if a figure of the law were another, and say what would change, cause by cause."""

import time
from argparse import ArgumentParser, ArgumentTypeError
from datetime import date
from decimal import Decimal, InvalidOperation
from functools import partial
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from escale.domain.tariffs import queries as tariffs
from escale.jobs import stored_lines, what_if
from escale.rules import parameters
from escale.rules.currency import written
from escale.rules.explanation import Cause
from escale.rules.parameters import Edition
from escale.rules.simulation import told


class Command(BaseCommand):
    help = "Recalcule des lignes comme si un chiffre du droit était autre, et dit ce qui changerait"
    requires_system_checks: list[str] = []
    done = 0
    shown_at = 0.0

    def add_arguments(self, parser: ArgumentParser) -> None:
        add = parser.add_argument
        add("--set", dest="figures", action="append", required=True, type=_figure, metavar="CHIFFRE=VALEUR")
        add("--from", dest="since", type=_day, metavar="JOUR", help="premier jour (toujours, si rien n’est dit)")
        add("--until", type=_day, metavar="JOUR", help="lendemain du dernier jour")
        add("--stored", action="store_true", help="les lignes calculées de la base, et non des lignes tirées")
        add("--lines", type=int, default=1_000_000, help="combien de lignes tirer")
        add("--seed", type=int, default=1949, help="le même nombre donne les mêmes lignes")
        add("--processes", type=int, default=2)

    def handle(self, *, figures: list[tuple[str, Decimal]], **options: Any) -> None:
        began = time.perf_counter()
        if options["stored"]:
            with parameters.reading(tariffs.edition()):
                proposed = edition(figures, since=options["since"], until=options["until"])
                totals = stored_lines.played(proposed=proposed, told=self._progress)
        else:
            proposed = edition(figures, since=options["since"], until=options["until"])
            count, processes = options["lines"], options["processes"]
            if count < 1 or processes < 1:
                raise CommandError("Il faut au moins une ligne et un processus.")
            seed, say = options["seed"], partial(self._progress, of=count)
            totals = what_if.generated(count, seed=seed, proposed=proposed, processes=processes, told=say)
        elapsed = time.perf_counter() - began
        before, after = (told(one) for one in totals)
        for name in before:
            self.stdout.write(_row(name, before[name], after[name]))
        self.stdout.write(f"{_counted(self.done)} en {elapsed:.1f} s".replace(".", ","))

    def _progress(self, done: int, of: int | None = None) -> None:
        self.done = done
        if time.monotonic() - self.shown_at >= 1:
            self.shown_at = time.monotonic()
            self.stderr.write(_counted(done) + (f" ({min(100, done * 100 // of)} %)" if of else ""))


def edition(figures: list[tuple[str, Decimal]], *, since: date | None, until: date | None) -> Edition:
    """Return the law being read, with figures changed between two days; raises CommandError for an unknown figure."""
    ends = {"from": since, "until": until}
    row = {"source": "Hypothèse", "confidence": "default"} | {end: day for end, day in ends.items() if day}
    read = parameters.edition()
    rows = dict(read.rows)
    for name, value in figures:
        if name not in parameters.names():
            raise CommandError(f"Aucun chiffre ne s’appelle « {name} ». Il y a : {', '.join(parameters.names())}.")
        rows["figure", name] = ({**row, "value": value}, *rows.get(("figure", name), ()))
    return Edition(read.number, rows)


def _figure(text: str) -> tuple[str, Decimal]:
    name, equals, value = text.partition("=")
    try:
        number = Decimal(value)
    except InvalidOperation:
        number = Decimal("NaN")
    if not equals or not number.is_finite() or number < 0:
        raise ArgumentTypeError(f"{text!r} : écrivez par exemple participation_forfaitaire=3")
    return name, number


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise ArgumentTypeError(f"{text!r} : écrivez la date 2026-03-31") from None


def _counted(lines: int) -> str:
    return f"{lines:,} lignes".replace(",", "\u202f")


def _row(name: str, before: Decimal | int, after: Decimal | int) -> str:
    if name == "to_decide":
        return f"{'Lignes à décider par une personne':<50} {before:>18} {after:>18} {after - before:>+18}"
    label = "Dû" if name == "due" else Cause(name).label
    change = f"{'+' if after >= before else ''}{written(Decimal(after - before))}"
    return f"{label:<50} {written(Decimal(before)):>18} {written(Decimal(after)):>18} {change:>18}"
