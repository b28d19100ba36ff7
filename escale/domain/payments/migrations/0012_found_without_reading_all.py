from django.db import migrations, models


class Migration(migrations.Migration):
    """Find what came back, what was paid on a day and what was told of a whole batch without reading all the rest."""

    dependencies = [("payments", "0008_what_a_person_found")]

    operations = [
        migrations.AlterField(
            model_name="bankevent",
            name="code",
            field=models.CharField(blank=True, max_length=35, verbose_name="motif"),
        ),
        migrations.AddIndex(
            model_name="bankevent",
            index=models.Index(condition=models.Q(("order", None)), fields=["batch"], name="bank_event_of_whole_batch"),
        ),
        migrations.AddIndex(
            model_name="paymentorder",
            index=models.Index(
                condition=models.Q(
                    ("status__in", ["returned", "unpaid"]),
                    models.Q(("replaces__isnull", False), ("status", "rejected")),
                    _connector="OR",
                ),
                fields=["id"],
                name="payment_came_back",
            ),
        ),
        migrations.AddIndex(
            model_name="paymentorder",
            index=models.Index(
                condition=models.Q(("paid_on__isnull", False)), fields=["paid_on"], name="payment_by_day"
            ),
        ),
    ]
