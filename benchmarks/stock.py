"""A Fund that has known millions of claims: written by the database itself, its indexes made afterwards."""

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from typing import Any

from django.apps import apps
from django.db import connection, transaction
from django.db.models import Field, GeneratedField, Model
from django.db.models.fields import NOT_PROVIDED

from benchmarks import figures, house, names
from escale.domain.accounts.models import Account, Role
from escale.domain.claims.models import Claim
from escale.domain.registry.models import sealed
from escale.rules.identity import folded

RECIPE = 1
"""Counts up when what is written changes: what was filled by another recipe is filled again."""
STOCK = 20_000
"""How many claims are worked on at once, at most: what a Fund has does not grow with what it has known."""
EACH = 20
"""Claims of one person."""
AGENTS = 20
STEP = 500_000
_FIRST = date(1950, 1, 1)
_MOMENT = (
    "now() - CASE WHEN worked THEN make_interval(mins => n %% 14000) ELSE make_interval(days => 20 + n %% 1800) END"
)

# Table by table: which claims have a row, then the columns without a default of their own, by the claim's rank `n`. The
# newest are worked on (`worked`): one in ten by a physician, one in seven waits for a paper, one in a hundred for a
# second look.
_ROWS: dict[str, tuple[str, dict[str, str]]] = {
    "registry.Beneficiary": ("n <= %(people)s", {
        "id": "n", "insured_id": "n", "link": "'self'", "valid_from": "date '1950-01-01'",
        "last_name": "(SELECT birth_name FROM registry_insuredperson person WHERE person.id = n)",
        "first_names": "(SELECT first_names FROM registry_insuredperson person WHERE person.id = n)",
        "born_on": "(SELECT born_on FROM registry_insuredperson person WHERE person.id = n)",
    }),
    "claims.Claim": ("true", {
        "id": "n", "number": "lpad((n / 100000)::text, 5, '0') || '-' || lpad((n %% 100000)::text, 5, '0')",
        "request_key": "gen_random_uuid()",
        "insured_id": "1 + n %% %(people)s", "beneficiary_id": "1 + n %% %(people)s",
        "territory": "(ARRAY['DJ', 'SN', 'TH', 'US', 'DE', 'GA', 'PF'])[1 + n %% 7]", "stay": "'posting'",
        "stay_from": "date '2020-01-01'", "opened_at": "moment", "sent_at": "moment", "due_on": "moment::date + 7",
        "status": "CASE WHEN NOT worked THEN 'refused' WHEN n %% 10 = 0 THEN 'medical_opinion' ELSE 'in_progress' END",
        "cares": "(ARRAY['{generalist}', '{dental,imaging}', '{hospital}', '{pharmacy,generalist}']::text[])"
                 "[1 + n %% 4]::varchar[]",
        "euros": "20 + n %% 3000", "unread_since": "CASE WHEN worked AND n %% 50 = 1 THEN moment END",
    }),
    "claims.Bill": ("true", {
        "id": "n", "claim_id": "n", "provider": "'Clinique ' || n %% 20000", "currency": "'EUR'",
        "folded_provider": "'clinique ' || n %% 20000",
    }),
    "claims.ClaimLine": ("true", {
        "id": "n", "bill_id": "n", "given_on": "moment::date - 3", "care": "'generalist'", "amount": "20 + n %% 3000",
        "decision_id": "CASE WHEN NOT worked THEN n END",
    }),
    "claims.Attachment": ("true", {
        "id": "n", "claim_id": "n", "bill_id": "n", "document_id": "1 + n %% 1000", "paper": "'invoice'",
        "verdict": "CASE WHEN worked THEN '' ELSE 'accepted' END",
        "judged_by_id": "CASE WHEN NOT worked THEN %(agent)s END", "judged_at": "CASE WHEN NOT worked THEN moment END",
    }),
    "claims.AskedPaper": ("n %% 50 = 1 OR worked AND n %% 7 = 0 AND n %% 10 > 0", {
        "claim_id": "n", "paper": "'prescription'", "label": "'Prescription'", "words": "'La date manque.'",
        "asked_by_id": "%(agent)s", "asked_at": "moment", "answer_id": "CASE WHEN n %% 50 = 1 THEN n END",
        "ended_at": "CASE WHEN n %% 50 = 1 THEN moment END",
    }),
    "claims.Decision": ("NOT worked OR n %% 100 = 7", {
        "id": "n", "claim_id": "n", "by_id": "%(agent)s + n %% %(agents)s", "at": "moment",
        "taken_at": "CASE WHEN NOT worked THEN moment END", "second_look": "CASE WHEN worked THEN 'drawn' ELSE '' END",
    }),
    "claims.Pause": ("n %% CASE WHEN worked THEN 7 ELSE 5 END = 0 AND n %% 10 > 0 OR NOT worked AND n %% 10 = 0", {
        "claim_id": "n", "reason": "'papers'", "paused_from": "least(moment::date + 1, current_date)",
        "paused_until": "CASE WHEN NOT worked THEN moment::date + 4 END",
    }),
    "desk.Assignment": ("worked AND n %% 20 = 3", {
        "claim_id": "n", "account_id": "%(agent)s + n / 20 %% %(agents)s", "given_by_id": "%(agent)s",
        "given_at": "moment",
    }),
    "desk.Alert": ("n %% 10 = 5", {"claim_id": "n", "kind": "'agent'", "raised_at": "moment"}),
}  # fmt: skip
_DOCUMENTS = """
INSERT INTO documents_document (id, insured_id, status, name, media_type, size, sha256, key, unlocked_key,
    unlocked_sha256, finding, signatures, removed, received_at, scanned_at, verified_at)
SELECT n, n, 'clean', 'facture.pdf', 'application/pdf', 100000, lpad(to_hex(n), 64, '0'), 'bench-' || n, '', '', '',
    '', '[]', now(), now(), now() FROM generate_series(1, 1000) n
"""


