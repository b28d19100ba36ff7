import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    """Tie each award to the line of the order that pays it."""

    dependencies = [
        ("claims", "0031_count_what_is_worked_on"),
        ("payments", "0005_orders_are_written_once"),
    ]

    operations = [
        migrations.AddField(
            "award",
            "payment_line",
            models.OneToOneField(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="award",
                to="payments.paymentline",
                verbose_name="ligne de paiement",
            ),
        ),
    ]
