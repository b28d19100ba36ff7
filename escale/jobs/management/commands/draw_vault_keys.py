"""Draw new current keys of the vault: the first ones of a house, or those that replace older ones."""

import secrets
from argparse import ArgumentParser
from datetime import date
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from escale.gateways import keyring
from escale.gateways.keyring import Kind

PURPOSES = ["ordinary", "medical"]


class Command(BaseCommand):
    help = (
        "Tire de nouvelles clés du coffre, qui deviennent les clés courantes ; les précédentes ouvrent toujours leurs "
        "fichiers. La moitié privée des clés médicales va dans ESCALE_VAULT_MEDICAL_KEYS."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--only", choices=PURPOSES, help="une seule sorte de clés")

    def handle(self, *, only: str | None, **options: Any) -> None:
        asked = [only] if only else PURPOSES
        if "medical" in asked and not settings.VAULT_MEDICAL_KEYS:
            raise CommandError("ESCALE_VAULT_MEDICAL_KEYS : dites où ranger la moitié privée des clés médicales.")
        key_id = f"{date.today():%Y-%m-%d}-{secrets.token_hex(2)}"
        drawn = {}
        if "ordinary" in asked:
            drawn[Kind.ORDINARY] = keyring.draw(Kind.ORDINARY)
        if "medical" in asked:
            private = keyring.draw(Kind.MEDICAL_PRIVATE)
            keyring.add(Path(settings.VAULT_MEDICAL_KEYS), key_id, {Kind.MEDICAL_PRIVATE: private})
            drawn[Kind.MEDICAL_PUBLIC] = keyring.public_half(private)
        keyring.add(Path(settings.VAULT_KEYS), key_id, drawn)
        self.stdout.write(f"Clé courante : {key_id} ({', '.join(asked)}).")
