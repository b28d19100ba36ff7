from django.db import migrations

REFUSE = """
CREATE FUNCTION decided_line_is_frozen() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (
        SELECT 1 FROM claims_bill JOIN claims_claim ON claims_claim.id = claims_bill.claim_id
        WHERE claims_bill.id = OLD.bill_id AND claims_claim.status = 'processed'
    ) THEN
        RAISE EXCEPTION 'the amounts of a decided line are frozen' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER decided_line_is_frozen BEFORE UPDATE ON claims_claimline FOR EACH ROW
    WHEN ((OLD.rate, OLD.rate_source, OLD.rate_on, OLD.amount, OLD.expense, OLD.due)
          IS DISTINCT FROM (NEW.rate, NEW.rate_source, NEW.rate_on, NEW.amount, NEW.expense, NEW.due))
    EXECUTE FUNCTION decided_line_is_frozen();
"""

ALLOW = """
DROP TRIGGER decided_line_is_frozen ON claims_claimline;
DROP FUNCTION decided_line_is_frozen();
"""


class Migration(migrations.Migration):
    """Have the database itself refuse to change the rate or the amounts of a line once its claim is processed."""

    dependencies = [("rates", "0001_rates"), ("claims", "0001_initial")]

    operations = [migrations.RunSQL(REFUSE, ALLOW)]
