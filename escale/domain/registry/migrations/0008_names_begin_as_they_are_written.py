from django.db import migrations, models

from escale.domain.registry.models.folding import Folded


class Migration(migrations.Migration):
    """Sort the search keys of names sign by sign, whatever the database's language: so an index finds how they begin."""

    dependencies = [("registry", "0007_numbers_are_sealed")]

    operations = [
        migrations.AlterField(
            model_name="insuredperson",
            name="folded_name",
            field=models.CharField(db_collation="C", max_length=310, verbose_name="nom de recherche"),
        ),
        migrations.AlterField(
            model_name="beneficiary",
            name="folded_name",
            field=models.GeneratedField(
                db_persist=True,
                expression=Folded("last_name", "first_names"),
                output_field=models.CharField(db_collation="C", max_length=310),
                verbose_name="nom de recherche",
            ),
        ),
    ]
