import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    """Let those who treat a claim write beside it."""

    dependencies = [
        ("claims", "0022_no_note_in_clear"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Remark",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("text", models.TextField(max_length=1000, verbose_name="annotation")),
                ("at", models.DateTimeField(auto_now_add=True, verbose_name="écrite le")),
                ("by", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL, verbose_name="écrite par")),
                ("claim", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="remarks", to="claims.claim", verbose_name="demande")),
            ],
            options={
                "verbose_name": "annotation de gestion",
                "indexes": [models.Index(fields=["claim", "id"], name="remark_of_claim")],
            },
        ),
    ]  # fmt: skip
