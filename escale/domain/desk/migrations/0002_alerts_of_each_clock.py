from django.db import migrations, models


class Migration(migrations.Migration):
    """Raise each alert once for each time that the clocks of a claim run, no longer once for its whole life."""

    dependencies = [("desk", "0001_initial"), ("claims", "0025_taken_up_again")]

    operations = [
        migrations.AddField(
            model_name="alert",
            name="clock_from",
            field=models.DateField(blank=True, null=True, verbose_name="demande reprise le"),
        ),
        migrations.RemoveConstraint(model_name="alert", name="alert_is_raised_once"),
        migrations.AddConstraint(
            model_name="alert",
            constraint=models.UniqueConstraint(
                fields=("claim", "kind", "clock_from"), name="alert_is_raised_once_a_clock", nulls_distinct=False
            ),
        ),
    ]
