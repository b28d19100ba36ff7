"""Read every file of the vault again, and compare it with what was received."""

import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from escale.domain.documents import actions as documents
from escale.domain.documents import queries
from escale.domain.documents.lifecycle import Status
from escale.gateways import vault
from escale.jobs.progress import each


class Command(BaseCommand):
    help = "Relit tous les fichiers du coffre et dit ceux qui manquent ou ont été altérés ; peut être relancée."

    def handle(self, **options: Any) -> None:
        read, lost, out_of_reach = 0, [], 0
        try:
            for document in each(queries.kept(), out=self.stderr):
                try:
                    documents.verify(document=document)
                except vault.NoKey:
                    out_of_reach += 1
                    continue
                read += 1
                if document.status == Status.LOST:
                    lost.append(document.pk)
        except OSError as silence:
            raise CommandError(f"Le coffre ne répond pas ({silence}) : relancez la commande plus tard.") from silence
        for pk in lost:
            self.stdout.write(f"Pièce {pk} : perdue, manquante ou altérée.")
        self.stdout.write(f"{read} fichiers relus, {len(lost)} perdus, {out_of_reach} hors de portée des clés d’ici.")
        if lost or out_of_reach:
            sys.exit(1)
