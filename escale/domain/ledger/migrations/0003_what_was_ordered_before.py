from collections import defaultdict
from datetime import date
from typing import Any

from django.db import migrations
from django.db.models import QuerySet
from django.utils import timezone

from escale.rules import accounting
from escale.rules.accounting import Event, Sum


def open_the_ledger(apps: Any, _schema: Any) -> None:
    """Post what was ordered before there was a ledger, and is not paid yet: the rest is in the books of before."""
    orders = apps.get_model("payments", "PaymentOrder").objects.filter(status__in=["approved", "sent"])
    posted = apps.get_model("ledger", "AccountingEntry").objects.filter(event__in=_OPENED)
    if posted.exists() or not orders.exists():
        return
    by_batch: dict[str, list[Sum]] = defaultdict(list)
    for order in orders.select_related("batch").order_by("pk").iterator():
        taken = Sum(order.amount, order.budget, order.insured_id)
        post(apps, Event.ORDER_APPROVED, order.reference, [taken])
        if order.status == "sent":
            by_batch[order.batch.reference].append(taken)
    for reference, sums in by_batch.items():
        post(apps, Event.BATCH_SENT, reference, sums)


_OPENED = [Event.ORDER_APPROVED, Event.REISSUE_APPROVED, Event.BATCH_SENT]


def post(apps: Any, event: Event, piece: str, sums: list[Sum]) -> None:
    """Post an event with the models of a migration."""
    on = timezone.localdate()
    scheme = accounting.scheme(event, on=on)
    month = _month(apps.get_model("ledger", "AccountingMonth").objects.all(), on.replace(day=1))
    entry = apps.get_model("ledger", "AccountingEntry").objects.create(
        journal=scheme.journal, event=event, piece=piece, text=scheme.label, month=month, on=on, true_on=on
    )
    line_of = apps.get_model("ledger", "EntryLine")
    line_of.objects.bulk_create(
        line_of(
            entry=entry,
            month=month.first_on,
            account=line.account,
            budget=line.budget,
            party_id=line.party,
            debit=line.debit,
            credit=line.credit,
        )
        for line in accounting.lines(event, sums, on=on)
    )


def _month(months: QuerySet[Any], first_on: date) -> Any:
    return months.get_or_create(first_on=first_on, defaults={"status": "open"})[0]


class Migration(migrations.Migration):
    """Take in charge what was ordered before there was a ledger, so that what the bank says of it balances."""

    dependencies = [
        ("ledger", "0002_the_database_keeps_the_ledger"),
        ("payments", "0005_orders_are_written_once"),
    ]

    operations = [migrations.RunPython(open_the_ledger, migrations.RunPython.noop)]
