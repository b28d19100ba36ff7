from django.db import migrations, models
from django.db.models import PROTECT, Q

HOLD = "LOCK TABLE claims_decision, claims_claimline IN ACCESS EXCLUSIVE MODE"  # nobody decides meanwhile

# A decision that was taken up holds no line any more, and its lines only say the sum of what such decisions ordered:
# of two in one claim, the older is taken to have ordered the first euros of the first lines.
TELL = """
INSERT INTO claims_award (decision_id, line_id, amount)
SELECT d.id, l.id, l.due - l.settled FROM claims_claimline l
  JOIN claims_decision d ON d.id = l.decision_id AND d.taken_at IS NOT NULL AND d.annulled_at IS NULL;
INSERT INTO claims_award (decision_id, line_id, amount)
SELECT d.id, l.id, LEAST(d.above, l.above) - GREATEST(d.above - d.total, l.above - l.settled)
  FROM (SELECT id, claim_id, total, sum(total) OVER (PARTITION BY claim_id ORDER BY id) AS above
          FROM claims_decision d WHERE taken_at IS NOT NULL AND annulled_at IS NULL AND total > 0
           AND NOT EXISTS (SELECT FROM claims_claimline WHERE decision_id = d.id)) d
  JOIN (SELECT l.id, b.claim_id, l.settled, sum(l.settled) OVER (PARTITION BY b.claim_id ORDER BY l.id) AS above
          FROM claims_claimline l JOIN claims_bill b ON b.id = l.bill_id WHERE l.settled > 0) l USING (claim_id)
 WHERE LEAST(d.above, l.above) > GREATEST(d.above - d.total, l.above - l.settled);
DO $$
DECLARE guessed text;
BEGIN
    FOR guessed IN
        SELECT c.number FROM claims_claim c JOIN claims_decision d ON d.claim_id = c.id
         WHERE d.taken_at IS NOT NULL AND d.annulled_at IS NULL AND d.total > 0
           AND NOT EXISTS (SELECT FROM claims_claimline WHERE decision_id = d.id)
         GROUP BY c.number HAVING count(*) > 1 ORDER BY c.number
    LOOP
        RAISE WARNING 'claim %: which of its decisions that were taken up ordered which line is a guess', guessed;
    END LOOP;
END $$;
SET CONSTRAINTS ALL IMMEDIATE;
"""

FORGET = """
ALTER TABLE claims_claimline DISABLE TRIGGER USER;
UPDATE claims_claimline SET settled = before.amount FROM (
  SELECT l.id, sum(a.amount) AS amount FROM claims_claimline l JOIN claims_award a ON a.line_id = l.id
    JOIN claims_decision d ON d.id = a.decision_id
   WHERE d.annulled_at IS NULL AND a.decision_id IS DISTINCT FROM l.decision_id GROUP BY l.id) before
 WHERE before.id = claims_claimline.id;
SET CONSTRAINTS ALL IMMEDIATE;
ALTER TABLE claims_claimline ENABLE TRIGGER USER;
"""

GUARD = """
CREATE FUNCTION award_is_what_was_missing() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.amount IS DISTINCT FROM (
        SELECT l.due - COALESCE((SELECT sum(a.amount) FROM claims_award a JOIN claims_decision d ON d.id = a.decision_id
                                  WHERE a.line_id = l.id AND d.annulled_at IS NULL), 0)
          FROM claims_claimline l WHERE l.id = NEW.line_id AND l.decision_id = NEW.decision_id
    ) THEN
        RAISE EXCEPTION 'an award is what is due less what was ordered'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE FUNCTION award_is_written_once() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'an award is written once' USING ERRCODE = 'integrity_constraint_violation';
END $$;
CREATE TRIGGER award_is_what_was_missing BEFORE INSERT ON claims_award FOR EACH ROW
    EXECUTE FUNCTION award_is_what_was_missing();
CREATE TRIGGER award_is_written_once BEFORE UPDATE OR DELETE ON claims_award FOR EACH ROW
    EXECUTE FUNCTION award_is_written_once();
CREATE OR REPLACE FUNCTION decided_line_is_frozen() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND NEW.decision_id IS NULL AND (
        EXISTS (SELECT FROM claims_decision WHERE id = OLD.decision_id AND annulled_at IS NOT NULL)
        OR to_jsonb(NEW) - 'decision_id' = to_jsonb(OLD) - 'decision_id'
        AND EXISTS (SELECT FROM claims_award WHERE line_id = OLD.id AND decision_id = OLD.decision_id)
    ) THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'a decided line is frozen' USING ERRCODE = 'integrity_constraint_violation';
END $$;
"""

UNGUARD = """
DROP TRIGGER award_is_what_was_missing ON claims_award;
DROP TRIGGER award_is_written_once ON claims_award;
DROP FUNCTION award_is_what_was_missing, award_is_written_once;
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
"""

OF_APPEAL = models.CharField(blank=True, db_default="", max_length=20, verbose_name="recours auquel elle est jointe")


class Migration(migrations.Migration):
    """
    Keep what each decision ordered for each line, in the place of their sum on the line.

    The database itself refuses to change it, and to order a euro twice. A line that was decided is let go, as it is,
    once what was ordered for it is kept. A file may also be joined to an appeal.

    Of a claim two decisions of which were taken up, which ordered which line is a guess: the log of the database names
    each such claim, to be looked at before a sum is claimed back on it.
    """

    dependencies = [("claims", "0026_months_that_a_letter_says")]

    operations = [
        migrations.RunSQL(HOLD, HOLD),
        migrations.CreateModel(
            name="Award",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("amount", models.DecimalField(decimal_places=2, max_digits=12, verbose_name="montant ordonné")),
                (
                    "decision",
                    models.ForeignKey(
                        on_delete=PROTECT, related_name="awards", to="claims.decision", verbose_name="décision"
                    ),
                ),
                (
                    "line",
                    models.ForeignKey(
                        on_delete=PROTECT, related_name="awards", to="claims.claimline", verbose_name="ligne de soins"
                    ),
                ),
            ],
            options={
                "verbose_name": "part ordonnée",
                "constraints": [
                    models.UniqueConstraint(fields=("decision", "line"), name="award_is_of_a_line_once"),
                    models.CheckConstraint(condition=Q(("amount__gte", 0)), name="award_takes_nothing_back"),
                ],
            },
        ),
        migrations.RunSQL(TELL, FORGET),
        migrations.RemoveConstraint("claimline", "line_decided_takes_nothing_back"),
        migrations.RemoveField("claimline", "settled"),
        migrations.RunSQL(GUARD, UNGUARD),
        migrations.AddField("attachment", "appeal", OF_APPEAL.clone()),
        migrations.AddField("arrival", "appeal", OF_APPEAL.clone()),
    ]
