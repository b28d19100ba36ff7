from django.db import migrations, models


class Migration(migrations.Migration):
    """Have the queue counted from an index of what is worked on, in the order of its places and kinds of care."""

    dependencies = [
        ("claims", "0030_awards_make_the_total"),
        ("registry", "0009_relatives_by_their_name"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="claim",
            index=models.Index(
                condition=models.Q(("status__in", ["in_progress", "medical_opinion"])),
                fields=["territory", "cares"],
                include=("id", "status", "insured", "euros", "sent_at", "reopened_on", "unread_since"),
                name="claim_counted",
            ),
        ),
    ]
