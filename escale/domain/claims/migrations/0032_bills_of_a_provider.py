from django.db import migrations, models


class Migration(migrations.Migration):
    """Find the claims of a provider in the index alone."""

    dependencies = [("claims", "0031_count_what_is_worked_on")]

    operations = [
        migrations.RemoveIndex("bill", "bill_by_provider"),
        migrations.AddIndex("bill", models.Index(fields=["folded_provider", "claim"], name="bill_of_provider")),
    ]
