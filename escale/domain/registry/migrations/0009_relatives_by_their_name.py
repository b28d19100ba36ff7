from django.db import migrations, models


class Migration(migrations.Migration):
    """Find those for whom somebody answers by their own name, without passing by every insured person of that name."""

    dependencies = [("registry", "0008_names_begin_as_they_are_written")]

    operations = [
        migrations.RemoveIndex(model_name="beneficiary", name="beneficiary_by_name"),
        migrations.AddIndex(
            model_name="beneficiary",
            index=models.Index(
                condition=models.Q(("link", "self"), _negated=True),
                fields=["folded_name", "id"],
                name="relative_by_name",
            ),
        ),
    ]
