"""Take over a published table of exchange rates (docs/rates.md)."""

from argparse import ArgumentParser, ArgumentTypeError
from datetime import date, datetime
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from escale.domain.accounts.actor import Actor
from escale.domain.accounts.models import Account, Role
from escale.domain.rates import actions as rates
from escale.gateways import rate_tables
from escale.rules.currency import Origin

_ORIGINS = {"mensuel": Origin.MONTHLY, "bce": Origin.ECB}


class Command(BaseCommand):
    help = "Reprend une table officielle de cours de change ; ce qui n’est pas plausible attend une autre personne."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("kind", choices=[*_ORIGINS], metavar="TABLE", help="mensuel, ou bce (fichier quotidien)")
        parser.add_argument("file", type=Path, metavar="FICHIER", help="le fichier CSV, tel qu’il est publié")
        parser.add_argument("--source", default="", metavar="TEXTE", help="ce que liront les décomptes (sinon, le nom)")
        parser.add_argument("--month", type=_month, metavar="AAAA-MM", help="le mois, si le fichier ne le dit pas")
        parser.add_argument("--by", required=True, metavar="EMAIL", help="le gestionnaire, ou superviseur, qui importe")

    def handle(self, *, kind: str, file: Path, source: str, month: date | None, by: str, **options: Any) -> None:
        origin = _ORIGINS[kind]
        named = source or (origin.label if origin is Origin.ECB else file.stem)
        try:
            lines = rate_tables.read(file, month=month)
            outcome = rates.take_over(lines=lines, origin=origin, source=named[:100], by=_actor(by))
        except rate_tables.Unreadable as fault:
            raise CommandError(f"{fault} Rien n’en est repris.") from fault
        except OSError as fault:
            raise CommandError(f"{fault.filename} : {fault.strerror}.") from fault
        except rates.Inverted as fault:
            raise CommandError(
                f"{file.name} semble donner des euros par unité, et non des unités par euro : vérifiez le titre de sa"
                " colonne (« euros par unité »). Rien n’en est repris."
            ) from fault
        self._tell(file, outcome)

    def _tell(self, file: Path, outcome: rates.Outcome) -> None:
        for number, told in sorted(outcome.refused):
            self.stdout.write(f"ligne {number} : refusée, {told}")
        for number, told in sorted(outcome.held):
            self.stdout.write(f"ligne {number} : à confirmer par une autre personne, {told}")
        self.stdout.write(
            f"{file.name} : {outcome.read} cours lus ; en usage {outcome.in_force}, inchangés {outcome.unchanged},"
            f" à confirmer {len(outcome.held)}, refusés {len(outcome.refused)}"
        )


def _month(text: str) -> date:
    try:
        return datetime.strptime(text, "%Y-%m").date()
    except ValueError:
        raise ArgumentTypeError("un mois s’écrit AAAA-MM, par exemple 2026-09") from None


def _actor(email: str) -> Actor:
    account = Account.objects.filter(email=email.strip().lower(), is_active=True).first()
    hats = set(account.hats.values_list("role", flat=True)) if account else set()
    for role in (Role.SUPERVISOR, Role.AGENT):
        if role in hats:
            return Actor(role, account)
    raise CommandError(f"Aucun gestionnaire ni superviseur n’a pour adresse {email}.")
