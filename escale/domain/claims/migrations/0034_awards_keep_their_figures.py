from django.db import migrations, models


class Migration(migrations.Migration):
    """Keep, with what is ordered for a line, the figures by which it was: an appeal may have the line decided again."""

    dependencies = [("claims", "0033_awards_have_their_payment")]

    operations = [
        migrations.AddField(
            "award", "figures", models.JSONField(db_default={}, default=dict, verbose_name="chiffres de la ligne")
        ),
    ]
