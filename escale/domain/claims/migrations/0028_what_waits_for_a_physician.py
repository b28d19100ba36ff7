"""Have an opinion bear on lines, and be given on papers under seal of which nobody asked anything."""

from django.db import migrations, models

OUTCOMES = [
    ("favourable", "Favorable"),
    ("partly", "Partiellement favorable"),
    ("unfavourable", "Défavorable"),
    ("none", "Sans avis"),
]
CODES = [
    ("M01", "Soins médicalement justifiés"),
    ("M02", "Caractère inopiné reconnu"),
    ("M03", "Caractère inopiné non reconnu"),
    ("M04", "À coter comme un autre acte"),
    ("M05", "Soins non justifiés"),
    ("M06", "Éléments médicaux insuffisants"),
    ("M07", "Pièces lues, rien qui change la décision"),
]


class Migration(migrations.Migration):
    dependencies = [("claims", "0027_what_each_decision_ordered")]

    operations = [
        migrations.AlterField(
            "medicalopinion", "question", models.TextField(blank=True, max_length=2000, verbose_name="question")
        ),
        migrations.AlterField(
            "medicalopinion",
            "attachments",
            models.ManyToManyField(related_name="opinions", to="claims.attachment", verbose_name="pièces"),
        ),
        migrations.AddField(
            "medicalopinion",
            "lines",
            models.ManyToManyField(related_name="opinions", to="claims.claimline", verbose_name="lignes concernées"),
        ),
        migrations.AlterField(
            "medicalopinion",
            "outcome",
            models.CharField(blank=True, choices=OUTCOMES, max_length=16, verbose_name="avis"),
        ),
        migrations.AlterField(
            "medicalopinion", "code", models.CharField(blank=True, choices=CODES, max_length=8, verbose_name="code")
        ),
        migrations.AddIndex(
            "medicalopinion",
            models.Index(condition=models.Q(("given_at__isnull", True)), fields=["asked_at"], name="opinion_waits"),
        ),
    ]
