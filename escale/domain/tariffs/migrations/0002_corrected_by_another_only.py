from django.db import migrations

REFUSE = """
CREATE FUNCTION edition_is_corrected_by_another_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'an edition is corrected by another only: % refused on %', TG_OP, TG_TABLE_NAME USING ERRCODE = 'integrity_constraint_violation';
END $$;
CREATE FUNCTION edition_is_filled_before_it_is_decided() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM added JOIN tariffs_edition edition ON edition.id = added.edition_id WHERE edition.status <> 'proposed') THEN
        RAISE EXCEPTION 'an edition is filled before it is decided: % refused on %', TG_OP, TG_TABLE_NAME USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER edition_is_decided_once BEFORE UPDATE ON tariffs_edition FOR EACH ROW
    WHEN (OLD.status <> 'proposed' OR (OLD.kind, OLD.effective_from, OLD.source, OLD.sha256, OLD.proposed_by_id)
          IS DISTINCT FROM (NEW.kind, NEW.effective_from, NEW.source, NEW.sha256, NEW.proposed_by_id))
    EXECUTE FUNCTION edition_is_corrected_by_another_only();
CREATE TRIGGER edition_is_kept BEFORE DELETE ON tariffs_edition FOR EACH ROW EXECUTE FUNCTION edition_is_corrected_by_another_only();
CREATE TRIGGER line_is_written_once BEFORE UPDATE OR DELETE ON tariffs_tariffline FOR EACH ROW EXECUTE FUNCTION edition_is_corrected_by_another_only();
CREATE TRIGGER row_is_written_once BEFORE UPDATE OR DELETE ON tariffs_amendedrow FOR EACH ROW EXECUTE FUNCTION edition_is_corrected_by_another_only();
CREATE TRIGGER line_comes_before_the_decision AFTER INSERT ON tariffs_tariffline REFERENCING NEW TABLE AS added
    FOR EACH STATEMENT EXECUTE FUNCTION edition_is_filled_before_it_is_decided();
CREATE TRIGGER row_comes_before_the_decision AFTER INSERT ON tariffs_amendedrow REFERENCING NEW TABLE AS added
    FOR EACH STATEMENT EXECUTE FUNCTION edition_is_filled_before_it_is_decided();
"""

ALLOW = """
DROP TRIGGER row_comes_before_the_decision ON tariffs_amendedrow;
DROP TRIGGER line_comes_before_the_decision ON tariffs_tariffline;
DROP TRIGGER row_is_written_once ON tariffs_amendedrow;
DROP TRIGGER line_is_written_once ON tariffs_tariffline;
DROP TRIGGER edition_is_kept ON tariffs_edition;
DROP TRIGGER edition_is_decided_once ON tariffs_edition;
DROP FUNCTION edition_is_filled_before_it_is_decided();
DROP FUNCTION edition_is_corrected_by_another_only();
"""


class Migration(migrations.Migration):
    """Have the database itself refuse to change an edition, other than to decide it once."""

    dependencies = [("tariffs", "0001_editions")]

    operations = [migrations.RunSQL(REFUSE, ALLOW)]
