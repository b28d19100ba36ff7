"""What runs by the clock of the demonstration alone."""

from pathlib import Path

from django.conf import settings
from procrastinate.contrib.django import app

from escale.jobs.demo import bank


@app.periodic(cron="* * * * *")
@app.task(queueing_lock="play_the_bank")
def play_the_bank(timestamp: int) -> None:
    """Have the bank of the demonstration answer what was laid for it; a real bank answers by itself."""
    bank.play(Path(settings.BANK_FOLDER), Path(settings.BANK_INBOX))
