from django.db import migrations, models
from django.db.models import Q

from escale.rules.reconciling import Nature, Verdict


class Migration(migrations.Migration):
    """Keep of which account and statement the bank speaks, and what is entered of what comes of no order."""

    dependencies = [("payments", "0014_lifted_by_what_came_later")]

    operations = [
        migrations.AddField(
            model_name="bankevent",
            name="own_account",
            field=models.CharField(blank=True, db_default="", max_length=34, verbose_name="compte de la Caisse"),
        ),
        migrations.AddField(
            model_name="bankevent",
            name="statement",
            field=models.CharField(blank=True, db_default="", max_length=35, verbose_name="numéro du relevé"),
        ),
        migrations.AddField(
            model_name="discrepancy",
            name="nature",
            field=models.CharField(
                blank=True,
                choices=[(nature.value, nature.label) for nature in Nature],
                db_default="",
                max_length=20,
                verbose_name="écriture à passer",
            ),
        ),
        migrations.AlterField(
            model_name="discrepancy",
            name="verdict",
            field=models.CharField(
                blank=True,
                choices=[(verdict.value, verdict.label) for verdict in Verdict],
                max_length=8,
                verbose_name="ce que c’était",
            ),
        ),
        migrations.AddIndex(
            model_name="bankevent",
            index=models.Index(
                condition=Q(("what", "balance")),
                fields=["own_account", "booked_on", "id"],
                name="bank_balance_by_day",
            ),
        ),
        migrations.AddIndex(
            model_name="paymentorder",
            index=models.Index(condition=Q(("status", "sent")), fields=["batch", "id"], name="payment_unanswered"),
        ),
    ]
