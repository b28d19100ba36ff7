from django.db import migrations

NUMBERING = 0x1ED6E4  # one transaction at a time numbers its entries or closes a month, and only while it ends

WRITTEN_ONCE = """
CREATE FUNCTION ledger_is_written_once() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the ledger is written once: % refused on %', TG_OP, TG_TABLE_NAME
        USING ERRCODE = 'integrity_constraint_violation';
END $$;
CREATE TRIGGER entry_is_written_once BEFORE DELETE ON ledger_accountingentry
    FOR EACH ROW EXECUTE FUNCTION ledger_is_written_once();
CREATE TRIGGER entry_changes_its_number_only AFTER UPDATE ON ledger_accountingentry
    FOR EACH ROW WHEN (OLD.number IS NOT NULL OR to_jsonb(OLD) - 'number' IS DISTINCT FROM to_jsonb(NEW) - 'number')
    EXECUTE FUNCTION ledger_is_written_once();
CREATE TRIGGER entry_is_never_emptied BEFORE TRUNCATE ON ledger_accountingentry
    FOR EACH STATEMENT EXECUTE FUNCTION ledger_is_written_once();
CREATE TRIGGER line_is_written_once BEFORE UPDATE OR DELETE ON ledger_entryline
    FOR EACH ROW EXECUTE FUNCTION ledger_is_written_once();
CREATE TRIGGER line_is_never_emptied BEFORE TRUNCATE ON ledger_entryline
    FOR EACH STATEMENT EXECUTE FUNCTION ledger_is_written_once();
CREATE TRIGGER balance_is_written_once BEFORE UPDATE OR DELETE ON ledger_monthlybalance
    FOR EACH ROW EXECUTE FUNCTION ledger_is_written_once();
CREATE TRIGGER balance_is_never_emptied BEFORE TRUNCATE ON ledger_monthlybalance
    FOR EACH STATEMENT EXECUTE FUNCTION ledger_is_written_once();
CREATE TRIGGER month_is_closed_for_good BEFORE UPDATE OR DELETE ON ledger_accountingmonth
    FOR EACH ROW WHEN (OLD.status = 'closed') EXECUTE FUNCTION ledger_is_written_once();
CREATE TRIGGER month_is_never_emptied BEFORE TRUNCATE ON ledger_accountingmonth
    FOR EACH STATEMENT EXECUTE FUNCTION ledger_is_written_once();
"""

CHANGED_AT_WILL = """
DROP TRIGGER entry_is_written_once ON ledger_accountingentry;
DROP TRIGGER entry_changes_its_number_only ON ledger_accountingentry;
DROP TRIGGER entry_is_never_emptied ON ledger_accountingentry;
DROP TRIGGER line_is_written_once ON ledger_entryline;
DROP TRIGGER line_is_never_emptied ON ledger_entryline;
DROP TRIGGER balance_is_written_once ON ledger_monthlybalance;
DROP TRIGGER balance_is_never_emptied ON ledger_monthlybalance;
DROP TRIGGER month_is_closed_for_good ON ledger_accountingmonth;
DROP TRIGGER month_is_never_emptied ON ledger_accountingmonth;
DROP FUNCTION ledger_is_written_once;
"""

# An entry is dated in an open month, which stays open until it is committed; it gets its number, the next of its journal
# and year, when it is committed whole and balanced. Its lines come with it, never later.
BALANCED = f"""
CREATE FUNCTION entry_is_dated_in_an_open_month() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM FROM ledger_accountingmonth
      WHERE first_on = NEW.month_id AND first_on = date_trunc('month', NEW."on") AND status <> 'closed' FOR KEY SHARE;
    IF NOT FOUND OR NEW.number IS NOT NULL THEN
        RAISE EXCEPTION 'an entry is dated in an open month, and numbered by the database'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER entry_is_dated_in_an_open_month BEFORE INSERT ON ledger_accountingentry
    FOR EACH ROW EXECUTE FUNCTION entry_is_dated_in_an_open_month();

CREATE FUNCTION lines_come_with_their_entry() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM added JOIN ledger_accountingentry entry ON entry.id = added.entry_id
                WHERE entry.number IS NOT NULL OR entry.month_id <> added.month) THEN
        RAISE EXCEPTION 'a line comes with its entry, in its month' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER lines_come_with_their_entry AFTER INSERT ON ledger_entryline
    REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION lines_come_with_their_entry();

CREATE FUNCTION entry_is_balanced_and_numbered() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (SELECT sum(debit) IS DISTINCT FROM sum(credit) OR count(*) < 2 FROM ledger_entryline WHERE entry_id = NEW.id) THEN
        RAISE EXCEPTION 'an entry is balanced' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    PERFORM pg_advisory_xact_lock({NUMBERING});
    UPDATE ledger_accountingentry
       SET number = (SELECT COALESCE(max(number), 0) + 1 FROM ledger_accountingentry
                      WHERE journal = NEW.journal AND year = NEW.year)
     WHERE id = NEW.id;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER entry_is_balanced_and_numbered AFTER INSERT ON ledger_accountingentry
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION entry_is_balanced_and_numbered();
"""

