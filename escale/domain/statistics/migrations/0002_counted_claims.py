import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("claims", "0013_kept_from_family"),
        ("statistics", "0001_figures"),
    ]

    operations = [
        migrations.RenameModel("Trace", "CountedClaim"),
        migrations.AlterModelOptions("countedclaim", {"verbose_name": "demande comptée"}),
        migrations.AlterField(
            "countedclaim",
            "claim",
            models.OneToOneField(
                on_delete=django.db.models.deletion.CASCADE,
                primary_key=True,
                related_name="counted",
                serialize=False,
                to="claims.claim",
                verbose_name="demande",
            ),
        ),
    ]
