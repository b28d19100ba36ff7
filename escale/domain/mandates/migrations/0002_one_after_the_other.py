from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("mandates", "0001_mandates")]

    operations = [
        migrations.RemoveConstraint("mandate", "mandate_is_given_once_at_a_time"),
        migrations.AddConstraint(
            "mandate",
            models.UniqueConstraint(
                fields=["principal", "address", "valid_from"],
                condition=models.Q(("status__in", ("offered", "accepted"))),
                name="mandate_is_given_once_from_a_day",
            ),
        ),
    ]
