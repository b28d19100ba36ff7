"""Compute one claim written in a JSON file, and say the result and its steps; no database is needed."""

import json
import sys
from argparse import ArgumentParser
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand

from escale.gateways import rates
from escale.rules.claim_answer import Status, answer
from escale.rules.claim_file import read
from escale.rules.claim_text import LARGEST, Refused, parse, printable, refused
from escale.rules.currency import Quote

REFUSED = 2
EXIT = {Status.COMPUTED: 0, Status.TO_DECIDE: 3, Status.AWAITING: 4, Status.REDIRECTED: 5}


class Command(BaseCommand):
    help = "Calcule une demande écrite en JSON (docs/compute.md) : le montant, ses étapes, ses causes, ses paramètres."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", metavar="FICHIER", help="le fichier JSON, ou « - » pour l’entrée standard")

    def handle(self, *, file: str, **options: Any) -> None:
        _write_utf_8(self.stdout, self.stderr)
        try:
            told = answer(read(parse(_content(file))), published=published)
        except Refused as refusal:
            errors = [{"path": error.path, "message": error.message} for error in refusal.errors]
            self._say({"status": "refused", "status_label": "fichier refusé", "errors": errors})
            self.stderr.write(str(refusal))
            sys.exit(REFUSED)
        self._say(told)
        if code := EXIT[Status(told["status"])]:
            sys.exit(code)

    def _say(self, told: dict[str, Any]) -> None:
        self.stdout.write(json.dumps(told, ensure_ascii=False, indent=2))


def _write_utf_8(*streams: Any) -> None:
    """Write as UTF-8 whatever the locale; what a test gives instead of a stream is left alone."""
    for stream in streams:
        if again := getattr(stream, "reconfigure", None):
            again(encoding="utf-8")


def published(currency: str, on: date) -> Sequence[Quote]:
    """Return the rates that the European Central Bank published for a currency, the latest at a date."""
    return [Quote(one.currency, one.units_per_eur, one.source, one.on) for one in rates.published(currency, on=on)]


def _content(file: str) -> bytes:
    """Return what a file holds, or the standard input: no more than tells that it is too large."""
    try:
        if file == "-":
            return sys.stdin.buffer.read(LARGEST + 1) if sys.stdin else b""
        with Path(file).open("rb") as stream:
            return stream.read(LARGEST + 1)
    except FileNotFoundError:
        raise refused(printable(file), "ce fichier n’existe pas.") from None
    except IsADirectoryError:
        raise refused(printable(file), "c’est un dossier : donnez un fichier.") from None
    except (OSError, ValueError):
        raise refused(printable(file), "ce fichier ne peut pas être lu.") from None
