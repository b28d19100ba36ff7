"""Tell the story of the demonstration once, and say who plays in it."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from escale.jobs.demo import people, story


class Command(BaseCommand):
    help = "Raconte une fois le récit de démonstration, puis donne la liste de ses comptes."

    def handle(self, **options: Any) -> None:
        if not settings.DEMO:
            raise CommandError("Le récit de démonstration ne se raconte que dans une démonstration (ESCALE_DEMO=1).")
        if not settings.DEMO_PASSWORD:
            raise CommandError("Donnez le mot de passe des comptes de démonstration : ESCALE_DEMO_PASSWORD.")
        if people.are_here():
            people.change_password(settings.DEMO_PASSWORD)
        else:
            story.tell(settings.DEMO_PASSWORD)
        people.protect()
        rows = [(player.email, player.hats, player.to_try) for player in people.PLAYERS]
        email, hats = (max(len(row[place]) for row in rows) for place in (0, 1))
        for row in rows:
            self.stdout.write(f"{row[0]:<{email}}  {row[1]:<{hats}}  {row[2]}")
