from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("documents", "0003_read_by_machine"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="transcript",
            index=models.Index("read_at", condition=models.Q(("key", "")), name="transcript_unread_idx"),
        ),
    ]
