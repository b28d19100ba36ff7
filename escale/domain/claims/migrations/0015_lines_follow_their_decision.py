from django.db import migrations

TELL = """
UPDATE claims_decision SET taken_at = at;
UPDATE claims_decision d SET order_id = o.id
  FROM (SELECT id, claim_id, row_number() OVER (PARTITION BY claim_id ORDER BY id) AS rank FROM claims_decision) ranked
  JOIN claims_claim c ON c.id = ranked.claim_id
  JOIN payments_paymentorder o ON o.reference = c.number || CASE WHEN rank = 1 THEN '' ELSE '-' || rank END
 WHERE d.id = ranked.id AND d.approved;
UPDATE claims_decision d SET annulled_at = at
  FROM payments_paymentorder o WHERE o.id = d.order_id AND o.status = 'rejected';
UPDATE claims_claimline l SET decision_id = d.id
  FROM claims_bill b JOIN claims_claim c ON c.id = b.claim_id JOIN claims_decision d ON d.claim_id = c.id
 WHERE l.bill_id = b.id AND c.status = 'processed' AND d.annulled_at IS NULL AND d.approved;
UPDATE claims_claimline l
   SET decision_id = d.id, refused = true, reason_code = d.reason_code, reason = d.explanation, due = 0,
       participation = 0, franchise = 0, explanation = '[]', to_judge = '[]', counted_on = d.at::date
  FROM claims_bill b JOIN claims_claim c ON c.id = b.claim_id JOIN claims_decision d ON d.claim_id = c.id
 WHERE l.bill_id = b.id AND c.status = 'refused' AND NOT d.approved;
"""

FORGET = """
UPDATE claims_claimline SET decision_id = NULL, refused = false, reason_code = '',
       due = CASE WHEN refused THEN NULL ELSE due END;
UPDATE claims_decision SET order_id = NULL;
"""


class Migration(migrations.Migration):
    """Tie the lines and the orders to the decisions that were taken; a refusal becomes that of each line."""

    dependencies = [("claims", "0014_decisions_line_by_line"), ("payments", "0001_initial")]

    operations = [migrations.RunSQL(TELL, FORGET)]
