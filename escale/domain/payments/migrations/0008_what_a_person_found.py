import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    """Keep what a person found of a fact of the bank, who confirmed it, and who had an order issued again."""

    dependencies = [
        ("payments", "0007_bank_events_stay_as_told"),
        ("registry", "0009_relatives_by_their_name"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="discrepancy",
            name="discrepancy_reconciled_is_explained",
        ),
        migrations.RemoveConstraint(
            model_name="paymentorder",
            name="payment_made_has_its_day",
        ),
        migrations.RemoveIndex(
            model_name="discrepancy",
            name="discrepancy_open",
        ),
        migrations.AddField(
            model_name="discrepancy",
            name="found_on",
            field=models.DateField(blank=True, null=True, verbose_name="jour trouvé"),
        ),
        migrations.AddField(
            model_name="discrepancy",
            name="order",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="discrepancies",
                to="payments.paymentorder",
                verbose_name="ordre",
            ),
        ),
        migrations.AddField(
            model_name="discrepancy",
            name="proposed_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="expliqué par",
            ),
        ),
        migrations.AddField(
            model_name="discrepancy",
            name="verdict",
            field=models.CharField(
                blank=True,
                choices=[
                    ("executed", "La banque a payé"),
                    ("returned", "La banque avait payé, et l’argent est revenu"),
                    ("unpaid", "La banque n’a pas payé"),
                    ("nothing", "Rien à changer : ce fait ne concerne pas cet ordre, ou il est déjà compté"),
                ],
                max_length=8,
                verbose_name="ce que c’était",
            ),
        ),
        migrations.AddField(
            model_name="paymentorder",
            name="reissue_reason",
            field=models.CharField(blank=True, max_length=300, verbose_name="motif de la réémission"),
        ),
        migrations.AddField(
            model_name="paymentorder",
            name="reissued_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="réémis par",
            ),
        ),
        migrations.AlterField(
            model_name="discrepancy",
            name="status",
            field=models.CharField(
                choices=[("open", "À rapprocher"), ("proposed", "À confirmer"), ("reconciled", "Rapproché")],
                default="open",
                max_length=16,
                verbose_name="état",
            ),
        ),
        migrations.AddIndex(
            model_name="discrepancy",
            index=models.Index(
                condition=models.Q(("status", "reconciled"), _negated=True),
                fields=["opened_at", "id"],
                name="discrepancy_open",
            ),
        ),
        migrations.AddConstraint(
            model_name="discrepancy",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("status", "reconciled"), _negated=True),
                    models.Q(
                        ("reconciled_at__isnull", False),
                        ("reconciled_by__isnull", False),
                        models.Q(("words", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="discrepancy_reconciled_is_explained",
            ),
        ),
        migrations.AddConstraint(
            model_name="discrepancy",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("proposed_by", None),
                    ("reconciled_by", None),
                    models.Q(("proposed_by", models.F("reconciled_by")), _negated=True),
                    _connector="OR",
                ),
                name="discrepancy_is_of_two_people",
            ),
        ),
        migrations.AddConstraint(
            model_name="paymentorder",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("paid_on", None), models.Q(("status", "executed"), _negated=True)),
                    models.Q(("paid_on__isnull", False), ("status__in", ["sent", "executed", "unpaid", "returned"])),
                    _connector="OR",
                ),
                name="payment_made_has_its_day",
            ),
        ),
    ]
