"""Keep, of each letter, within how many months it says that one may contest."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("claims", "0025_taken_up_again")]

    operations = [
        migrations.AddField(
            "decisionletter",
            "appeal_months",
            models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="mois pour contester"),
        ),
    ]
