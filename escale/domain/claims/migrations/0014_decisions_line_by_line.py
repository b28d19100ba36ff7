from decimal import Decimal

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

DROP = """
DROP TRIGGER decided_line_is_frozen ON claims_claimline;
DROP TRIGGER decided_line_is_kept ON claims_claimline;
"""

CREATE = """
CREATE TRIGGER decided_line_is_frozen BEFORE UPDATE ON claims_claimline FOR EACH ROW
    WHEN (OLD.* IS DISTINCT FROM NEW.*) EXECUTE FUNCTION decided_line_is_frozen();
CREATE TRIGGER decided_line_is_kept BEFORE DELETE ON claims_claimline FOR EACH ROW
    EXECUTE FUNCTION decided_line_is_frozen();
"""


class Migration(migrations.Migration):
    """Give each decision its lines, its order and its second look; each line, what was decided of it."""

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ("claims", "0013_kept_from_family"),
        ("payments", "0001_initial"),
    ]

    operations = [
        migrations.RunSQL(DROP, CREATE),
        migrations.AddField("claimline", "refused", models.BooleanField(db_default=False, default=False, verbose_name="refusée")),
        migrations.AddField("claimline", "reason_code", models.CharField(blank=True, db_default="", max_length=8, verbose_name="code du motif")),
        migrations.AlterField("claimline", "reason", models.TextField(blank=True, max_length=2000, verbose_name="motif de la décision du gestionnaire")),
        migrations.AddField("claimline", "decision", models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name="lines", to="claims.decision", verbose_name="décision")),
        migrations.AddField("claimline", "settled", models.DecimalField(db_default=Decimal(0), decimal_places=2, default=Decimal(0), max_digits=12, verbose_name="déjà ordonné par une décision précédente")),
        migrations.AddField("decision", "final", models.BooleanField(db_default=True, default=True, verbose_name="dernière de la demande")),
        migrations.AddField("decision", "order", models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name="decision", to="payments.paymentorder", verbose_name="ordre de paiement")),
        migrations.AddField("decision", "second_look", models.CharField(blank=True, choices=[("amount", "montant au-dessus du seuil de seconde lecture"), ("drawn", "demande tirée au sort pour une seconde lecture"), ("again", "décision que la relecture avait renvoyée")], default="", max_length=8, verbose_name="seconde lecture"), preserve_default=False),
        migrations.AddField("decision", "seconded_by", models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL, verbose_name="relue par")),
        migrations.AddField("decision", "taken_at", models.DateTimeField(blank=True, null=True, verbose_name="en vigueur le")),
        migrations.AddField("decision", "annulled_at", models.DateTimeField(blank=True, null=True, verbose_name="annulée le")),
        migrations.AddField("decision", "words", models.CharField(blank=True, default="", max_length=500, verbose_name="ce que le second gestionnaire en dit"), preserve_default=False),
        migrations.RemoveConstraint("claimline", "line_due_is_within_expense_at_a_frozen_rate"),
    ]  # fmt: skip
