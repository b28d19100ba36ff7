"""Wrap by the current keys what older keys of the house still wrap; these may then be withdrawn."""

import sys
from collections.abc import Callable
from functools import partial
from typing import Any

from django.apps import apps
from django.core.management.base import BaseCommand
from django.db import transaction
from django.db.models import Model

from escale.domain.accounts import actions as accounts
from escale.domain.documents import queries
from escale.domain.journal.actions import name_of
from escale.domain.registry import actions as registry
from escale.domain.registry.models import numbers
from escale.gateways import envelope
from escale.gateways.keyring import Keyring
from escale.gateways.turning import Turned, turned

BATCH = 1_000


class Command(BaseCommand):
    help = "Referme avec les clés courantes tout ce qui dépend encore d’une ancienne clé : fichiers, textes, secrets."

    def handle(self, **options: Any) -> None:
        found = self._turn()
        while found.resealed:
            self.stdout.write("Seconde lecture, pour ce qui aurait été écrit entre-temps avec une ancienne clé.")
            found = self._turn()
        for name in found.altered:
            self.stdout.write(f"Altéré : {name}")
        if found.out_of_reach:
            self.stdout.write(f"Dépendent d’une clé que ce poste n’a pas : {found.out_of_reach}.")
        if found.altered or found.out_of_reach:
            sys.exit(1)
        self.stdout.write("Les anciennes clés peuvent être retirées.")

    def _turn(self) -> Turned:
        """Read once all that keys close, and say what came of each kind."""
        whole = Turned()
        for kind, turn in _KINDS.items():
            found = turn()
            self.stdout.write(f"{kind} refermés : {found.resealed} ; déjà à jour : {found.current}.")
            whole += found
        return whole


def _numbers() -> Turned:
    every = (registry.reseal(model._default_manager.all(), of=of) for model, of in numbers.tables())
    return sum(every, Turned())


def _texts() -> Turned:
    return sum((_rewrap(model, queries.keys()) for model in _sealed_texts()), Turned())


def _sealed_texts() -> list[type[Model]]:
    """Return every table that keeps sealed texts: a new one has nothing to remember."""
    return [model for model in apps.get_models() if {"name", "head"} <= {field.name for field in model._meta.fields}]


def _rewrap(model: type[Model], keys: Keyring) -> Turned:
    """Wrap the heads of a table anew; those of texts that are gone are gone too."""
    found = Turned()
    kept = model._default_manager.exclude(head=b"")
    every = list(kept.order_by("pk").values_list("pk", flat=True))
    for first in range(0, len(every), BATCH):
        with transaction.atomic():
            held = list(kept.select_for_update().filter(pk__in=every[first : first + BATCH]).only("name", "head"))
            batch = sum((turned(partial(_turn, row, keys), name=name_of(row)) for row in held), Turned())
            if batch.resealed:
                kept.bulk_update(held, ["head"])
            found += batch
    return found


def _turn(row: Any, keys: Keyring) -> bool:
    before = bytes(row.head)
    row.head = envelope.rewrapped(before, name=row.name, keys=keys)
    return bool(row.head != before)


_KINDS: dict[str, Callable[[], Turned]] = {
    "Secrets d’applications": accounts.reseal,
    "Numéros scellés": _numbers,
    "Textes": _texts,
    "Fichiers": lambda: queries.vault().rewrap(),
}
