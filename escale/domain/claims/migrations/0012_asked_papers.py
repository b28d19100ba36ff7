import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    """Ask for the papers that never came, and know what answers."""

    dependencies = [
        ("claims", "0011_days_of_acts"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AlterField(
            model_name="pause",
            name="reason",
            field=models.CharField(
                choices=[("opinion", "Avis du service médical"), ("papers", "Pièce attendue de l’assuré")],
                max_length=8,
                verbose_name="motif",
            ),
        ),
        migrations.CreateModel(
            name="AskedPaper",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("paper", models.CharField(max_length=32, verbose_name="nature de la pièce")),
                ("label", models.CharField(max_length=150, verbose_name="nom de la pièce")),
                ("words", models.CharField(max_length=500, verbose_name="phrase pour l’assuré")),
                ("asked_at", models.DateTimeField(verbose_name="demandée le")),
                ("ended_at", models.DateTimeField(blank=True, null=True, verbose_name="reçue ou abandonnée le")),
                ("answer", models.OneToOneField(
                    blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name="answers",
                    to="claims.attachment", verbose_name="réponse",
                )),
                ("asked_by", models.ForeignKey(
                    on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL,
                    verbose_name="demandée par",
                )),
                ("bill", models.ForeignKey(
                    blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name="+",
                    to="claims.bill", verbose_name="facture",
                )),
                ("claim", models.ForeignKey(
                    on_delete=django.db.models.deletion.CASCADE, related_name="asked_papers", to="claims.claim",
                    verbose_name="demande",
                )),
            ],
            options={"verbose_name": "pièce demandée"},
        ),
        migrations.AddField(
            model_name="arrival",
            name="answers",
            field=models.ForeignKey(
                blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name="arrivals",
                to="claims.askedpaper", verbose_name="répond à",
            ),
        ),
        migrations.AddConstraint(
            model_name="askedpaper",
            constraint=models.UniqueConstraint(
                condition=Q(ended_at__isnull=True),
                fields=("claim", "paper", "bill"),
                name="asked_paper_once_at_a_time",
                nulls_distinct=False,
            ),
        ),
        migrations.AddConstraint(
            model_name="askedpaper",
            constraint=models.CheckConstraint(
                condition=Q(answer__isnull=True) | Q(ended_at__isnull=False), name="asked_paper_answered_is_ended"
            ),
        ),
        migrations.AddConstraint(
            model_name="askedpaper",
            constraint=models.CheckConstraint(condition=~Q(words=""), name="asked_paper_says_why"),
        ),
    ]  # fmt: skip
