import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    """Keep the transfers that a person makes in the bank’s own tool."""

    dependencies = [
        ('payments', '0015_what_the_account_says'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name='batch',
            name='bank_reference',
            field=models.CharField(blank=True, db_default='', max_length=35, verbose_name='référence de la banque'),
        ),
        migrations.AddField(
            model_name='batch',
            name='by_hand',
            field=models.BooleanField(db_default=False, default=False, verbose_name='fait à la main'),
        ),
        migrations.AddField(
            model_name='batch',
            name='made_by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='fait par'),
        ),
        migrations.AddConstraint(
            model_name='batch',
            constraint=models.CheckConstraint(condition=models.Q(('by_hand', False), ('sent_at', None), ('made_by__isnull', False), _connector='OR'), name='batch_by_hand_is_made_by_somebody'),
        ),
        migrations.AddConstraint(
            model_name='batch',
            constraint=models.CheckConstraint(condition=models.Q(('by_hand', False), models.Q(('count', 1), ('wants_signature', True)), _connector='OR'), name='batch_by_hand_is_one_and_signed'),
        ),
    ]
