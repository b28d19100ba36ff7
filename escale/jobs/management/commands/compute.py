"""Compute one claim written in a JSON file, and say the result and its steps; no database is needed."""

import json
import sys
from argparse import ArgumentParser
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand

from escale.gateways import rates
from escale.rules.claim_answer import Status, answer
from escale.rules.claim_file import Error, Refused, read
from escale.rules.currency import Quote

REFUSED = 2
EXIT = {Status.COMPUTED: 0, Status.TO_DECIDE: 3, Status.AWAITING: 4, Status.REDIRECTED: 5}


class Command(BaseCommand):
    help = "Calcule une demande écrite en JSON (docs/compute.md) : le montant, ses étapes, ses causes, ses paramètres."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", metavar="FICHIER", help="le fichier JSON, ou « - » pour l’entrée standard")

    def handle(self, *, file: str, **options: Any) -> None:
        try:
            told = answer(read(_content(file)), published=published)
        except Refused as refused:
            errors = [{"path": error.path, "message": error.message} for error in refused.errors]
            self._say({"status": "refused", "status_label": "fichier refusé", "errors": errors})
            self.stderr.write(str(refused))
            sys.exit(REFUSED)
        self._say(told)
        if code := EXIT[Status(told["status"])]:
            sys.exit(code)

    def _say(self, told: dict[str, Any]) -> None:
        self.stdout.write(json.dumps(told, ensure_ascii=False, indent=2))


def published(currency: str, on: date) -> Sequence[Quote]:
    """Return the rates that the European Central Bank published for a currency, the latest at a date."""
    return [Quote(one.currency, one.units_per_eur, one.source, one.on) for one in rates.published(currency, on=on)]


def _content(file: str) -> Any:
    try:
        text = sys.stdin.read() if file == "-" else Path(file).read_text(encoding="utf-8")
        return json.loads(text, parse_float=Decimal)
    except (OSError, UnicodeDecodeError) as trouble:
        raise Refused((Error(file, f"ce fichier ne peut pas être lu ({trouble}).".replace("'", "’")),)) from trouble
    except json.JSONDecodeError as trouble:
        where = f"ligne {trouble.lineno}, colonne {trouble.colno}"
        raise Refused((Error(where, "ce n’est pas du JSON : vérifiez virgules et guillemets."),)) from trouble
    except RecursionError as trouble:
        raise Refused((Error(file, "ce fichier est trop imbriqué."),)) from trouble
