"""Close the sessions of an account, or of everybody, when something is wrong and cannot wait."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from escale.domain.accounts import actions as accounts
from escale.domain.accounts.models import Account


class Command(BaseCommand):
    help = "Ferme les sessions ouvertes d’un compte, ou toutes avec --all. C’est inscrit au journal."

    def add_arguments(self, parser: CommandParser) -> None:
        whose = parser.add_mutually_exclusive_group(required=True)
        whose.add_argument("email", nargs="?", help="adresse e-mail du compte")
        whose.add_argument("--all", action="store_true", dest="everybody", help="les sessions de tout le monde")

    def handle(self, *, email: str | None, everybody: bool, **options: Any) -> None:
        account = None if everybody else Account.objects.filter(email=(email or "").strip().lower()).first()
        if account is None and not everybody:
            raise CommandError("Aucun compte n’a cette adresse.")
        self.stdout.write(f"Sessions fermées : {accounts.end_sessions(account=account)}.")
