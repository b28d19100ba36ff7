"""Read a paper as the house would, and say what is found on it, without keeping anything of it."""

import json
import logging
import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from escale.domain.documents import reading
from escale.gateways import file_kinds, inspection, ocr
from escale.rules.findings import Finding

NOT_OPENED = "Ce fichier ne peut pas être ouvert sur cette machine."
NOT_READ = 1
"""The exit code where nothing could be read, which is told as well; 0 where it could, whatever was found."""
FAILED = "La lecture automatique de ce fichier a échoué."


class Command(BaseCommand):
    help = "Lit une pièce par machine : total, monnaie, dates, professionnel, numéro et texte. Ne garde rien."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", metavar="FICHIER")
        parser.add_argument("--json", action="store_true", help="un objet JSON")
        parser.add_argument("--seconds", type=float, default=60, help="le temps de lecture, au plus (60 par défaut)")
        parser.add_argument("--country", default="", help="le pays des soins, s’il est connu (FR, TH…)")

    def handle(self, *, file: str, seconds: float, country: str, **options: Any) -> None:
        told = _told(Path(file), seconds=seconds, country=country.upper())
        self.stdout.write(json.dumps(told, ensure_ascii=True) if options["json"] else _summary(told))
        if told["error"]:
            sys.exit(NOT_READ)


def _told(path: Path, *, seconds: float, country: str) -> dict[str, Any]:
    told: dict[str, Any] = {
        "file": str(path), "pages": 0, "script": None, "languages": [], "total": None, "currency": None, "amounts": [],
        "dates": [], "given_on": None, "paid_on": None, "provider": None, "number": None, "text": "", "seconds": 0.0,
        "missing_languages": ocr.missing_languages(), "error": None,
    }  # fmt: skip
    try:
        with path.open("rb") as content:
            kind = file_kinds.examine(content, name=path.name, declared_type="", limits=settings.FILE_LIMITS)
            content.seek(0)
            return told | _found(reading.look(content, kind=kind.type, seconds=seconds, country=country))
    except (file_kinds.Refused, inspection.Unreadable, ocr.NoEyes) as refusal:
        return told | {"error": str(refusal)}
    except (OSError, ValueError):
        return told | {"error": NOT_OPENED}
    except Exception:  # a fault of ours is told like any other
        logging.getLogger(__name__).exception("read_document")
        return told | {"error": FAILED}


def _found(look: reading.Look) -> dict[str, Any]:
    found = look.findings
    scripts = [page.script for page in look.pages if page.script]
    return {
        "pages": len(look.pages) + look.left,
        "script": scripts[0] if scripts else None,
        "languages": [found.language] if found.language else [],
        "total": found.total and {"amount": found.total.value, "currency": _currency(found.total, found.currency),
                                  **_where(found.total)},
        "currency": found.currency.value or None if found.currency else None,
        "currency_candidates": list(found.currency.candidates) if found.currency else [],
        "amounts": [{"amount": one.value, "currency": one.currency or None, "label": one.kind or None, **_where(one)}
                    for one in found.amounts],
        "dates": [_date(one) for one in found.dates],
        "given_on": found.given_on and _date(found.given_on),
        "paid_on": found.paid_on and _date(found.paid_on),
        "provider": found.provider.value if found.provider else None,
        "number": found.number.value if found.number else None,
        "text": "\n\f\n".join(ocr.text(page) for page in look.pages),
        "seconds": round(look.seconds, 2),
    }  # fmt: skip


def _currency(total: Finding, currency: Finding | None) -> str | None:
    return total.currency or (currency.value if currency else "") or None


def _where(one: Finding) -> dict[str, Any]:
    return {
        "text": one.text,
        "confidence": one.confidence,
        "page": one.page,
        "box": [round(side, 1) for side in one.box],
    }


def _date(one: Finding) -> dict[str, Any]:
    ambiguous = {"iso": one.value or None, "candidates": list(one.candidates), "ambiguous": one.ambiguous}
    return {**ambiguous, "kind": one.kind, **_where(one)}


def _summary(told: dict[str, Any]) -> str:
    if told["error"]:
        return str(told["error"])
    total, given = told["total"], told["given_on"]
    lines = {
        "Total": f"{total['amount']} {total['currency'] or '?'}" if total else "non trouvé",
        "Monnaie": told["currency"] or " ou ".join(told["currency_candidates"]) or "non trouvée",
        "Date": " ou ".join(given["candidates"]) if given else "non trouvée",
        "Professionnel": told["provider"] or "non trouvé",
        "Numéro": told["number"] or "non trouvé",
        "Pages": f"{told['pages']}, lues en {told['seconds']} s",
        "Langues absentes de cette machine": ", ".join(told["missing_languages"]),
    }
    return "\n".join(f"{what} : {value}" for what, value in lines.items() if value)