UNBALANCED = """
DROP TRIGGER entry_is_dated_in_an_open_month ON ledger_accountingentry;
DROP TRIGGER lines_come_with_their_entry ON ledger_entryline;
DROP TRIGGER entry_is_balanced_and_numbered ON ledger_accountingentry;
DROP FUNCTION entry_is_dated_in_an_open_month, lines_come_with_their_entry, entry_is_balanced_and_numbered;
"""

# No month opens before a closed one, none closes after an open one, and what it came to is the sum of its lines.
CLOSED_IN_ORDER = f"""
CREATE FUNCTION months_open_and_close_in_order() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' OR EXISTS (SELECT FROM ledger_accountingmonth WHERE first_on > NEW.first_on) THEN
        PERFORM pg_advisory_xact_lock({NUMBERING});
    END IF;
    IF TG_OP = 'INSERT' THEN
        IF NEW.status = 'closed'
           OR EXISTS (SELECT FROM ledger_accountingmonth WHERE first_on > NEW.first_on AND status = 'closed') THEN
            RAISE EXCEPTION 'a month opens after those that are closed' USING ERRCODE = 'integrity_constraint_violation';
        END IF;
    ELSIF EXISTS (SELECT FROM ledger_accountingmonth WHERE first_on < NEW.first_on AND status <> 'closed') THEN
        RAISE EXCEPTION 'months are closed in their order' USING ERRCODE = 'integrity_constraint_violation';
    ELSIF EXISTS (
        SELECT account, budget, sum(debit), sum(credit) FROM ledger_entryline WHERE month = NEW.first_on GROUP BY 1, 2
        EXCEPT SELECT account, budget, debit, credit FROM ledger_monthlybalance WHERE month_id = NEW.first_on
    ) OR EXISTS (
        SELECT account, budget FROM ledger_monthlybalance WHERE month_id = NEW.first_on
        EXCEPT SELECT account, budget FROM ledger_entryline WHERE month = NEW.first_on
    ) THEN
        RAISE EXCEPTION 'the balances of a month are the sums of its lines'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER months_open_in_order BEFORE INSERT ON ledger_accountingmonth
    FOR EACH ROW EXECUTE FUNCTION months_open_and_close_in_order();
CREATE TRIGGER months_close_in_order BEFORE UPDATE ON ledger_accountingmonth
    FOR EACH ROW WHEN (NEW.status = 'closed') EXECUTE FUNCTION months_open_and_close_in_order();
CREATE FUNCTION balance_is_of_an_open_month() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM ledger_accountingmonth WHERE first_on = NEW.month_id AND status = 'closed') THEN
        RAISE EXCEPTION 'a closed month has its balances' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER balance_is_of_an_open_month BEFORE INSERT ON ledger_monthlybalance
    FOR EACH ROW EXECUTE FUNCTION balance_is_of_an_open_month();
"""

CLOSED_AT_WILL = """
DROP TRIGGER months_open_in_order ON ledger_accountingmonth;
DROP TRIGGER months_close_in_order ON ledger_accountingmonth;
DROP TRIGGER balance_is_of_an_open_month ON ledger_monthlybalance;
DROP FUNCTION months_open_and_close_in_order, balance_is_of_an_open_month;
"""


class Migration(migrations.Migration):
    """Have the database itself keep the ledger: written once, balanced, numbered without a gap, closed month by month."""

    dependencies = [("ledger", "0001_initial")]

    operations = [
        migrations.RunSQL(WRITTEN_ONCE, CHANGED_AT_WILL),
        migrations.RunSQL(BALANCED, UNBALANCED),
        migrations.RunSQL(CLOSED_IN_ORDER, CLOSED_AT_WILL),
    ]
