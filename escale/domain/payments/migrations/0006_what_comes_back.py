import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    """Keep the files of the bank, what each tells, and what a person has to reconcile."""

    dependencies = [
        ("payments", "0005_orders_are_written_once"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="BankFile",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=200, verbose_name="nom")),
                ("sha256", models.CharField(max_length=64, unique=True, verbose_name="SHA-256")),
                ("key", models.CharField(max_length=32, unique=True, verbose_name="clé dans le coffre")),
                ("size", models.PositiveBigIntegerField(verbose_name="taille en octets")),
                (
                    "status",
                    models.CharField(
                        choices=[("received", "À lire"), ("read", "Lu"), ("unreadable", "Illisible")],
                        default="received",
                        max_length=16,
                        verbose_name="état",
                    ),
                ),
                ("kind", models.CharField(blank=True, max_length=16, verbose_name="nature")),
                ("message_id", models.CharField(blank=True, max_length=35, verbose_name="identifiant du message")),
                ("told", models.PositiveIntegerField(default=0, verbose_name="faits lus")),
                (
                    "repeated",
                    models.PositiveIntegerField(default=0, verbose_name="faits déjà donnés par un autre fichier"),
                ),
                ("refusal", models.CharField(blank=True, max_length=300, verbose_name="pourquoi il n’est pas lu")),
                ("received_at", models.DateTimeField(auto_now_add=True, verbose_name="reçu le")),
            ],
            options={
                "verbose_name": "fichier de la banque",
                "indexes": [models.Index(fields=["-received_at", "-id"], name="bank_file_latest")],
            },
        ),
        migrations.CreateModel(
            name="BankEvent",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("place", models.PositiveIntegerField(verbose_name="rang dans le fichier")),
                ("fingerprint", models.CharField(max_length=64, unique=True, verbose_name="empreinte")),
                ("what", models.CharField(max_length=16, verbose_name="fait")),
                (
                    "rank",
                    models.PositiveSmallIntegerField(default=1, verbose_name="rang parmi ses semblables du fichier"),
                ),
                (
                    "end_to_end_id",
                    models.CharField(blank=True, max_length=35, verbose_name="référence de bout en bout"),
                ),
                ("about", models.CharField(blank=True, max_length=35, verbose_name="message ou lot cité")),
                (
                    "amount",
                    models.DecimalField(blank=True, decimal_places=2, max_digits=18, null=True, verbose_name="montant"),
                ),
                ("currency", models.CharField(blank=True, max_length=3, verbose_name="monnaie")),
                ("booked_on", models.DateField(blank=True, null=True, verbose_name="comptabilisé le")),
                ("bank_reference", models.CharField(blank=True, max_length=35, verbose_name="référence de la banque")),
                ("code", models.CharField(blank=True, max_length=35, verbose_name="code de motif")),
                ("words", models.CharField(blank=True, max_length=140, verbose_name="mots de la banque")),
                ("account", models.CharField(blank=True, max_length=34, verbose_name="compte cité")),
                (
                    "outcome",
                    models.CharField(
                        choices=[
                            ("applied", "Appliqué"),
                            ("known", "Déjà connu"),
                            ("early", "En attente de la transmission du lot"),
                            ("apart", "À rapprocher"),
                        ],
                        max_length=8,
                        verbose_name="suite",
                    ),
                ),
                ("heard_at", models.DateTimeField(auto_now_add=True, verbose_name="lu le")),
                (
                    "batch",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="bank_events",
                        to="payments.batch",
                        verbose_name="lot",
                    ),
                ),
                (
                    "order",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="bank_events",
                        to="payments.paymentorder",
                        verbose_name="ordre",
                    ),
                ),
                (
                    "file",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="events",
                        to="payments.bankfile",
                        verbose_name="fichier",
                    ),
                ),
            ],
            options={
                "verbose_name": "fait donné par la banque",
            },
        ),
        migrations.CreateModel(
            name="Discrepancy",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("why", models.CharField(max_length=24, verbose_name="écart")),
                (
                    "status",
                    models.CharField(
                        choices=[("open", "À rapprocher"), ("reconciled", "Rapproché")],
                        default="open",
                        max_length=16,
                        verbose_name="état",
                    ),
                ),
                ("opened_at", models.DateTimeField(auto_now_add=True, verbose_name="ouvert le")),
                ("words", models.CharField(blank=True, max_length=300, verbose_name="explication")),
                ("reconciled_at", models.DateTimeField(blank=True, null=True, verbose_name="rapproché le")),
                (
                    "event",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="discrepancy",
                        to="payments.bankevent",
                        verbose_name="fait donné par la banque",
                    ),
                ),
                (
                    "reconciled_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="rapproché par",
                    ),
                ),
            ],
            options={
                "verbose_name": "écart à rapprocher",
            },
        ),
        migrations.AddIndex(
            model_name="bankevent",
            index=models.Index(condition=models.Q(("outcome", "early")), fields=["id"], name="bank_event_early"),
        ),
        migrations.AddConstraint(
            model_name="bankevent",
            constraint=models.UniqueConstraint(fields=("file", "place"), name="bank_event_is_read_once"),
        ),
        migrations.AddIndex(
            model_name="discrepancy",
            index=models.Index(
                condition=models.Q(("status", "open")), fields=["opened_at", "id"], name="discrepancy_open"
            ),
        ),
        migrations.AddConstraint(
            model_name="discrepancy",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("status", "open"),
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
    ]
