"""Somebody who tells insurers of a payment, killed at each step in turn: in a process of its own.

Each step is tried twice, the second time with an insurer whose consent is taken back once the teller is
dead. What it cut short is then done again; what had left by then, and in the end, is told on the output.
"""

import sys
from functools import partial
from pathlib import Path

import django
from django.conf import settings
from django.db import connection

from tests.faults.payer import die_at_line, is_killed


def tell() -> None:
    from escale.domain.accounts.actor import Actor
    from escale.domain.accounts.models import Role
    from escale.domain.statements import actions
    from escale.domain.statements.actions import transmitting
    from escale.domain.statements.models import Transmission
    from escale.gateways import outbox

    prepared = Transmission.objects.select_related("order", "consent__insurer", "consent__insured__account")
    for rank, one in enumerate(list(prepared.order_by("pk"))):
        cut = is_killed(
            partial(actions.transmit, transmission=one), partial(die_at_line, rank // 2, [transmitting, outbox])
        )
        folder = Path(settings.INSURERS_FOLDER) / one.consent.insurer.code
        had_left = len(list(folder.glob("*.json")))
        if rank % 2:
            actions.withdraw(consent=one.consent, by=Actor(Role.INSURED, one.consent.insured.account))
        actions.transmit(transmission=prepared.get(pk=one.pk))
        sys.stdout.write(f"{one.pk} {rank % 2} {had_left} {len(list(folder.glob('*.json')))}\n")
        if rank % 2 and not cut:
            return
    raise AssertionError("some steps were not come to")


if __name__ == "__main__":
    django.setup()
    connection.settings_dict["OPTIONS"].pop("pool")  # its threads would not follow a fork
    tell()