def fill(size: int) -> None:
    """Have so many claims in this database, and nothing else; one that has them already is left as it is."""
    if _known() == f"{RECIPE}/{size}":
        return
    agents = [house.account(f"agent-{rank}@bench.example", Role.AGENT) for rank in range(AGENTS)]
    given = {"size": size, "people": max(1_000, size // EACH), "stock": min(size, STOCK), "agents": AGENTS,
             "agent": min(agent.pk for agent in agents)}  # fmt: skip
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL maintenance_work_mem = '1GB'; SET LOCAL max_parallel_maintenance_workers = 2")
        cursor.execute("SELECT rolsuper FROM pg_roles WHERE rolname = current_user")
        if cursor.fetchone() == (True,):
            cursor.execute("SET LOCAL session_replication_role = replica")  # keys point where they should: not checked
        cursor.execute("TRUNCATE registry_insuredperson RESTART IDENTITY CASCADE")
        people(given["people"])
        cursor.execute(_DOCUMENTS)
        for name, (kept, columns) in _ROWS.items():
            _write(apps.get_model(name), kept, columns, given)
        cursor.execute(f"COMMENT ON TABLE claims_claim IS '{RECIPE}/{size}'")
    with connection.cursor() as cursor:
        cursor.execute("VACUUM (ANALYZE, PARALLEL 2)")


def _known() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT obj_description('claims_claim'::regclass)")
        [known] = cursor.fetchone()
    return known or ""


def people(number: int) -> None:
    """Write the people with names that may be looked for, and a NIR whose key is right."""
    identity = "id, nir_digest, nir_sealed, birth_name, used_name, first_names, folded_name, born_on"
    copied = f"COPY registry_insuredperson ({identity}, category, basis, residence) FROM STDIN"
    with connection.cursor() as cursor, cursor.copy(copied) as copy:
        for rank in range(1, number + 1):
            name, first_name = name_of(rank), first_name_of(rank)
            born_on = _FIRST + timedelta(days=rank % 18_000)
            copy.write_row((rank, *sealed.sealed(nir_of(rank)), name, "", first_name, folded(f"{name} {first_name}"),
                            born_on, "active", "service", "france"))  # fmt: skip


def name_of(rank: int) -> str:
    """Return the double name of one of the people: some forty bear the same among five hundred thousand."""
    return f"{names.LAST[rank % len(names.LAST)]}-{names.LAST[rank // len(names.LAST) % len(names.LAST)]}"


def first_name_of(rank: int) -> str:
    """Return the first name of one of the people."""
    return names.WOMEN[rank % len(names.WOMEN)]


def called(rank: int) -> str:
    """Return how one of the people is called, and no other at any size."""
    return f"{name_of(rank)} {first_name_of(rank)}"


def nir_of(rank: int) -> str:
    """Return the NIR of one of the people, with its key."""
    body = f"2{_FIRST.year + rank % 50 - 1900:02d}0175{rank:06d}"
    return f"{body}{97 - int(body) % 97:02d}"


def _write(model: type[Model], kept: str, columns: dict[str, str], given: dict[str, int]) -> None:
    """Write the rows of a table, some at a time, without its indexes; then make these."""
    table, defaults = model._meta.db_table, _defaults(model, columns)
    named = ", ".join([*columns, *defaults])
    values = ", ".join([*columns.values(), *(f"%({name})s" for name in defaults)])
    statement = (
        f"INSERT INTO {table} ({named}) SELECT {values} FROM generate_series(%(first)s, %(last)s) n, "
        f"LATERAL (SELECT n > %(size)s - %(stock)s AS worked) which, LATERAL (SELECT {_MOMENT} AS moment) sent "
        f"WHERE {kept}"
    )
    began = time.perf_counter()
    with connection.cursor() as cursor, _bare(table):
        for first in range(1, given["size"] + 1, STEP):
            last = min(given["size"], first + STEP - 1)
            cursor.execute(statement, {**given, **defaults, "first": first, "last": last})
            print(f"\r  {table} : {figures.told(last)}", end="", file=sys.stderr, flush=True)
        if "id" in columns:
            cursor.execute(f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), max(id)) FROM {table}")
    print(f" en {figures.seconds(time.perf_counter() - began)}", file=sys.stderr, flush=True)


