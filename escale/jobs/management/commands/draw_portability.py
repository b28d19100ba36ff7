"""Draw docs/portability.md and its schema: all that a copy of somebody's data holds, from the table of its contents."""

import json
import sys
from argparse import ArgumentParser
from collections.abc import Iterator
from typing import Any

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.core.management.base import BaseCommand
from django.db import models
from django.db.models import Field
from django.utils.text import capfirst

from escale.domain.claims.portability.telling import column, is_code, key
from escale.domain.portability import CONTENTS, FORMAT, VERSION, WITHHELD, Part

PAGE = settings.CHECKOUT / "docs" / "portability.md"
SCHEMA = settings.CHECKOUT / "docs" / "portability.schema.json"
HEAD = f"""# Une copie de ses données

Cette page et [son schéma](portability.schema.json) sont dessinés par `make docs` à partir de la table de ce qui est dit
à chacun (`escale/domain/portability`) : ne les modifiez pas à la main.

« Mes données personnelles » donne à chacun une copie de ce que la Caisse sait de lui (RGPD, art. 15 et 20) : un PDF à
lire, et ce JSON. Les clés sont en anglais et ne changent pas dans une version (`format` : `{FORMAT}`, `version` :
{VERSION}) ; une clé peut s’ajouter. Une date s’écrit `AAAA-MM-JJ`, un moment selon ISO 8601 avec son fuseau, un montant
comme texte, avec un point. Un code se donne avec ses mots : `{{"code": "draft", "label": "Brouillon"}}`. Ce qui est
inconnu est `null`, comme ce qui tient à la santé d’un autre adulte de la famille.
"""
_JSON = {
    models.BooleanField: "boolean",
    models.IntegerField: "integer",
    models.JSONField: ["array", "object"],
    ArrayField: "array",
}


class Command(BaseCommand):
    help = "Dessine docs/portability.md et docs/portability.schema.json."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--check", action="store_true", help="ne change rien ; échoue si l’un n’est pas à jour")

    def handle(self, *, check: bool, **options: Any) -> None:
        drawn = {PAGE: "\n".join([HEAD, *_page()]), SCHEMA: json.dumps(_schema(), ensure_ascii=False, indent=2) + "\n"}
        for file, content in drawn.items():
            if not check:
                file.write_text(content, encoding="utf-8")
            elif not file.exists() or file.read_text(encoding="utf-8") != content:
                self.stderr.write(f"docs/{file.name} n’est pas à jour : lancez « make docs ».")
                sys.exit(1)


def _page() -> Iterator[str]:
    for part in CONTENTS:
        yield from _table(part, path=part.name)
    yield "## Ce qui n’y est pas (`withheld`)\n"
    yield from (f"- **{what}** : {why}" for what, why in WITHHELD)
    yield ""


def _table(part: Part, *, path: str) -> Iterator[str]:
    yield f"## {part.title} (`{path}`)\n"
    yield "| Clé | Ce que c’est |\n|---|---|"
    yield from (f"| `{key(one)}` | {capfirst(str(column(part.model, one).verbose_name))} |" for one in part.paths)
    yield from (f"| `{one.name}` | {one.title}, plus bas |" for one in part.parts)
    yield ""
    if part.name != "care_claimed_by_others":  # whose parts are those of any claim
        for one in part.parts:
            yield from _table(one, path=f"{path}[].{one.name}")


def _schema() -> dict[str, Any]:
    text = {"type": "string"}
    said = {"what": text, "why": text}
    head = {
        "format": {"const": FORMAT},
        "version": {"const": VERSION},
        "made_at": text | {"format": "date-time"},
        "withheld": {"type": "array", "items": {"type": "object", "properties": said, "required": [*said]}},
    }
    tables = {part.name: _rows(part) for part in CONTENTS}
    code = {"type": "object", "properties": {"code": {}, "label": text}, "required": ["code", "label"]}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Une copie de ses données",
        "type": "object",
        "properties": head | tables,
        "required": [*head, *tables],
        "$defs": {"code": code},
    }


def _rows(part: Part) -> dict[str, Any]:
    columns: dict[str, Any] = {key(path): _column(column(part.model, path)) for path in part.paths}
    columns |= {one.name: _rows(one) for one in part.parts}
    row = {"type": "object", "properties": columns, "required": [*columns]}
    return {"title": str(part.title), "type": "array", "items": row}


def _column(field: "Field[Any, Any]") -> dict[str, Any]:
    title = {"title": capfirst(str(field.verbose_name))}
    if is_code(field):
        return title | {"anyOf": [{"$ref": "#/$defs/code"}, {"type": "null"}]}
    kind = next((kind for known, kind in _JSON.items() if isinstance(field, known)), "string")
    return title | {"type": [*([kind] if isinstance(kind, str) else kind), "null"]}
