from django.db import migrations


class Migration(migrations.Migration):
    """Leave no room for a note in clear."""

    dependencies = [("claims", "0021_seal_the_notes_written_before")]

    operations = [migrations.RemoveField("medicalnote", "text")]
