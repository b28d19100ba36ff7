from django.db import migrations

GUARD = """
CREATE FUNCTION bank_event_stays_as_told() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'what the bank told stays as it was told' USING ERRCODE = 'integrity_constraint_violation';
END $$;
CREATE TRIGGER bank_event_is_kept BEFORE DELETE ON payments_bankevent FOR EACH ROW
    EXECUTE FUNCTION bank_event_stays_as_told();
CREATE TRIGGER bank_event_stays_as_told BEFORE UPDATE ON payments_bankevent FOR EACH ROW WHEN (
    OLD.outcome <> 'early'
    OR (OLD.file_id, OLD.place, OLD.fingerprint, OLD.what, OLD.amount, OLD.currency, OLD.booked_on, OLD.end_to_end_id)
    IS DISTINCT FROM
    (NEW.file_id, NEW.place, NEW.fingerprint, NEW.what, NEW.amount, NEW.currency, NEW.booked_on, NEW.end_to_end_id)
) EXECUTE FUNCTION bank_event_stays_as_told();
"""

UNGUARD = """
DROP TRIGGER bank_event_is_kept ON payments_bankevent;
DROP TRIGGER bank_event_stays_as_told ON payments_bankevent;
DROP FUNCTION bank_event_stays_as_told;
"""


class Migration(migrations.Migration):
    """Have the database itself refuse to change what the bank told: only what waited may find its outcome."""

    dependencies = [("payments", "0006_what_comes_back")]

    operations = [migrations.RunSQL(GUARD, UNGUARD)]
