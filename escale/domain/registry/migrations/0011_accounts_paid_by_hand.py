import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    """Keep the accounts that no SEPA transfer reaches, and who noted them."""

    dependencies = [
        ('registry', '0010_accounts_are_sealed'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name='bankaccount',
            name='bank_name',
            field=models.CharField(blank=True, db_default='', max_length=70, verbose_name='banque'),
        ),
        migrations.AddField(
            model_name='bankaccount',
            name='bic',
            field=models.CharField(blank=True, db_default='', max_length=11, verbose_name='BIC'),
        ),
        migrations.AddField(
            model_name='bankaccount',
            name='branch',
            field=models.CharField(blank=True, db_default='', max_length=20, verbose_name='code du guichet'),
        ),
        migrations.AddField(
            model_name='bankaccount',
            name='by_hand',
            field=models.BooleanField(db_default=False, default=False, verbose_name='viré à la main'),
        ),
        migrations.AddField(
            model_name='bankaccount',
            name='currency',
            field=models.CharField(blank=True, db_default='', max_length=3, verbose_name='monnaie'),
        ),
        migrations.AddField(
            model_name='bankaccount',
            name='recorded_by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='noté par'),
        ),
        migrations.AddConstraint(
            model_name='bankaccount',
            constraint=models.CheckConstraint(condition=models.Q(('by_hand', False), models.Q(models.Q(('bic', ''), _negated=True), models.Q(('currency', ''), _negated=True), ('recorded_by__isnull', False)), _connector='OR'), name='bank_account_by_hand_is_whole'),
        ),
    ]
