from django.db import migrations, models

GUARD = """
DROP TRIGGER bank_event_stays_as_told ON payments_bankevent;
CREATE TRIGGER bank_event_stays_as_told BEFORE UPDATE ON payments_bankevent FOR EACH ROW WHEN (
    OLD.outcome NOT IN ({may_change})
    OR (OLD.file_id, OLD.place, OLD.fingerprint, OLD.what, OLD.amount, OLD.currency, OLD.booked_on, OLD.end_to_end_id)
    IS DISTINCT FROM
    (NEW.file_id, NEW.place, NEW.fingerprint, NEW.what, NEW.amount, NEW.currency, NEW.booked_on, NEW.end_to_end_id)
) EXECUTE FUNCTION bank_event_stays_as_told();
"""


class Migration(migrations.Migration):
    """Have what did not fit be lifted by what the bank tells later, and find what waits by its state."""

    dependencies = [("payments", "0013_accounts_are_sealed")]

    operations = [
        migrations.RunSQL(GUARD.format(may_change="'early', 'apart'"), GUARD.format(may_change="'early'")),
        migrations.AlterField(
            model_name="discrepancy",
            name="status",
            field=models.CharField(
                choices=[
                    ("open", "À rapprocher"),
                    ("proposed", "À confirmer"),
                    ("reconciled", "Rapproché"),
                    ("lifted", "Levé par la suite"),
                ],
                default="open",
                max_length=16,
                verbose_name="état",
            ),
        ),
        migrations.RemoveIndex(model_name="discrepancy", name="discrepancy_open"),
        migrations.AddIndex(
            model_name="discrepancy",
            index=models.Index(
                condition=models.Q(("status__in", ["open", "proposed"])),
                fields=["opened_at", "id"],
                name="discrepancy_open",
            ),
        ),
    ]
