"""What is being treated was compared as it was received: say so, or it would seem to wait for ever."""

from django.db import migrations
from django.db.models import Max

WORKED_ON = ["in_progress", "medical_opinion"]


def take_as_compared(apps, schema_editor):
    last = apps.get_model("journal", "Entry").objects.aggregate(last=Max("pk"))["last"]
    traces = apps.get_model("controls", "LineTrace").objects.filter(claim__status__in=WORKED_ON)
    if last:
        traces.update(compared_up_to=last)


class Migration(migrations.Migration):
    dependencies = [
        ("controls", "0004_how_far_a_line_is_compared"),
        ("journal", "0001_initial"),
    ]

    operations = [
        migrations.RunPython(take_as_compared, migrations.RunPython.noop),
    ]
