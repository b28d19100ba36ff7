from django.db import migrations, models

# The year of a line computed so far was that of its care.
COUNT = "UPDATE claims_claimline SET counted_on = given_on WHERE due IS NOT NULL"


class Migration(migrations.Migration):
    """Keep with a line the day on which it is taken to be paid back: the ceilings of a year count by it."""

    dependencies = [("claims", "0007_circumstances")]

    operations = [
        migrations.AddField(
            model_name="claimline",
            name="counted_on",
            field=models.DateField(
                blank=True, null=True, verbose_name="jour de remboursement supposé, pour les plafonds annuels"
            ),
        ),
        migrations.RunSQL(COUNT, migrations.RunSQL.noop),
        migrations.AddConstraint(
            model_name="claimline",
            constraint=models.CheckConstraint(
                condition=models.Q(("due__isnull", True), ("counted_on__isnull", False), _connector="OR"),
                name="line_due_is_counted_in_a_year",
            ),
        ),
    ]
