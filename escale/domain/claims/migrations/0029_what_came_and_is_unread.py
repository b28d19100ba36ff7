from typing import Any

from django.db import migrations, models
from django.db.models import Max, Q

WORKED_ON = ("in_progress", "medical_opinion")


def note(apps: Any, _schema: Any) -> None:
    """Keep with each claim that is worked on since when a paper that came waits to be read."""
    came_later = Q(replaces__isnull=False) | Q(answers__isnull=False)
    unread = apps.get_model("claims", "Attachment").objects.filter(
        came_later, claim__status__in=WORKED_ON, replacement=None, verdict="", medical=False, document__status="clean"
    )
    for claim, last in unread.values_list("claim").annotate(Max("document__received_at")).order_by("claim"):
        apps.get_model("claims", "Claim").objects.filter(pk=claim).update(unread_since=last)


class Migration(migrations.Migration):
    """Say with a claim what its queue shows of its papers, so that no list reads them."""

    dependencies = [("claims", "0028_what_waits_for_a_physician"), ("documents", "0003_read_by_machine")]

    operations = [
        migrations.AddField(
            model_name="claim",
            name="unread_since",
            field=models.DateTimeField(
                blank=True, null=True, verbose_name="pièce attendue, venue et pas encore lue depuis le"
            ),
        ),
        migrations.RunPython(note, migrations.RunPython.noop),
    ]
