from django.db import migrations, models

GUARD = """
CREATE FUNCTION payment_lines_make_the_order() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE wanted payments_paymentorder.id%TYPE;
BEGIN
    IF TG_TABLE_NAME = 'payments_paymentorder' THEN wanted := NEW.id; ELSE wanted := NEW.order_id; END IF;
    IF (SELECT amount FROM payments_paymentorder WHERE id = wanted)
       IS DISTINCT FROM (SELECT sum(amount) FROM payments_paymentline WHERE order_id = wanted) THEN
        RAISE EXCEPTION 'the lines of an order make its sum' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER payment_lines_make_the_order AFTER INSERT ON payments_paymentorder
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION payment_lines_make_the_order();
CREATE CONSTRAINT TRIGGER payment_lines_make_the_order AFTER INSERT ON payments_paymentline
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION payment_lines_make_the_order();
CREATE FUNCTION payment_is_written_once() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'what was ordered is written once' USING ERRCODE = 'integrity_constraint_violation';
END $$;
CREATE TRIGGER payment_is_written_once BEFORE UPDATE ON payments_paymentorder FOR EACH ROW WHEN (
    (OLD.amount, OLD.iban, OLD.holder, OLD.reference, OLD.budget, OLD.budget_year, OLD.insured_id, OLD.replaces_id)
    IS DISTINCT FROM
    (NEW.amount, NEW.iban, NEW.holder, NEW.reference, NEW.budget, NEW.budget_year, NEW.insured_id, NEW.replaces_id)
) EXECUTE FUNCTION payment_is_written_once();
CREATE TRIGGER payment_is_written_once BEFORE UPDATE OR DELETE ON payments_paymentline FOR EACH ROW
    EXECUTE FUNCTION payment_is_written_once();
"""

UNGUARD = """
DROP TRIGGER payment_lines_make_the_order ON payments_paymentorder;
DROP TRIGGER payment_lines_make_the_order ON payments_paymentline;
DROP TRIGGER payment_is_written_once ON payments_paymentorder;
DROP TRIGGER payment_is_written_once ON payments_paymentline;
DROP FUNCTION payment_lines_make_the_order, payment_is_written_once;
"""


class Migration(migrations.Migration):
    """Have the database itself refuse an order that its lines do not make, or one that is written anew."""

    dependencies = [("payments", "0004_batches_in_the_vault")]

    operations = [
        migrations.RemoveField("batch", "content"),
        migrations.AlterField(
            "batch", "key", models.CharField(max_length=64, unique=True, verbose_name="clé du coffre")
        ),
        migrations.AlterField("batch", "size", models.PositiveBigIntegerField(verbose_name="taille du fichier")),
        migrations.RunSQL(GUARD, UNGUARD),
    ]
