from django.db import migrations

FREEZE = """
CREATE OR REPLACE FUNCTION decided_line_is_frozen() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (
        SELECT 1 FROM claims_bill JOIN claims_claim ON claims_claim.id = claims_bill.claim_id
        WHERE claims_bill.id = OLD.bill_id AND claims_claim.status = 'processed'
    ) THEN
        RAISE EXCEPTION 'a decided line is frozen' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
END $$;
DROP TRIGGER decided_line_is_frozen ON claims_claimline;
CREATE TRIGGER decided_line_is_frozen BEFORE UPDATE ON claims_claimline FOR EACH ROW
    WHEN (OLD.* IS DISTINCT FROM NEW.*) EXECUTE FUNCTION decided_line_is_frozen();
CREATE TRIGGER decided_line_is_kept BEFORE DELETE ON claims_claimline FOR EACH ROW
    EXECUTE FUNCTION decided_line_is_frozen();
"""

THAW = """
DROP TRIGGER decided_line_is_kept ON claims_claimline;
DROP TRIGGER decided_line_is_frozen ON claims_claimline;
CREATE TRIGGER decided_line_is_frozen BEFORE UPDATE ON claims_claimline FOR EACH ROW
    WHEN ((OLD.rate, OLD.rate_source, OLD.rate_on, OLD.amount, OLD.expense, OLD.due)
          IS DISTINCT FROM (NEW.rate, NEW.rate_source, NEW.rate_on, NEW.amount, NEW.expense, NEW.due))
    EXECUTE FUNCTION decided_line_is_frozen();
"""


class Migration(migrations.Migration):
    """
    Have the database itself refuse to change or to delete a line once its claim is processed.

    Not only its amounts: contributions feed the ceilings of other claims, circumstances and edition its recomputing.
    """

    dependencies = [("claims", "0008_day_counted"), ("rates", "0002_decided_lines_keep_their_rate")]

    operations = [migrations.RunSQL(FREEZE, THAW)]
