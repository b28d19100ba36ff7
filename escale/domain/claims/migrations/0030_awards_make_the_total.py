from django.db import migrations

GUARD = """
CREATE FUNCTION awards_make_the_total() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.total IS DISTINCT FROM (SELECT COALESCE(sum(amount), 0) FROM claims_award WHERE decision_id = NEW.id) THEN
        RAISE EXCEPTION 'the awards of a decision make its total' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER awards_make_the_total AFTER UPDATE ON claims_decision DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW WHEN (NEW.taken_at IS NOT NULL AND (OLD.taken_at IS NULL OR OLD.total <> NEW.total))
    EXECUTE FUNCTION awards_make_the_total();
"""

LET_GO = """
DROP TRIGGER awards_make_the_total ON claims_decision;
DROP FUNCTION awards_make_the_total();
"""


class Migration(migrations.Migration):
    """Have the database itself refuse a decision that takes effect for another sum than it orders line by line."""

    dependencies = [("claims", "0029_what_came_and_is_unread")]

    operations = [migrations.RunSQL(GUARD, LET_GO)]
