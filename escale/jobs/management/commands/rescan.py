"""Scan every clean file again, now."""

import sys
from collections import Counter
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from escale.domain.documents import actions as documents
from escale.domain.documents.lifecycle import Status
from escale.domain.documents.models import Document
from escale.gateways.antivirus import Unavailable
from escale.jobs.progress import each


class Command(BaseCommand):
    help = "Contrôle à nouveau tous les fichiers sains avec les signatures d’aujourd’hui ; peut être relancée."

    def handle(self, **options: Any) -> None:
        found: Counter[str] = Counter()
        try:
            for document in each(Document.objects.filter(status=Status.CLEAN), out=self.stderr):
                documents.rescan(document=document)
                found.update([document.status])
        except Unavailable as silence:
            raise CommandError(f"L’antivirus ne répond pas ({silence}) : relancez la commande plus tard.") from silence
        infected, lost = found[Status.INFECTED], found[Status.LOST]
        self.stdout.write(f"{found.total()} fichiers contrôlés : {infected} avec un virus, {lost} perdus.")
        if infected or lost:
            sys.exit(1)
