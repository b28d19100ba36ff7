"""How the lines of a file join the registry: laid aside by COPY, judged together, then written by one statement."""

# ruff: noqa: S608 - the only words put into these statements are the names of our own tables and columns

from collections.abc import Iterable, Iterator
from contextlib import suppress
from typing import Any

from django.core.exceptions import FieldDoesNotExist
from django.db import connection

from escale.domain.registry.models import Beneficiary, InsuredPerson, Link
from escale.domain.registry.reading import INSURED, Refusal, Sheet

_LOCK = 0x0E5CA1F

_PEOPLE, _BENEFICIARIES = InsuredPerson._meta.db_table, Beneficiary._meta.db_table
_SELF = Link.SELF.value
_OWNER = {
    "insured_id": f"{_PEOPLE} owner ON owner.nir_digest = incoming.nir_digest",
    "beneficiary_id": f"({_BENEFICIARIES} owner JOIN {_PEOPLE} insured ON insured.id = owner.insured_id)"
    f" ON insured.nir_digest = incoming.nir_digest AND owner.link = incoming.link AND (incoming.link = '{_SELF}'"
    " OR (owner.first_names, owner.born_on) = (incoming.first_names, incoming.born_on))",
}


def hold() -> None:
    """Let one at a time take a file over, or turn the keys of the numbers, until the end of the transaction."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])


def lay_aside(sheet: Sheet, rows: Iterable[tuple[Any, ...]]) -> None:
    """Stream rows (line number, then the values) into a table of this transaction."""
    typed = ", ".join(f"{column} {_type_of(sheet, column)}" for column in sheet.kept)
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL work_mem = '64MB'")
        cursor.execute("DROP TABLE IF EXISTS incoming, judged")
        cursor.execute(f"CREATE TEMP TABLE incoming (line bigint, {typed}) ON COMMIT DROP")
        with cursor.copy("COPY incoming FROM STDIN") as copy:
            for row in rows:
                copy.write_row(row)
        cursor.execute("ANALYZE incoming")


def _type_of(sheet: Sheet, column: str) -> str | None:
    for model in (sheet.model, Beneficiary, InsuredPerson):
        with suppress(FieldDoesNotExist):
            return model._meta.get_field(column).db_type(connection)
    raise LookupError(column)


def judge(sheet: Sheet) -> Iterator[Refusal]:
    """Find to whom each row belongs; refuse those of nobody known, and those that say again what a line before said."""
    owner = f", owner.id AS {sheet.owner}" if sheet.owner else ""
    owners = f"LEFT JOIN {_OWNER[sheet.owner]}" if sheet.owner else ""
    is_owned = f"{sheet.owner} IS NOT NULL" if sheet.owner else "true"
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE TEMP TABLE judged ON COMMIT DROP AS"
            f" SELECT *, {is_owned} AND line = first_line AS is_kept FROM ("
            f"  SELECT *, min(line) OVER (PARTITION BY {', '.join(sheet.key)}) AS first_line"
            f"  FROM (SELECT incoming.*{owner} FROM incoming {owners}) owned) ranked"
        )
        cursor.execute("ANALYZE judged")
        refused = f"SELECT line, first_line, {is_owned} FROM judged WHERE NOT is_kept ORDER BY line"
        with cursor.copy(f"COPY ({refused}) TO STDOUT") as copy:
            copy.set_types(["int8", "int8", "bool"])
            for line, first_line, owned in copy.rows():
                yield Refusal(line, "", f"Déjà dit à la ligne {first_line}." if owned else _UNKNOWN[sheet.owner])


_UNKNOWN = {
    "insured_id": "Aucun assuré connu n’a ce numéro de sécurité sociale.",
    "beneficiary_id": "Aucun bénéficiaire connu n’a ce lien, ces prénoms et cette date de naissance.",
}


def merge(sheet: Sheet) -> tuple[int, int]:
    """Write the rows that were not refused; return how many are new and how many correct a known one."""
    table, key = sheet.model._meta.db_table, ", ".join(sheet.key)
    known = {field.column for field in sheet.model._meta.concrete_fields}
    columns = [column for column in (sheet.owner, *sheet.kept) if column in known]
    values = [column for column in columns if column not in (*sheet.key, *sheet.once)]
    told = [column for column in values if column not in sheet.with_others]
    with connection.cursor() as cursor:
        cursor.execute(
            f"WITH written AS (INSERT INTO {table} AS known ({', '.join(columns)})"
            f" SELECT {', '.join(columns)} FROM judged WHERE is_kept"
            f" ON CONFLICT ({key}) DO UPDATE SET {', '.join(f'{value} = EXCLUDED.{value}' for value in values)}"
            f" WHERE ({_each('known', told)}) IS DISTINCT FROM ({_each('EXCLUDED', told)})"
            " RETURNING xmax = 0 AS is_new)"
            " SELECT count(*) FILTER (WHERE is_new), count(*) FILTER (WHERE NOT is_new) FROM written"
        )
        created, changed = cursor.fetchone()
        if sheet is INSURED:
            _make_beneficiaries_of_themselves()
        cursor.execute(f"ANALYZE {table}, {_BENEFICIARIES}")
    return created, changed


def _each(table: str, columns: Iterable[str]) -> str:
    return ", ".join(f"{table}.{column}" for column in columns)


def _make_beneficiaries_of_themselves() -> None:
    """Keep the row of each insured person among the beneficiaries: since their birth, under the name in use."""
    values = ["last_name", "first_names", "born_on"]
    with connection.cursor() as cursor:
        cursor.execute(
            f"MERGE INTO {_BENEFICIARIES} own USING ("
            "  SELECT person.id, coalesce(nullif(person.used_name, ''), person.birth_name) AS last_name,"
            "  person.first_names, person.born_on"
            f"  FROM judged JOIN {_PEOPLE} person ON person.nir_digest = judged.nir_digest WHERE is_kept) said"
            f" ON own.insured_id = said.id AND own.link = '{_SELF}'"
            f" WHEN MATCHED AND ({_each('own', values)}) IS DISTINCT FROM ({_each('said', values)})"
            f" THEN UPDATE SET {', '.join(f'{value} = said.{value}' for value in values)}, valid_from = said.born_on"
            f" WHEN NOT MATCHED THEN INSERT (insured_id, link, valid_from, {', '.join(values)})"
            f" VALUES (said.id, '{_SELF}', said.born_on, {_each('said', values)})"
        )
