from decimal import Decimal
from importlib import import_module
from typing import Any

from django.db import migrations, models
from django.db.models import Sum as Total

from escale.rules.accounting import Event, Sum

post = import_module("escale.domain.ledger.migrations.0003_what_was_ordered_before").post

_UNTOLD, _CANCELLED, _ABANDONED = ["proposed", "dropped"], "cancelled", "abandoned"


def take_in_charge(apps: Any, _schema: Any) -> None:
    """Post what was claimed, what came back and what was given up before the debts told the ledger anything."""
    debts = apps.get_model("debts", "Debt").objects.exclude(status__in=_UNTOLD)
    for debt in debts.select_related("decision__order").order_by("pk").iterator():
        budget = _budget(apps, debt.decision.order)
        sums = debt.recoveries.filter(correction=None).exclude(kind="corrected").order_by("pk")
        given = sums.filter(kind="given").aggregate(total=Total("amount"))["total"] or Decimal(0)
        claimed, indemnity = (0, 0) if debt.status == _CANCELLED else (debt.amount, debt.supplement)
        left = claimed + indemnity - debt.recovered if debt.status == _ABANDONED else 0
        for event, amount in (
            (Event.DEBT_RECORDED, claimed),
            (Event.INDEMNITY_RECORDED, indemnity),
            (Event.DEBT_GIVEN_UP, left),
            (Event.SURPLUS_FOUND, debt.surplus + given),
        ):
            if amount:
                post(apps, event, f"{debt.reference}-1", [Sum(amount, budget, debt.insured_id)])
        for one in sums:
            post(apps, _event(one), f"{debt.reference}-S{one.pk}", [Sum(one.amount, budget, debt.insured_id)])
    debts.update(postings=1)


def _budget(apps: Any, order: Any) -> str:
    moves = apps.get_model("payments", "Reimputation").objects.filter(order=order, status="given")
    moved = moves.order_by("pk").last()
    return moved.to_budget if moved else order.budget


def _event(recovery: Any) -> Event:
    if recovery.kind == "given":
        return Event.SURPLUS_RETURNED
    return Event.DEBT_WITHHELD if recovery.way == "withheld" else Event.DEBT_RECOVERED


class Migration(migrations.Migration):
    """Take in charge the debts that were told before the ledger knew of them."""

    dependencies = [
        ("debts", "0003_what_is_given_back"),
        ("ledger", "0003_what_was_ordered_before"),
        ("payments", "0012_found_without_reading_all"),
    ]

    operations = [
        migrations.AddField(
            model_name="debt",
            name="postings",
            field=models.PositiveSmallIntegerField(
                db_default=0, default=0, verbose_name="écritures au grand livre"
            ),
        ),
        migrations.RunPython(take_in_charge, migrations.RunPython.noop),
    ]
