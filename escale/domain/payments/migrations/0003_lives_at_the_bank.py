import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


PAID = models.Q(('paid_on', None), models.Q(('status', 'executed'), _negated=True)) | models.Q(
    ('paid_on__isnull', False), ('status__in', ['sent', 'executed', 'returned'])
)


class Migration(migrations.Migration):
    """Follow an order to the bank and back, out of which budget it is paid, and who signs the batch."""

    dependencies = [
        ('payments', '0002_who_proposed_an_order'),
        ('registry', '0009_relatives_by_their_name'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='PaymentLine',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('benefit', models.CharField(max_length=24, verbose_name='prestation')),
                ('legal_basis', models.CharField(max_length=120, verbose_name='fondement')),
                ('label', models.CharField(max_length=140, verbose_name='libellé')),
                ('amount', models.DecimalField(decimal_places=2, max_digits=12, verbose_name='montant')),
            ],
            options={
                'verbose_name': 'ligne de paiement',
            },
        ),
        migrations.CreateModel(
            name='Reimputation',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('status', models.CharField(choices=[('proposed', 'À confirmer'), ('given', 'Faite'), ('declined', 'Refusée')], default='proposed', max_length=16, verbose_name='état')),
                ('from_budget', models.CharField(max_length=24, verbose_name='du budget')),
                ('to_budget', models.CharField(max_length=24, verbose_name='au budget')),
                ('budget_year', models.PositiveSmallIntegerField(verbose_name='exercice')),
                ('amount', models.DecimalField(decimal_places=2, max_digits=12, verbose_name='montant')),
                ('reason', models.CharField(max_length=300, verbose_name='motif')),
                ('proposed_at', models.DateTimeField(auto_now_add=True, verbose_name='proposée le')),
                ('answered_at', models.DateTimeField(blank=True, null=True, verbose_name='réponse le')),
            ],
            options={
                'verbose_name': 'réimputation',
            },
        ),
        migrations.RemoveConstraint(
            model_name='paymentorder',
            name='payment_leaves_with_a_visa',
        ),
        migrations.AlterField(
            model_name='batch',
            name='content',
            field=models.BinaryField(null=True, verbose_name='fichier'),
        ),
        migrations.AddField(
            model_name='batch',
            name='budget',
            field=models.CharField(default='GENERAL', max_length=24, verbose_name='budget'),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name='batch',
            name='key',
            field=models.CharField(max_length=64, null=True, unique=True, verbose_name='clé du coffre'),
        ),
        migrations.AddField(
            model_name='batch',
            name='prepared_by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='préparé par'),
        ),
        migrations.AddField(
            model_name='batch',
            name='signed_at',
            field=models.DateTimeField(blank=True, null=True, verbose_name='signé le'),
        ),
        migrations.AddField(
            model_name='batch',
            name='signed_by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='signé par'),
        ),
        migrations.AddField(
            model_name='batch',
            name='size',
            field=models.PositiveBigIntegerField(default=0, verbose_name='taille du fichier'),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name='batch',
            name='wants_signature',
            field=models.BooleanField(default=False, verbose_name='à signer par une seconde personne'),
        ),
        migrations.AddField(
            model_name='paymentorder',
            name='accepted_at',
            field=models.DateTimeField(blank=True, null=True, verbose_name='accepté par la banque le'),
        ),
        migrations.AddField(
            model_name='paymentorder',
            name='approved_by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='visé par'),
        ),
        migrations.AddField(
            model_name='paymentorder',
            name='budget',
            field=models.CharField(default='GENERAL', max_length=24, verbose_name='budget d’origine'),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name='paymentorder',
            name='budget_year',
            field=models.PositiveSmallIntegerField(default=0, verbose_name='exercice'),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name='paymentorder',
            name='paid_on',
            field=models.DateField(blank=True, null=True, verbose_name='payé le'),
        ),
        migrations.AddField(
            model_name='paymentorder',
            name='replaces',
            field=models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='reissue', to='payments.paymentorder', verbose_name='réémission de'),
        ),
        migrations.AlterField(
            model_name='batch',
            name='status',
            field=models.CharField(choices=[('prepared', 'Préparé'), ('signed', 'Signé'), ('sent', 'Transmis à la banque'), ('refused', 'Refusé par la banque'), ('withdrawn', 'Abandonné')], default='prepared', max_length=16, verbose_name='état'),
        ),
        migrations.AlterField(
            model_name='paymentorder',
            name='status',
            field=models.CharField(choices=[('ordered', 'À viser'), ('approved', 'Visé'), ('rejected', 'Visa refusé'), ('sent', 'Transmis à la banque'), ('executed', 'Payé'), ('unpaid', 'Rejeté par la banque'), ('returned', 'Retourné par la banque')], default='ordered', max_length=16, verbose_name='état'),
        ),
        migrations.AddIndex(
            model_name='batch',
            index=models.Index(fields=['-prepared_at', '-id'], name='batch_latest'),
        ),
        migrations.AddIndex(
            model_name='paymentorder',
            index=models.Index(condition=models.Q(('replaces', None), models.Q(('status', 'rejected'), _negated=True)), fields=['budget', 'budget_year'], include=('amount',), name='payment_of_budget'),
        ),
        migrations.AddIndex(
            model_name='paymentorder',
            index=models.Index(condition=models.Q(('batch__isnull', False)), fields=['batch', 'id'], name='payment_of_batch'),
        ),
        migrations.AddConstraint(
            model_name='batch',
            constraint=models.CheckConstraint(condition=models.Q(('wants_signature', False), ('signed_by__isnull', False), ('status__in', ['prepared', 'withdrawn']), _connector='OR'), name='batch_leaves_signed'),
        ),
        migrations.AddConstraint(
            model_name='batch',
            constraint=models.CheckConstraint(condition=models.Q(('signed_by', None), models.Q(('signed_by', models.F('prepared_by')), _negated=True), _connector='OR'), name='batch_is_of_two_people'),
        ),
        migrations.AddConstraint(
            model_name='paymentorder',
            constraint=models.CheckConstraint(condition=models.Q(('batch', None), models.Q(('status__in', ['ordered', 'rejected']), _negated=True), _connector='OR'), name='payment_leaves_with_a_visa'),
        ),
        migrations.AddConstraint(
            model_name='paymentorder',
            constraint=models.CheckConstraint(condition=models.Q(('batch__isnull', False), ('status__in', ['ordered', 'approved', 'rejected']), _connector='OR'), name='payment_leaves_in_a_batch'),
        ),
        migrations.AddConstraint(
            model_name='paymentorder',
            constraint=models.CheckConstraint(condition=PAID, name='payment_made_has_its_day'),
        ),
        migrations.AddField(
            model_name='paymentline',
            name='order',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='lines', to='payments.paymentorder', verbose_name='ordre de paiement'),
        ),
        migrations.AddField(
            model_name='reimputation',
            name='answered_by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='réponse de'),
        ),
        migrations.AddField(
            model_name='reimputation',
            name='order',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='reimputations', to='payments.paymentorder', verbose_name='ordre'),
        ),
        migrations.AddField(
            model_name='reimputation',
            name='proposed_by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='proposée par'),
        ),
        migrations.AddConstraint(
            model_name='paymentline',
            constraint=models.CheckConstraint(condition=models.Q(('amount__gt', 0)), name='payment_line_is_positive'),
        ),
        migrations.AddIndex(
            model_name='reimputation',
            index=models.Index(condition=models.Q(('status', 'given')), fields=['budget_year', 'to_budget'], name='reimputation_of_budget'),
        ),
        migrations.AddConstraint(
            model_name='reimputation',
            constraint=models.CheckConstraint(condition=models.Q(('from_budget', models.F('to_budget')), _negated=True), name='reimputation_moves'),
        ),
        migrations.AddConstraint(
            model_name='reimputation',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('status', 'given'), _negated=True), models.Q(('answered_by__isnull', False), models.Q(('answered_by', models.F('proposed_by')), _negated=True)), _connector='OR'), name='reimputation_is_of_two_people'),
        ),
        migrations.AddConstraint(
            model_name='reimputation',
            constraint=models.UniqueConstraint(condition=models.Q(('status', 'proposed')), fields=('order',), name='reimputation_proposed_once_at_a_time'),
        ),
    ]
