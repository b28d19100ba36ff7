"""Say of the claims that were sent before what the queue reads: their cares, what they cost, who cared."""

from django.db import migrations

from escale.rules.identity import folded

PAGE = 2_000

# The rate is the frozen one, else that of the estimate given at the sending; without one, nothing is known.
TELL = """
UPDATE claims_claim claim SET cares = told.cares, euros = told.euros
FROM (
    SELECT bill.claim_id, array_agg(DISTINCT line.care ORDER BY line.care) AS cares,
        CASE WHEN bool_and(line.expense IS NOT NULL OR line.estimate->'quote'->>0 IS NOT NULL)
             THEN sum(coalesce(line.expense, round(line.amount / (line.estimate->'quote'->>0)::numeric, 2))) END AS euros
    FROM claims_claimline line JOIN claims_bill bill ON bill.id = line.bill_id
    WHERE bill.claim_id > %s AND bill.claim_id <= %s
    GROUP BY bill.claim_id
) told
WHERE claim.id = told.claim_id AND claim.sent_at IS NOT NULL
"""


def tell(apps, schema_editor):
    """Fill in the columns, some claims at a time."""
    Claim, Bill = apps.get_model("claims", "Claim"), apps.get_model("claims", "Bill")
    last = Claim.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
    with schema_editor.connection.cursor() as cursor:
        for first in range(0, last, PAGE):
            cursor.execute(TELL, [first, first + PAGE])
    after = 0
    while bills := list(Bill.objects.filter(pk__gt=after).order_by("pk").only("provider")[:PAGE]):
        for bill in bills:
            bill.folded_provider = folded(bill.provider)[:200]
        Bill.objects.bulk_update(bills, ["folded_provider"])
        after = bills[-1].pk


class Migration(migrations.Migration):

    dependencies = [
        ('claims', '0017_what_the_queue_reads'),
    ]

    operations = [migrations.RunPython(tell, migrations.RunPython.noop)]
