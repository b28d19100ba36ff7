from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("controls", "0002_what_a_control_holds_and_waits_for"),
    ]

    operations = [
        migrations.RenameModel("Trace", "LineTrace"),
    ]
