"""Read the whole journal again, and say where it is no longer what was written."""

import re
import sys
from argparse import ArgumentParser, ArgumentTypeError
from typing import Any

from django.core.management.base import BaseCommand

from escale.domain.journal import queries

_ANCHOR = re.compile(r"\d{1,18}:[0-9a-f]{64}")


def _anchor(text: str) -> str:
    if not _ANCHOR.fullmatch(text):
        raise ArgumentTypeError("un repère s’écrit N:EMPREINTE, comme cette commande l’imprime")
    return text


class Command(BaseCommand):
    help = "Relit tout le journal, dit où il a été modifié, coupé ou complété, puis imprime le repère de sa fin."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--anchor",
            type=_anchor,
            metavar="N:EMPREINTE",
            help="repère noté lors d’une vérification précédente : la fin du journal n’a pas été coupée depuis",
        )

    def handle(self, *, anchor: str | None, **options: Any) -> None:
        found = [_told(fault) for fault in queries.faults()]
        if anchor and not queries.holds(anchor):
            found.append(f"Repère {anchor} : le journal ne contient plus ce bloc, sa fin a été coupée ou réécrite.")
        for sentence in found:
            self.stdout.write(sentence)
        self.stdout.write(f"Repère : {queries.anchor()}")
        if found:
            sys.exit(1)
        self.stdout.write("Le journal est intact.")


def _told(fault: queries.Fault) -> str:
    where = f"Bloc {fault.block}" if fault.block else "Hors de tout bloc"
    entry = f", inscription {fault.entry}" if fault.entry else ""
    return f"{where}{entry} : {fault.what}."
