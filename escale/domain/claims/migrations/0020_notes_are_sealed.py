from django.db import migrations, models


class Migration(migrations.Migration):
    """Make room for the notes of physicians, sealed."""

    dependencies = [("claims", "0018_claims_sent_before_the_queue_read_them")]

    operations = [
        migrations.AddField(
            "medicalnote",
            "name",
            models.CharField(default="", max_length=32, verbose_name="nom sous lequel elle est scellée"),
            preserve_default=False,
        ),
        migrations.AddField(
            "medicalnote",
            "head",
            models.BinaryField(default=b"", verbose_name="clé, enveloppée pour les médecins"),
            preserve_default=False,
        ),
        migrations.AddField(
            "medicalnote",
            "sealed",
            models.BinaryField(default=b"", verbose_name="note du médecin-conseil, scellée"),
            preserve_default=False,
        ),
    ]