def _defaults(model: type[Model], columns: dict[str, str]) -> dict[str, Any]:
    """Return what the house writes of itself in the columns that are not given."""
    return {
        str(field.column): field.get_db_prep_save(field.get_default(), connection)
        for field in model._meta.concrete_fields
        if field.column not in columns and _is_to_be_given(field)
    }


def _is_to_be_given(field: "Field[Any, Any]") -> bool:
    by_the_database = field.primary_key or isinstance(field, GeneratedField) or field.db_default is not NOT_PROVIDED
    return not (field.null or by_the_database)


@contextmanager
def _bare(table: str) -> Iterator[None]:
    """Take the indexes of a table away, but for its primary key, and make them again afterwards."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT conname, pg_get_constraintdef(oid) FROM pg_constraint "
                       "WHERE conrelid = %s::regclass AND contype = 'u'", [table])  # fmt: skip
        unique = cursor.fetchall()
        for name, _definition in unique:
            cursor.execute(f'ALTER TABLE {table} DROP CONSTRAINT "{name}"')
        cursor.execute("SELECT indexrelid::regclass::text, pg_get_indexdef(indexrelid) FROM pg_index "
                       "WHERE indrelid = %s::regclass AND NOT indisprimary", [table])  # fmt: skip
        indexes = cursor.fetchall()
        for name, _definition in indexes:
            cursor.execute(f"DROP INDEX {name}")
        yield
        for name, definition in unique:
            cursor.execute(f'ALTER TABLE {table} ADD CONSTRAINT "{name}" {definition}')
        for _name, definition in indexes:
            cursor.execute(definition)


def worked_on(number: int) -> list[Claim]:
    """Return claims that an agent treats, spread over the queue."""
    waiting = Claim.objects.filter(status="in_progress", decisions=None).order_by("due_on", "pk")
    return list(waiting[:: max(1, waiting.count() // number)][:number])


def insured(account: Account) -> None:
    """Make one of the people the owner of this account."""
    apps.get_model("registry", "InsuredPerson")._default_manager.filter(pk=1).update(account=account)
