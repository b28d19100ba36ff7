"""Say what would become of files if they were sent, without keeping anything of them."""

import hashlib
import json
import logging
import tempfile
from argparse import ArgumentParser
from pathlib import Path
from typing import Any, BinaryIO

from django.conf import settings
from django.core.management.base import BaseCommand

from escale.domain.documents import queries
from escale.gateways.screening import Outcome, Screening, screen

NOT_OPENED = "Ce fichier ne peut pas être ouvert sur cette machine."
FAILED = "Le contrôle de ce fichier a échoué ; il n’est pas accepté."


class Command(BaseCommand):
    help = "Dit ce que deviendrait chaque fichier s’il était envoyé : accepté, nettoyé, refusé, infecté… Ne garde rien."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("files", nargs="+", metavar="FICHIER")
        parser.add_argument("--json", action="store_true", help="un tableau JSON, une ligne par fichier")
        parser.add_argument("--name", help="nom sous lequel le fichier serait envoyé (le sien par défaut)")
        parser.add_argument("--type", default="", help="type que l’appareil annoncerait (aucun par défaut)")
        parser.add_argument("--password", default="", help="mot de passe des PDF qui en demandent un")

    def handle(self, *, files: list[str], name: str | None, type: str, password: str, **options: Any) -> None:
        for number, file in enumerate(files):
            told = _told(Path(file), name=name, declared_type=type, password=password)
            if options["json"]:
                self.stdout.write(("[" if number == 0 else ",") + json.dumps(told), ending="\n")
            else:
                name_shown = told["file"].encode(errors="replace").decode()
                self.stdout.write(" ".join(filter(None, [name_shown, told["verdict"], told["code"]])))
                self.stdout.write(f"  {told['sentence']}")
        if options["json"]:
            self.stdout.write("]")


def _told(path: Path, *, name: str | None, **given: str) -> dict[str, Any]:
    told: dict[str, Any] = {
        "file": str(path),
        "name": path.name if name is None else name,
        "sha256": None,
        "bytes": None,
    }
    try:
        with path.open("rb") as content:
            told |= {"sha256": hashlib.file_digest(content, "sha256").hexdigest(), "bytes": content.tell()}
            return told | _verdict(_screened(content, name=told["name"], **given))
    except (OSError, ValueError):
        return told | _verdict(Screening(Outcome.REFUSED, NOT_OPENED, code="not_opened"))
    except Exception:  # a fault of ours: the other files still have their verdict
        logging.exception("%s", path)
        return told | _verdict(Screening(Outcome.REFUSED, FAILED, code="failed"))


def _screened(content: BinaryIO, **given: str) -> Screening:
    with tempfile.TemporaryDirectory() as folder:
        return screen(
            content,
            **given,
            limits=settings.FILE_LIMITS,
            antivirus=queries.antivirus(),
            folder=Path(folder),
        )


def _verdict(screening: Screening) -> dict[str, Any]:
    return {
        "verdict": screening.outcome,
        "code": screening.code or None,
        "sentence": screening.sentence,
        "type": screening.kind or None,
        "pages": screening.pages,
        "removed": screening.removed,
        "changed": screening.changed,
        "finding": screening.finding or None,
        "signatures": screening.signatures or None,
        "seconds": round(screening.cost.seconds, 3),
        "peak_memory": screening.cost.memory,
    }
