"""Name a complementary insurer with which statements are exchanged, or stop exchanging with it."""

from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser

from escale.domain.statements import actions as statements


class Command(BaseCommand):
    help = "Nomme un organisme complémentaire à qui des décomptes sont transmis, ou cesse de lui en transmettre."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("code", help="son code, qui nomme son dossier d’échange : lettres minuscules et chiffres")
        parser.add_argument("name", help="le nom sous lequel les assurés le connaissent")
        parser.add_argument("--closed", action="store_true", help="plus rien ne lui est transmis")

    def handle(self, *, code: str, name: str, closed: bool, **options: Any) -> None:
        try:
            statements.name_insurer(code=code, name=name, is_open=not closed)
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from error
        self.stdout.write(f"{name} : {'plus rien ne part' if closed else 'les décomptes partent'} ({code}).")
