from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import migrations

from escale.gateways import keyring
from escale.gateways.vault import Vault, store_at

# What the bank has had for long was executed on the day that was asked. What it got in these last days may still be on
# its way, or come back: its word will say, and the statements of those days are to be laid again.
PAID = """
UPDATE payments_paymentorder o SET status = 'executed', paid_on = b.execution_on
  FROM payments_batch b WHERE b.id = o.batch_id AND b.status = 'sent' AND o.status = 'approved'
   AND b.execution_on < current_date - 5;
UPDATE payments_paymentorder o SET status = 'sent'
  FROM payments_batch b WHERE b.id = o.batch_id AND b.status = 'sent' AND o.status = 'approved';
UPDATE payments_paymentorder SET budget_year = date_part('year', ordered_at AT TIME ZONE 'Europe/Paris')
 WHERE budget_year = 0;
"""

# Who did what was written in the journal only.
WHO = """
UPDATE payments_paymentorder o SET approved_by_id = e.actor_id FROM journal_entry e
 WHERE e.event = 'payment.visa' AND e.subject = 'payments.paymentorder:' || o.id AND o.approved_by_id IS NULL
   AND o.status NOT IN ('ordered', 'rejected');
UPDATE payments_batch b SET prepared_by_id = e.actor_id FROM journal_entry e
 WHERE e.event = 'batch.open' AND e.subject = 'payments.batch:' || b.id AND b.prepared_by_id IS NULL;
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

    dependencies = [("payments", "0003_lives_at_the_bank"), ("journal", "0002_write_once")]

    operations = [
        migrations.RunSQL(PAID, UNPAID),
        migrations.RunSQL(WHO, migrations.RunSQL.noop),
        migrations.RunPython(put_away, take_back),
    ]
