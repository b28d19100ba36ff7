"""Draw docs/uncertain.md: all that the house holds without a text that says so, from the tables of the law."""

import sys
from argparse import ArgumentParser
from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from escale.rules import parameters

PAGE = settings.CHECKOUT / "docs" / "uncertain.md"
HEAD = """# Ce qui n’est pas sûr

Cette page est dessinée par `make docs` à partir des tables du droit (`escale/rules/parameters`) : ne la modifiez pas à
la main. Elle est écrite pour les juristes de la Caisse : ce que la maison tient faute de texte lu, pourquoi, et ce qui
suivrait si c’était faux. Un chiffre se change par une édition du droit, sans nouvelle version du logiciel.

« Valeur par défaut » : choix de la maison, faute de texte. « Source secondaire » : lu ailleurs que dans un texte
officiel.
"""
CONFIDENCES = {"default": "valeur par défaut", "secondary": "source secondaire"}
NEVER_PAID = "Jamais payé sans la décision d’un gestionnaire."
TO_CONFIRM = "À confirmer avant d’ouvrir le service au public."


class Command(BaseCommand):
    help = "Dessine docs/uncertain.md à partir des tables du droit."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--check", action="store_true", help="ne change rien ; échoue si la page n’est pas à jour")

    def handle(self, *, check: bool, **options: Any) -> None:
        page = "\n".join([HEAD, *_page()])
        if not check:
            PAGE.write_text(page, encoding="utf-8")
        elif not PAGE.exists() or PAGE.read_text(encoding="utf-8") != page:
            self.stderr.write("docs/uncertain.md n’est pas à jour : lancez « make docs ».")
            sys.exit(1)


def _page() -> Iterator[str]:
    doubt = ("Source", "Sûreté", "Conséquence")
    asked = parameters.table("open_questions")["questions"]
    yield from _table("Les questions ouvertes", ("Question", "Ce que fait la maison", *doubt), map(_question, asked))
    figures = (row for name in parameters.names() for row in _figure(name))
    yield from _table("Les chiffres", ("Chiffre", "Valeur", "Depuis", *doubt), figures)
    acts = (row for act in parameters.table("acts")["acts"] for row in _act(act))
    yield from _table("Les tarifs d’actes", ("Acte", "Tarif", "Depuis", *doubt), acts)
    others = dict.fromkeys(row for name in _others() for row in _unsure(name, parameters.table(name), ""))
    yield from _table("Les autres tables", ("Table", "Ligne", *doubt), others)


def _table(title: str, head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> Iterator[str]:
    yield f"## {title}\n"
    yield f"| {' | '.join(head)} |"
    yield "|" + "---|" * len(head)
    yield from (f"| {' | '.join(cell.replace('|', '/') for cell in row)} |" for row in rows)
    yield ""


def _question(row: dict[str, Any]) -> tuple[str, ...]:
    about = ", ".join(f"`{name}`" for name in row.get("about", ()))
    question = f"{row['question']} ({about})" if about else row["question"]
    return question, row["held"], row["source"], CONFIDENCES[row["confidence"]], row["consequence"]


def _figure(name: str) -> Iterator[tuple[str, ...]]:
    table = parameters.table(name)
    for row in table["values"]:
        if not parameters.verified(row):
            value = f"{row['value']} {table['unit']}"
            yield f"{table['label']} (`{name}`)", value, _since(row), row["source"], *_doubt(row, TO_CONFIRM)


def _act(act: dict[str, Any]) -> Iterator[tuple[str, ...]]:
    sources, label = parameters.table("acts")["sources"], f"{act['label']} (`{act['code']}`)"
    if not act.get("rows"):
        yield label, "aucun", "", sources["none"], CONFIDENCES["default"], NEVER_PAID
    for row in act.get("rows", ()):
        if not parameters.verified(row):
            yield label, f"{row['tariff']} EUR", _since(row), sources[row["source"]], *_doubt(row, NEVER_PAID)


def _others() -> list[str]:
    told = {*parameters.names(), "acts", "open_questions"}
    return [name for name in parameters.tables() if name not in told]


def _unsure(table: str, content: Any, key: str) -> Iterator[tuple[str, ...]]:
    """Yield the rows of any other table that say they are not sure, however deep they lie."""
    if isinstance(content, dict):
        if content.get("confidence") in CONFIDENCES:
            name = content.get("name") or content.get("label") or content.get("currency") or key
            told = f"{name} ({key})" if key and key != name else name
            yield f"`{table}`", told, content.get("source", ""), *_doubt(content, TO_CONFIRM)
        for name, part in content.items():
            yield from _unsure(table, part, str(name))
    elif isinstance(content, list):
        for part in content:
            yield from _unsure(table, part, str(part.get("code", "")) if isinstance(part, dict) else "")


def _doubt(row: dict[str, Any], otherwise: str) -> tuple[str, str]:
    return CONFIDENCES[row["confidence"]], row.get("consequence", otherwise)


def _since(row: dict[str, Any]) -> str:
    since: date | None = row.get("from")
    return f"{since:%d/%m/%Y}" if since else ""
