from django.conf import settings
from django.db import migrations, models

FREEZE = """
CREATE OR REPLACE FUNCTION decided_line_is_frozen() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND NEW.decision_id IS NULL AND (
        NEW.settled = OLD.due
        OR EXISTS (SELECT 1 FROM claims_decision WHERE id = OLD.decision_id AND annulled_at IS NOT NULL)
    ) THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'a decided line is frozen' USING ERRCODE = 'integrity_constraint_violation';
END $$;
CREATE TRIGGER decided_line_is_frozen BEFORE UPDATE ON claims_claimline FOR EACH ROW
    WHEN (OLD.decision_id IS NOT NULL AND OLD.* IS DISTINCT FROM NEW.*) EXECUTE FUNCTION decided_line_is_frozen();
CREATE TRIGGER decided_line_is_kept BEFORE DELETE ON claims_claimline FOR EACH ROW
    WHEN (OLD.decision_id IS NOT NULL) EXECUTE FUNCTION decided_line_is_frozen();
"""

THAW = """
DROP TRIGGER decided_line_is_frozen ON claims_claimline;
DROP TRIGGER decided_line_is_kept ON claims_claimline;
"""


class Migration(migrations.Migration):
    """
    Have the database itself refuse to change or to delete a line that is decided, until its decision is annulled.

    A claim is decided in parts: its status no longer says it. A line may also be taken up again, after an appeal, if
    what was ordered for it is kept on it.
    """

    dependencies = [
        ('claims', '0015_lines_follow_their_decision'),
        ('payments', '0001_initial'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='claim',
            name='claim_processed_is_ordered',
        ),
        migrations.RemoveField(
            model_name='claim',
            name='order',
        ),
        migrations.RemoveField(
            model_name='decision',
            name='approved',
        ),
        migrations.RemoveField(
            model_name='decision',
            name='explanation',
        ),
        migrations.RemoveField(
            model_name='decision',
            name='reason_code',
        ),
        migrations.AddConstraint(
            model_name='claimline',
            constraint=models.CheckConstraint(condition=models.Q(('due__isnull', True), ('refused', True), models.Q(('due__gte', 0), ('due__lte', models.F('expense')), ('rate__isnull', False)), _connector='OR'), name='line_due_is_within_expense_at_a_frozen_rate'),
        ),
        migrations.AddConstraint(
            model_name='claimline',
            constraint=models.CheckConstraint(condition=models.Q(('refused', False), models.Q(('due', 0), models.Q(('reason_code', ''), _negated=True)), _connector='OR'), name='line_refused_has_a_reason'),
        ),
        migrations.AddConstraint(
            model_name='claimline',
            constraint=models.CheckConstraint(condition=models.Q(('decision__isnull', True), ('due__gte', models.F('settled')), _connector='OR'), name='line_decided_takes_nothing_back'),
        ),
        migrations.AddConstraint(
            model_name='decision',
            constraint=models.CheckConstraint(condition=models.Q(('taken_at__isnull', True), models.Q(('order__isnull', True), ('total', 0)), models.Q(('order__isnull', False), ('total__gt', 0)), _connector='OR'), name='decision_taken_orders_what_it_pays'),
        ),
        migrations.AddConstraint(
            model_name='decision',
            constraint=models.CheckConstraint(condition=models.Q(('taken_at__isnull', True), ('second_look', ''), ('seconded_by__isnull', False), _connector='OR'), name='decision_waits_for_its_second_look'),
        ),
        migrations.AddConstraint(
            model_name='decision',
            constraint=models.CheckConstraint(condition=models.Q(('seconded_by__isnull', True), models.Q(('seconded_by', models.F('by')), _negated=True), _connector='OR'), name='decision_is_of_two_people'),
        ),
        migrations.AddConstraint(
            model_name='decision',
            constraint=models.UniqueConstraint(condition=models.Q(('annulled_at__isnull', True), ('taken_at__isnull', True)), fields=('claim',), name='decision_proposed_once_at_a_time'),
        ),
        migrations.RunSQL(FREEZE, THAW),
    ]
