"""Draw docs/lifecycles.md from the tables of steps."""

import sys
from argparse import ArgumentParser
from collections.abc import Iterator
from typing import Any

from django.apps import apps
from django.conf import settings
from django.core.management.base import BaseCommand

from escale.domain.accounts.models import Role
from escale.domain.case import Case
from escale.rules.lifecycle import ENDS, STAYS, Step

PAGE = settings.CHECKOUT / "docs" / "lifecycles.md"
HEAD = """# Les cycles de vie

Cette page est dessinée par `make docs` à partir des tables d’étapes (`lifecycle.py` de chaque pièce de la maison) :
ne la modifiez pas à la main. Nul ne prend sur sa propre affaire une étape marquée « décision ».
"""


class Command(BaseCommand):
    help = "Dessine docs/lifecycles.md à partir des tables d’étapes."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--check", action="store_true", help="ne change rien ; échoue si la page n’est pas à jour")

    def handle(self, *, check: bool, **options: Any) -> None:
        page = "\n".join([HEAD, *(line for case in cases() for line in _chapter(case))])
        if not check:
            PAGE.write_text(page, encoding="utf-8")
        elif not PAGE.exists() or PAGE.read_text(encoding="utf-8") != page:
            self.stderr.write("docs/lifecycles.md n’est pas à jour : lancez « make docs ».")
            sys.exit(1)


def cases() -> list[type[Case]]:
    """Return every kind of case of the house, in the order of their words in the journal."""
    return sorted((one for one in apps.get_models() if issubclass(one, Case)), key=lambda one: one.LIFECYCLE.case)


def _chapter(case: type[Case]) -> Iterator[str]:
    labels = dict(case._meta.get_field("status").flatchoices)
    steps = case.LIFECYCLE.steps
    yield f"## {str(case._meta.verbose_name).capitalize()} (`{case.LIFECYCLE.case}`)\n"
    yield "```mermaid"
    yield "stateDiagram-v2"
    for status, label in labels.items():
        yield f"    {status} : {label}"
    yield f"    [*] --> {case.LIFECYCLE.start}"
    for step in steps:
        for status in labels:
            if status in step.origins:
                yield f"    {status} --> {step.lands(status) or '[*]'} : {step.name}"
    yield "```\n"
    yield "| Étape | De | Vers | Par |"
    yield "|---|---|---|---|"
    yield from (_row(step, labels) for step in steps)
    yield ""


def _row(step: Step, labels: dict[Any, Any]) -> str:
    origins = ", ".join(str(label) for status, label in labels.items() if status in step.origins)
    target = {ENDS: "détruite", STAYS: "reste où elle est"}.get(step.target) or labels[step.target]
    roles = ", ".join(str(role.label) for role in Role if role in step.roles)
    return f"| `{step.name}` | {origins} | {target} | {roles}{' (décision)' if step.decides else ''} |"
