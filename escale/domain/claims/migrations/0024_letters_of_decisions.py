import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    """Keep the letter of each decision, sealed."""

    dependencies = [("claims", "0023_remarks")]

    operations = [
        migrations.CreateModel(
            name="DecisionLetter",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=32, unique=True, verbose_name="nom sous lequel il est scellé")),
                ("head", models.BinaryField(verbose_name="clé scellée")),
                ("sealed", models.BinaryField(verbose_name="texte scellé")),
                ("sha256", models.CharField(max_length=64, verbose_name="SHA-256 du texte")),
                ("deposited_at", models.DateTimeField(auto_now_add=True, verbose_name="déposé le")),
                (
                    "first_read_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="lu pour la première fois le"),
                ),
                (
                    "decision",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="letter",
                        to="claims.decision",
                        verbose_name="décision",
                    ),
                ),
            ],
            options={
                "verbose_name": "courrier de décision",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(first_read_at__isnull=True)
                        | models.Q(first_read_at__gte=models.F("deposited_at")),
                        name="letter_of_decision_is_read_once_deposited",
                    )
                ],
            },
        ),
    ]
