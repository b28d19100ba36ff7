from django.db import migrations, models


class Migration(migrations.Migration):
    """Know from when the clocks of a claim run anew."""

    dependencies = [("claims", "0024_letters_of_decisions")]

    operations = [
        migrations.AddField(
            model_name="claim",
            name="reopened_on",
            field=models.DateField(blank=True, null=True, verbose_name="reprise le"),
        ),
    ]
