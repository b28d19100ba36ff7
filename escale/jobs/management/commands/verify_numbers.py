"""Open every social security number that is kept, and say which do not open any more."""

import sys
from typing import Any

from django.apps import apps
from django.core.management.base import BaseCommand

from escale.domain.journal.actions import name_of
from escale.domain.registry.models import Numbered, numbers
from escale.gateways.keyring import NoKey


class Command(BaseCommand):
    help = "Ouvre tous les numéros de sécurité sociale et dit ceux dont le sceau ou l’empreinte a été altéré."

    def handle(self, **options: Any) -> None:
        opened, altered, out_of_reach = 0, [], 0
        for model in _tables():
            for row in model._default_manager.exclude(nir_digest="", nir_sealed=b"").order_by("pk").iterator():
                try:
                    if numbers.damaged(row):
                        altered.append(name_of(row))
                    else:
                        opened += 1
                except NoKey:
                    out_of_reach += 1
        for name in altered:
            self.stdout.write(f"Altéré : {name}. Rétablissez nir_digest et nir_sealed de cette ligne d’une sauvegarde.")
        self.stdout.write(
            f"{opened} numéros ouverts, {len(altered)} altérés, {out_of_reach} hors de portée des clés d’ici."
        )
        if altered or out_of_reach:
            sys.exit(1)


def _tables() -> list[type[Numbered]]:
    """Return every table that keeps numbers: a new one has nothing to remember."""
    return [model for model in apps.get_models() if issubclass(model, Numbered)]
