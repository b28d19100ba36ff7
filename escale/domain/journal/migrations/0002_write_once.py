from django.db import migrations

REFUSE = """
CREATE FUNCTION journal_is_written_once() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the journal is written once: % refused on %', TG_OP, TG_TABLE_NAME USING ERRCODE = 'integrity_constraint_violation';
END $$;
CREATE TRIGGER entry_is_written_once BEFORE UPDATE OR DELETE ON journal_entry FOR EACH ROW EXECUTE FUNCTION journal_is_written_once();
CREATE TRIGGER entry_is_never_emptied BEFORE TRUNCATE ON journal_entry FOR EACH STATEMENT EXECUTE FUNCTION journal_is_written_once();
CREATE TRIGGER block_is_written_once BEFORE UPDATE OR DELETE ON journal_block FOR EACH ROW EXECUTE FUNCTION journal_is_written_once();
CREATE TRIGGER block_is_never_emptied BEFORE TRUNCATE ON journal_block FOR EACH STATEMENT EXECUTE FUNCTION journal_is_written_once();
"""

ALLOW = """
DROP TRIGGER entry_is_written_once ON journal_entry;
DROP TRIGGER entry_is_never_emptied ON journal_entry;
DROP TRIGGER block_is_written_once ON journal_block;
DROP TRIGGER block_is_never_emptied ON journal_block;
DROP FUNCTION journal_is_written_once();
"""


class Migration(migrations.Migration):
    """Have the database itself refuse to change, delete or empty the journal."""

    dependencies = [("journal", "0001_initial")]

    operations = [migrations.RunSQL(REFUSE, ALLOW)]
