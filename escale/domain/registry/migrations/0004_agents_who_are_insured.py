from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("registry", "0003_who_looks")]

    operations = [
        migrations.AddField(
            model_name="recusal",
            name="oneself",
            field=models.BooleanField(
                db_default=False,
                default=False,
                help_text="L’agent et l’assuré sont une seule personne, qui a un compte pour chaque vie.",
                verbose_name="lui-même",
            ),
        ),
    ]
