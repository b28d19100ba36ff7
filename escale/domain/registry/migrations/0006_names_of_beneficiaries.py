from django.db import migrations, models

from escale.domain.registry.models.folding import Folded


class Migration(migrations.Migration):
    """Find a beneficiary by their own name."""

    dependencies = [("registry", "0005_openings_within_the_hour")]

    operations = [
        migrations.AddField(
            model_name="beneficiary",
            name="folded_name",
            field=models.GeneratedField(
                db_persist=True,
                expression=Folded("last_name", "first_names"),
                output_field=models.CharField(max_length=310),
                verbose_name="nom de recherche",
            ),
        ),
        migrations.AddIndex(
            model_name="beneficiary",
            index=models.Index(fields=["folded_name", "id"], name="beneficiary_by_name"),
        ),
    ]
