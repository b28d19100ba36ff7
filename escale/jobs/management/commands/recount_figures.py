"""`manage.py recount_figures`: count every claim anew; figures that were right stay as they are."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from escale.domain.statistics import actions as statistics


class Command(BaseCommand):
    help = "Recompte les chiffres du tableau de bord, demande par demande."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--from-zero", action="store_true", help="vide d’abord les chiffres")

    def handle(self, *args: Any, **options: Any) -> None:
        counted = statistics.recount(from_zero=options["from_zero"])
        if options["verbosity"]:
            self.stdout.write(f"{counted} demandes recomptées.")
