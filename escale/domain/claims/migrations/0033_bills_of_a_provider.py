from django.db import migrations, models


class Migration(migrations.Migration):
    """Find the claims of a provider in the index alone."""

    dependencies = [("claims", "0032_awards_have_their_payment")]

    operations = [
        migrations.RemoveIndex("bill", "bill_by_provider"),
        migrations.AddIndex("bill", models.Index(fields=["folded_provider", "claim"], name="bill_of_provider")),
    ]
