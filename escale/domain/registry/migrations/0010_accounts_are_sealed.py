from typing import Any

from django.db import migrations, models

from escale.domain.registry.models import sealed
from escale.rules import identity

BATCH = 5_000
TABLE = "registry_bankaccount"


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
    rows, last = apps.get_model("registry", "BankAccount").objects.order_by("pk"), 0
    while batch := list(rows.filter(pk__gt=last)[:BATCH]):
        last = batch[-1].pk
        yield batch


def _write(schema: Any, columns: str, values: list[tuple[Any, ...]]) -> None:
    with schema.connection.cursor() as cursor:
        cursor.executemany(f"UPDATE {TABLE} SET {columns} WHERE id = %s", values)  # noqa: S608


class Migration(migrations.Migration):
    """Keep the account numbers sealed, and tell those that the insured declare from those of the administration."""

    dependencies = [("registry", "0009_relatives_by_their_name")]

    operations = [
        migrations.AddField(
            "bankaccount", "iban_digest",
            models.CharField(default="", max_length=64, verbose_name="empreinte de l’IBAN"), preserve_default=False,
        ),
        migrations.AddField(
            "bankaccount", "iban_sealed",
            models.BinaryField(default=b"", verbose_name="IBAN"), preserve_default=False,
        ),
        migrations.AddField(
            "bankaccount", "masked_iban",
            models.CharField(default="", max_length=14, verbose_name="IBAN masqué"), preserve_default=False,
        ),
        migrations.AlterField("bankaccount", "iban", models.CharField(max_length=34, null=True)),
        migrations.RunPython(seal, open_again),
        migrations.RemoveField("bankaccount", "iban"),
        migrations.AddField(
            "bankaccount", "source",
            models.CharField(
                choices=[("registry", "L’administration"), ("insured", "L’assuré")], default="registry",
                max_length=10, verbose_name="déclaré par",
            ),
        ),
        migrations.AddField(
            "bankaccount", "status",
            models.CharField(
                choices=[
                    ("to_check", "À vérifier"), ("known", "Connu"), ("refused", "Écarté"),
                    ("denied", "Signalé par l’assuré"),
                ],
                db_default="known", default="known", max_length=16, verbose_name="état",
            ),
        ),
        migrations.AddField(
            "bankaccount", "declared_at", models.DateTimeField(blank=True, null=True, verbose_name="déclaré le")
        ),
        migrations.RemoveConstraint("bankaccount", "bank_account_starts_once_a_day"),
        migrations.AddConstraint(
            "bankaccount",
            models.UniqueConstraint(
                fields=["insured", "valid_from", "source"], name="bank_account_starts_once_a_day"
            ),
        ),
        migrations.AddIndex(
            "bankaccount", models.Index(fields=["iban_digest"], name="bank_account_of_whom")
        ),
    ]  # fmt: skip
