"""Open every number that is kept sealed, and say which do not open any more."""

import sys
from typing import Any

from django.core.management.base import BaseCommand

from escale.domain.journal.actions import name_of
from escale.domain.registry.models import numbers, sealed
from escale.gateways.keyring import NoKey


class Command(BaseCommand):
    help = "Ouvre tous les numéros scellés (NIR, IBAN) et dit ceux dont le sceau ou l’empreinte est altéré."

    def handle(self, **options: Any) -> None:
        opened, altered, out_of_reach = 0, [], 0
        for model, of in numbers.tables():
            kept = model._default_manager.exclude(**{f"{of}_digest": "", f"{of}_sealed": b""})
            for row in kept.order_by("pk").iterator():
                try:
                    if sealed.damaged(row, of=of):
                        altered.append(f"{name_of(row)}. Rétablissez {of}_digest et {of}_sealed")
                    else:
                        opened += 1
                except NoKey:
                    out_of_reach += 1
        for name in altered:
            self.stdout.write(f"Altéré : {name} de cette ligne d’une sauvegarde.")
        self.stdout.write(
            f"{opened} numéros ouverts, {len(altered)} altérés, {out_of_reach} hors de portée des clés d’ici."
        )
        if altered or out_of_reach:
            sys.exit(1)
