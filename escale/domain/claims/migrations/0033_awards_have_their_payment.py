import django.db.models.deletion
from django.db import migrations, models

# An order that was given before it had lines gets one for each award that it pays; where they do not make its sum, one.
LINES = """
INSERT INTO payments_paymentline (order_id, benefit, legal_basis, label, amount)
SELECT o.id, 'care_abroad', 'CSS, art. L. 713-21 et L. 761-4',
       'Soins du ' || to_char(l.given_on, 'DD/MM/YYYY'), a.amount
  FROM payments_paymentorder o
  JOIN claims_decision d ON d.order_id = o.id
  JOIN claims_award a ON a.decision_id = d.id AND a.amount > 0
  JOIN claims_claimline l ON l.id = a.line_id
 WHERE NOT EXISTS (SELECT FROM payments_paymentline WHERE order_id = o.id)
   AND o.amount = (SELECT sum(amount) FROM claims_award WHERE decision_id = d.id)
 ORDER BY o.id, a.id;
INSERT INTO payments_paymentline (order_id, benefit, legal_basis, label, amount)
SELECT id, 'care_abroad', 'CSS, art. L. 713-21 et L. 761-4', 'Soins reçus hors de France', amount
  FROM payments_paymentorder o WHERE NOT EXISTS (SELECT FROM payments_paymentline WHERE order_id = o.id) ORDER BY id;
SET CONSTRAINTS ALL IMMEDIATE;
ALTER TABLE claims_award DISABLE TRIGGER award_is_written_once;
UPDATE claims_award SET payment_line_id = paid.line
  FROM (SELECT a.id, a.amount, d.order_id, row_number() OVER (PARTITION BY d.id ORDER BY a.id) AS rank
          FROM claims_award a JOIN claims_decision d ON d.id = a.decision_id WHERE a.amount > 0) owed
  JOIN (SELECT id AS line, amount, order_id, row_number() OVER (PARTITION BY order_id ORDER BY id) AS rank
          FROM payments_paymentline) paid USING (order_id, rank, amount)
 WHERE claims_award.id = owed.id AND payment_line_id IS NULL;
SET CONSTRAINTS ALL IMMEDIATE;
ALTER TABLE claims_award ENABLE TRIGGER award_is_written_once;
"""


class Migration(migrations.Migration):
    """Tie each award to the line of the order that pays it."""

    dependencies = [
        ("claims", "0032_bills_of_a_provider"),
        ("payments", "0005_orders_are_written_once"),
    ]

    operations = [
        migrations.AddField(
            "award",
            "payment_line",
            models.OneToOneField(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="award",
                to="payments.paymentline",
                verbose_name="ligne de paiement",
            ),
        ),
        migrations.RunSQL(LINES, migrations.RunSQL.noop),
    ]
