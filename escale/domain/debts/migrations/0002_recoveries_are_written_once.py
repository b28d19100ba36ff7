from django.db import migrations

REFUSE = """
CREATE FUNCTION recovery_is_written_once() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'a recovery is written once' USING ERRCODE = 'integrity_constraint_violation';
END $$;
CREATE TRIGGER recovery_is_written_once BEFORE UPDATE ON debts_recovery FOR EACH ROW EXECUTE FUNCTION recovery_is_written_once();
"""

ALLOW = """
DROP TRIGGER recovery_is_written_once ON debts_recovery;
DROP FUNCTION recovery_is_written_once();
"""


class Migration(migrations.Migration):
    """Have the database itself refuse to change what came back of a debt."""

    dependencies = [("debts", "0001_initial")]

    operations = [migrations.RunSQL(REFUSE, ALLOW)]
