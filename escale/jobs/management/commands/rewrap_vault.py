"""Wrap by the current keys what older keys of the vault still wrap; these may then be withdrawn."""

import sys
from typing import Any

from django.core.management.base import BaseCommand

from escale.domain.accounts import actions as accounts
from escale.domain.documents import queries
from escale.domain.enrolment.models import Enrolment
from escale.domain.registry import actions as registry
from escale.domain.registry.models import InsuredPerson


class Command(BaseCommand):
    help = "Referme avec les clés courantes les fichiers, secrets et numéros qui dépendent encore d’une ancienne clé."

    def handle(self, **options: Any) -> None:
        self.stdout.write(f"Secrets d’applications refermés : {accounts.reseal()}.")
        resealed = sum(registry.reseal(rows) for rows in (InsuredPerson.objects.all(), Enrolment.objects.all()))
        self.stdout.write(f"Numéros de sécurité sociale refermés : {resealed}.")
        found = queries.vault().rewrap()
        self.stdout.write(f"Fichiers refermés : {found.rewrapped} ; déjà à jour : {found.current}.")
        for key in found.altered:
            self.stdout.write(f"Altéré : {key}")
        if found.out_of_reach:
            self.stdout.write(f"Dépendent d’une clé que ce poste n’a pas : {found.out_of_reach}.")
        if found.altered or found.out_of_reach:
            sys.exit(1)
        self.stdout.write("Les anciennes clés peuvent être retirées.")
