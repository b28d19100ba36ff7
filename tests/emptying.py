"""The database emptied after a test that commits: of what the test wrote, and of nothing else."""

from django.db import connection, transaction

KEPT = {"django_content_type", "auth_permission"}
"""What the migrations wrote, and no test changes."""
QUEUE = ["procrastinate_events", "procrastinate_periodic_defers", "procrastinate_jobs", "procrastinate_workers"]
"""Tables that Django does not look after, those that point to others first."""


def leave_nothing() -> None:
    """Delete every row of every table that has one, although the journal refuses it.

    To truncate all the tables, as Django does, makes some four hundred files anew; a test fills a handful.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        ours = connection.introspection.django_table_names(only_existing=True, include_views=False)
        tables = [*QUEUE, *sorted(set(ours) - KEPT)]
        cursor.execute(f"LOCK TABLE {', '.join(tables)} IN SHARE ROW EXCLUSIVE MODE")  # whoever still writes ends first
        cursor.execute(" UNION ALL ".join(f"SELECT '{table}' WHERE EXISTS (SELECT FROM {table})" for table in tables))
        filled = {table for (table,) in cursor.fetchall()}
        cursor.execute("SELECT DISTINCT tgrelid::regclass::text FROM pg_trigger WHERE NOT tgisinternal")
        guarded = filled & {table for (table,) in cursor.fetchall()}
        guards = "; ".join(f"ALTER TABLE {table} {{0}} TRIGGER USER" for table in sorted(guarded))
        rows = "; ".join(f"DELETE FROM {table}" for table in tables if table in filled)
        for statements in (guards.format("DISABLE"), rows, "SET CONSTRAINTS ALL IMMEDIATE", guards.format("ENABLE")):
            if statements:
                cursor.execute(statements)
