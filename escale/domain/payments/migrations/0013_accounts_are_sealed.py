from typing import Any

import django.db.models.deletion
from django.db import migrations, models

from escale.domain.registry.models import sealed
from escale.rules import identity

BATCH = 5_000

GUARD = """
CREATE TRIGGER payment_is_written_once BEFORE UPDATE ON payments_paymentorder FOR EACH ROW WHEN (
    (OLD.amount, OLD.holder, OLD.reference, OLD.budget, OLD.budget_year, OLD.insured_id, OLD.replaces_id, {old})
    IS DISTINCT FROM
    (NEW.amount, NEW.holder, NEW.reference, NEW.budget, NEW.budget_year, NEW.insured_id, NEW.replaces_id, {new})
    {or_else}
) EXECUTE FUNCTION payment_is_written_once();
"""
IN_CLEAR = GUARD.format(old="OLD.iban", new="NEW.iban", or_else="")
# keys turn: a seal is made anew by another key, which its first words name, and never by the same
SEALED = GUARD.format(
    old="OLD.masked_iban, OLD.account_id",
    new="NEW.masked_iban, NEW.account_id",
    or_else="""OR (OLD.iban_digest, OLD.iban_sealed) IS DISTINCT FROM (NEW.iban_digest, NEW.iban_sealed)
    AND substring(NEW.iban_sealed FROM 1 FOR position('/'::bytea IN NEW.iban_sealed))
    IN (substring(OLD.iban_sealed FROM 1 FOR position('/'::bytea IN OLD.iban_sealed)), ''::bytea)""",
)
UNGUARD = "DROP TRIGGER payment_is_written_once ON payments_paymentorder;"

MASK_WHAT_WAS_TOLD = """
ALTER TABLE payments_bankevent DISABLE TRIGGER bank_event_stays_as_told;
UPDATE payments_bankevent SET account = left(account, 2) || '•• •••• ' || right(account, 4) WHERE account <> '';
ALTER TABLE payments_bankevent ENABLE TRIGGER bank_event_stays_as_told;
"""


def seal(apps: Any, schema: Any) -> None:
    """Seal each IBAN beside its digest, and keep nothing in clear."""
    for batch in _batches(apps):
        _write(schema, "iban = NULL, iban_digest = %s, iban_sealed = %s, masked_iban = %s", [
            (*sealed.sealed(row.iban), identity.masked_iban(row.iban), row.pk) for row in batch
        ])  # fmt: skip


def open_again(apps: Any, schema: Any) -> None:
    """Write each IBAN in clear."""
    for batch in _batches(apps):
        _write(schema, "iban = %s", [
            (sealed.opened(row.iban_sealed, digest=row.iban_digest), row.pk) for row in batch
        ])  # fmt: skip


def _batches(apps: Any) -> Any:
    rows, last = apps.get_model("payments", "PaymentOrder").objects.order_by("pk"), 0
    while batch := list(rows.filter(pk__gt=last)[:BATCH]):
        last = batch[-1].pk
        yield batch


def _write(schema: Any, columns: str, values: list[tuple[Any, ...]]) -> None:
    with schema.connection.cursor() as cursor:
        cursor.executemany(f"UPDATE payments_paymentorder SET {columns} WHERE id = %s", values)  # noqa: S608


class Migration(migrations.Migration):
    """Keep the account numbers of what was ordered sealed, and mask those that the bank tells."""

    dependencies = [
        ("payments", "0012_found_without_reading_all"),
        ("registry", "0010_accounts_are_sealed"),
    ]

    operations = [
        migrations.RunSQL(UNGUARD, IN_CLEAR),
        migrations.AddField(
            "paymentorder", "iban_digest",
            models.CharField(default="", max_length=64, verbose_name="empreinte de l’IBAN"), preserve_default=False,
        ),
        migrations.AddField(
            "paymentorder", "iban_sealed",
            models.BinaryField(default=b"", verbose_name="IBAN"), preserve_default=False,
        ),
        migrations.AddField(
            "paymentorder", "masked_iban",
            models.CharField(default="", max_length=14, verbose_name="IBAN masqué"), preserve_default=False,
        ),
        migrations.AddField(
            "paymentorder", "account",
            models.ForeignKey(
                blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+",
                to="registry.bankaccount", verbose_name="compte payé",
            ),
        ),
        migrations.AlterField("paymentorder", "iban", models.CharField(max_length=34, null=True)),
        migrations.RunPython(seal, open_again),
        migrations.RemoveField("paymentorder", "iban"),
        migrations.RunSQL(SEALED, UNGUARD),
        migrations.RunSQL(MASK_WHAT_WAS_TOLD, migrations.RunSQL.noop),
    ]  # fmt: skip
