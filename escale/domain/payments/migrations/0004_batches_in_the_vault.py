from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import migrations

from escale.gateways import keyring
from escale.gateways.vault import Vault, store_at

# What left before the bank's answers were read was held to be paid on the day that was asked.
PAID = """
UPDATE payments_paymentorder o SET status = 'executed', paid_on = b.execution_on
  FROM payments_batch b WHERE b.id = o.batch_id AND b.status = 'sent' AND o.status = 'approved';
UPDATE payments_paymentorder SET budget_year = date_part('year', ordered_at AT TIME ZONE 'Europe/Paris')
 WHERE budget_year = 0;
"""

UNPAID = """
UPDATE payments_paymentorder SET status = 'approved', paid_on = NULL WHERE batch_id IS NOT NULL;
"""


def put_away(apps: Any, _schema: Any) -> None:
    """Put the file of each batch in the vault."""
    batches = apps.get_model("payments", "Batch").objects.filter(key=None).order_by("pk")
    if not batches.exists():
        return
    for batch in batches.iterator():
        stored = _vault().put([bytes(batch.content)])
        batch.key, batch.size = stored.key, stored.size
        batch.save(update_fields=["key", "size"])


def take_back(apps: Any, _schema: Any) -> None:
    """Put the file of each batch beside it again."""
    for batch in apps.get_model("payments", "Batch").objects.filter(content=None).order_by("pk").iterator():
        batch.content = b"".join(_vault().chunks(batch.key))
        batch.save(update_fields=["content"])


def _vault() -> Vault:
    return Vault(store_at(settings.VAULT), keyring.read(Path(settings.VAULT_KEYS)))


class Migration(migrations.Migration):
    """Know what was paid before the bank's answers were read, and put the files of the batches in the vault."""

    dependencies = [("payments", "0003_lives_at_the_bank")]

    operations = [
        migrations.RunSQL(PAID, UNPAID),
        migrations.RunPython(put_away, take_back),
    ]
