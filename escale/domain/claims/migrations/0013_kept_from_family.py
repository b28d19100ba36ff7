from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('claims', '0012_asked_papers'),
    ]

    operations = [
        migrations.AddField(
            model_name='attachment',
            name='kept_from_family',
            field=models.BooleanField(db_default=False, default=False, verbose_name='gardée de la famille'),
        ),
        migrations.AddField(
            model_name='claim',
            name='kept_from_family',
            field=models.BooleanField(db_default=False, default=False, verbose_name='gardée de la famille'),
        ),
    ]
