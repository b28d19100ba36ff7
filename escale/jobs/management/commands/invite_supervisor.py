"""Invite one of the first two supervisors; they then give every other hat between them."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from escale.domain.accounts import actions as accounts


class Command(BaseCommand):
    help = "Invite l’un des deux premiers superviseurs ; refusée dès qu’ils sont deux. C’est inscrit au journal."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email", help="adresse à laquelle l’invitation est envoyée")
        parser.add_argument("name", help="nom ou identifiant affiché")

    def handle(self, *, email: str, name: str, **options: Any) -> None:
        try:
            accounts.invite_first(email=email, name=name)
        except accounts.NotGiven as refusal:
            raise CommandError(str(refusal)) from refusal
        self.stdout.write("Invitation écrite : elle part avec le prochain courrier et vaut 24 heures.")
