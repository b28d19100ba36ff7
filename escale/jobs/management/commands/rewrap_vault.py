"""Wrap by the current keys what older keys of the vault still wrap; these may then be withdrawn."""

import sys
from collections import Counter
from typing import Any

from django.apps import apps
from django.core.management.base import BaseCommand
from django.db import transaction
from django.db.models import Model

from escale.domain.accounts import actions as accounts
from escale.domain.documents import queries
from escale.domain.enrolment.models import Enrolment
from escale.domain.registry import actions as registry
from escale.domain.registry.models import InsuredPerson
from escale.gateways import envelope
from escale.gateways.cipher import Altered
from escale.gateways.keyring import Keyring, NoKey

BATCH = 1_000


class Command(BaseCommand):
    help = "Referme avec les clés courantes tout ce qui dépend encore d’une ancienne clé : fichiers, textes, secrets."

    def handle(self, **options: Any) -> None:
        self.stdout.write(f"Secrets d’applications refermés : {accounts.reseal()}.")
        numbers = sum(registry.reseal(rows) for rows in (InsuredPerson.objects.all(), Enrolment.objects.all()))
        self.stdout.write(f"Numéros de sécurité sociale refermés : {numbers}.")
        texts: Counter[str] = Counter()
        for model in _sealed_texts():
            texts += _rewrap(model, queries.keys())
        self.stdout.write(f"Textes refermés : {texts['rewrapped']} ; altérés : {texts['altered']}.")
        found = queries.vault().rewrap()
        self.stdout.write(f"Fichiers refermés : {found.rewrapped} ; déjà à jour : {found.current}.")
        for key in found.altered:
            self.stdout.write(f"Altéré : {key}")
        if out_of_reach := found.out_of_reach + texts["out of reach"]:
            self.stdout.write(f"Dépendent d’une clé que ce poste n’a pas : {out_of_reach}.")
        if found.altered or texts["altered"] or out_of_reach:
            sys.exit(1)
        self.stdout.write("Les anciennes clés peuvent être retirées.")


def _sealed_texts() -> list[type[Model]]:
    """Return every table that keeps sealed texts: a new one has nothing to remember."""
    return [model for model in apps.get_models() if {"name", "head"} <= {field.name for field in model._meta.fields}]


def _rewrap(model: type[Model], keys: Keyring) -> Counter[str]:
    """Wrap the heads of a table anew, and count what became of them; those of texts that are gone are gone too."""
    done: Counter[str] = Counter()
    kept = model._default_manager.exclude(head=b"")
    every = list(kept.order_by("pk").values_list("pk", flat=True))
    for first in range(0, len(every), BATCH):
        with transaction.atomic():
            held = kept.select_for_update().filter(pk__in=every[first : first + BATCH]).only("name", "head")
            outcomes = [(row, _outcome(row, keys)) for row in held]
            done.update(outcome for _row, outcome in outcomes)
            kept.bulk_update([row for row, outcome in outcomes if outcome == "rewrapped"], ["head"])
    return done


def _outcome(row: Any, keys: Keyring) -> str:
    before = bytes(row.head)
    try:
        row.head = envelope.rewrapped(before, name=row.name, keys=keys)
    except NoKey:
        return "out of reach"
    except Altered:
        return "altered"
    return "current" if row.head == before else "rewrapped"
