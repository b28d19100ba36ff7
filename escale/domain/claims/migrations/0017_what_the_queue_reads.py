import django.contrib.postgres.fields
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('claims', '0016_decided_lines_are_frozen_one_by_one'),
    ]

    operations = [
        migrations.AddField(
            model_name='bill',
            name='folded_provider',
            field=models.CharField(
                blank=True, db_collation='C', db_default='', max_length=200, verbose_name='nom de recherche'
            ),
        ),
        migrations.AddField(
            model_name='claim',
            name='cares',
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.CharField(max_length=24),
                db_default=[],
                default=list,
                size=None,
                verbose_name='natures des soins',
            ),
        ),
        migrations.AddField(
            model_name='claim',
            name='euros',
            field=models.DecimalField(
                blank=True, decimal_places=2, max_digits=14, null=True, verbose_name='dépense en euros à l’envoi'
            ),
        ),
        migrations.RemoveIndex(model_name='claim', name='claim_queue'),
        migrations.AddIndex(
            model_name='claim',
            index=models.Index(
                condition=models.Q(('status__in', ['in_progress', 'medical_opinion'])),
                fields=['status', 'due_on', 'id'],
                name='claim_worked_on',
            ),
        ),
        migrations.AddIndex(
            model_name='claim',
            index=models.Index(condition=models.Q(('status', 'draft')), fields=['id'], name='claim_drafts'),
        ),
        migrations.AddIndex(
            model_name='bill',
            index=models.Index(fields=['folded_provider', 'id'], name='bill_by_provider'),
        ),
    ]
