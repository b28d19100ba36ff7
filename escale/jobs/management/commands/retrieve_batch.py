"""Know again a batch that the bank has, after the database was put back as it was before it left."""

from argparse import FileType
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from escale.domain.payments import actions as payments


class Command(BaseCommand):
    help = "Retrouve, de son fichier, un lot que la banque a et que la base restaurée ne connaît plus."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=FileType("rb"), help="le fichier du lot, tel que la banque l’a reçu")

    def handle(self, **options: Any) -> None:
        try:
            batch = payments.retrieve_batch(file=options["file"])
        except payments.NotRetrieved as refusal:
            raise CommandError(str(refusal)) from refusal
        self.stdout.write(f"{batch} : {batch.count} ordres transmis à la banque, {batch.total} €.")
