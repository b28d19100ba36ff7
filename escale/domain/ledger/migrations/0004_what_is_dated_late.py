from django.db import migrations, models
from django.db.models import F, Q


class Migration(migrations.Migration):
    """Find the entries that are dated after their day without reading all."""

    dependencies = [("ledger", "0003_what_was_ordered_before")]

    operations = [
        migrations.AddIndex(
            model_name="accountingentry",
            index=models.Index(condition=~Q(true_on=F("on")), fields=["true_on"], name="entry_late"),
        ),
    ]
