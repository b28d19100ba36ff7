from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("registry", "0004_agents_who_are_insured")]

    operations = [
        migrations.RemoveConstraint(model_name="reading", name="reading_is_noted_once_an_hour"),
        migrations.AddConstraint(
            model_name="reading",
            constraint=models.UniqueConstraint(
                fields=("by", "subject", "role", "purpose", "hour", "opening"),
                name="reading_is_noted_once_an_hour",
                nulls_distinct=False,
            ),
        ),
    ]
