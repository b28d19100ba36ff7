from django.db import migrations

# A line taken up again since keeps the figures that it has now: those by which it was ordered first are in its letter.
FIGURES = """
SET CONSTRAINTS ALL IMMEDIATE;
ALTER TABLE claims_award DISABLE TRIGGER award_is_written_once;
UPDATE claims_award SET figures = jsonb_build_object(
    'given_on', l.given_on, 'care', l.care, 'amount', l.amount::text, 'paid_elsewhere', l.paid_elsewhere::text,
    'act', l.act, 'quantity', l.quantity, 'days', l.days, 'exemption', l.exemption, 'rate', l.rate::text,
    'rate_source', l.rate_source, 'rate_on', l.rate_on, 'expense', l.expense::text, 'due', l.due::text,
    'participation', l.participation::text, 'franchise', l.franchise::text, 'counted_on', l.counted_on,
    'explanation', l.explanation, 'refused', l.refused, 'reason_code', l.reason_code, 'reason', l.reason)
  FROM claims_claimline l WHERE l.id = claims_award.line_id AND claims_award.figures = '{}';
SET CONSTRAINTS ALL IMMEDIATE;
ALTER TABLE claims_award ENABLE TRIGGER award_is_written_once;
"""


class Migration(migrations.Migration):
    """Write the figures of what was ordered before they were kept."""

    dependencies = [("claims", "0034_awards_keep_their_figures")]

    operations = [migrations.RunSQL(FIGURES, migrations.RunSQL.noop)]
