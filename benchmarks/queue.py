"""The desk when a thousand claims are known, then millions: the stock in work stays what a Fund has."""

import time
from collections.abc import Callable
from pathlib import Path
from urllib.parse import quote

from django.conf import settings
from django.db import connection, transaction
from django.db.models import QuerySet

from benchmarks import figures, house
from benchmarks.visitor import Visitor
from escale.domain.accounts.actor import Actor
from escale.domain.accounts.models import Role
from escale.domain.claims.lifecycle import Status
from escale.domain.claims.models import Claim
from escale.domain.desk import actions as desk
from escale.domain.desk import queries
from escale.domain.desk.filters import Filters, WaitsFor

SIZES = (1_000, 100_000, 1_000_000)
STOCK = 20_000
"""How many claims are worked on at once, at most."""
TIMES = 60
AT_ONCE = 100_000
SAID = "Écrit par `make bench only=queue claims=10000000` ; 20 000 demandes au plus sont en cours à la fois."
NOTE = Path(settings.CHECKOUT) / "docs" / "performance-queue.md"

_PEOPLE = """
INSERT INTO registry_insuredperson
    (nir, birth_name, used_name, first_names, folded_name, born_on, category, basis, residence)
SELECT 'MESURE' || lpad(n::text, 9, '0'), 'Mesure ' || (n %% 5000), '', 'Camille ' || n,
    'mesure' || (n %% 5000) || ' camille ' || n, date '1950-01-01' + n %% 18000, 'active', 'service', 'france'
FROM generate_series(%(known)s + 1, %(people)s) n ON CONFLICT (nir) DO NOTHING;
INSERT INTO registry_beneficiary (insured_id, link, last_name, first_names, born_on, valid_from)
SELECT id, 'self', birth_name, first_names, born_on, born_on FROM registry_insuredperson person
WHERE nir LIKE 'MESURE%%'
    AND NOT EXISTS (SELECT FROM registry_beneficiary own WHERE own.insured_id = person.id AND own.link = 'self')
"""
_REACH = """
CREATE TEMPORARY TABLE IF NOT EXISTS reach AS
SELECT person.id, own.id AS beneficiary, row_number() OVER (ORDER BY person.id) - 1 AS rank
FROM registry_insuredperson person JOIN registry_beneficiary own ON own.insured_id = person.id
WHERE nir LIKE 'MESURE%%';
CREATE INDEX IF NOT EXISTS reach_rank ON reach (rank); ANALYZE reach
"""
# The newest are worked on, one in ten by a physician; one in seven waits for a paper. The others are closed for long.
_CLAIMS = """
WITH made AS (
    INSERT INTO claims_claim
        (number, request_key, insured_id, beneficiary_id, territory, stay, stay_from, choice, status, opened_at,
            sent_at, due_on, cares, euros)
    SELECT lpad((n / 100000)::text, 5, '0') || '-' || lpad((n %% 100000)::text, 5, '0'),
        gen_random_uuid(), reach.id, reach.beneficiary, (ARRAY['DJ', 'SN', 'TH', 'US', 'DE', 'GA', 'PF'])[1 + n %% 7],
        'posting', date '2020-01-01', 'french',
        CASE WHEN n <= %(size)s - %(stock)s THEN (ARRAY['processed', 'processed', 'processed', 'refused'])[1 + n %% 4]
             WHEN n %% 10 = 0 THEN 'medical_opinion' ELSE 'in_progress' END,
        moment, moment, moment::date + 7,
        (ARRAY['{generalist}', '{dental,imaging}', '{hospital}', '{pharmacy,generalist}']::text[])[1 + n %% 4]
            ::varchar[],
        20 + n %% 3000
    FROM generate_series(%(first)s, %(last)s) n
    JOIN reach ON reach.rank = n %% %(people)s
    CROSS JOIN LATERAL (SELECT CASE WHEN n > %(size)s - %(stock)s THEN now() - make_interval(mins => n %% 14000)
                               ELSE now() - make_interval(days => 20 + n %% 1800) END AS moment) sent
    RETURNING id, status)
INSERT INTO claims_bill (claim_id, request_key, provider, currency, folded_provider)
SELECT id, gen_random_uuid(), 'Clinique ' || id %% 20000, 'EUR', 'clinique ' || id %% 20000 FROM made
"""
_PAUSES = """
INSERT INTO claims_pause (claim_id, reason, paused_from)
SELECT id, 'papers', current_date - 1 FROM claims_claim claim
WHERE status = 'in_progress' AND id %% 7 = 0
    AND NOT EXISTS (SELECT FROM claims_pause known WHERE known.claim_id = claim.id)
"""


def measure(*, sizes: tuple[int, ...] = SIZES, note: bool = False) -> None:
    """Print the time of each page of the desk at each size, against the smallest, and the plans at the largest."""
    figures.title("Le bureau des gestionnaires, par le vrai serveur")
    agent = house.account("gestion@bench.example", Role.AGENT)
    by, first = Actor(Role.AGENT, agent), {}
    rows: list[list[str]] = []
    with house.serving() as (port, _web):
        for size in sorted(sizes):
            began = time.perf_counter()
            _fill(size)
            print(f"  {figures.told(size)} demandes en {figures.seconds(time.perf_counter() - began)}", flush=True)
            visitor = Visitor(port)
            house.enter(visitor, agent)
            for name, act in _acts(visitor, by).items():
                durations = _times(act)
                p50, p95 = figures.middle(durations), figures.nearly_all(durations)
                ratio = figures.told(p50 / first.setdefault(name, p50))
                rows.append([figures.told(size), name, figures.seconds(p50), figures.seconds(p95), ratio])
    head = ["demandes", "page", "p50", "p95", "rapport à la plus petite"]
    figures.table(head, rows)
    print("  But : p95 200 ms au plus, rapport 1,3 au plus.")
    plans = {name: _plan(asked) for name, asked in _asked(by).items()}
    for name, plan in plans.items():
        print(f"\n  {name}\n{plan}")
    if note:
        _write(head, rows, plans)


def _acts(visitor: Visitor, by: Actor) -> dict[str, Callable[[], object]]:
    """Return what is timed: pages by the server, and what gives a claim by the database alone."""
    far, other = _far(), Claim.objects.filter(status=Status.PROCESSED).order_by("pk").first() or _far()
    page = visitor.get("/gestion/")
    pages = {
        "première page": "?tout=1", "page du milieu": f"?apres={far.due_on}_{far.pk}", "lieu": "?lieu=TH",
        "langue": "?langue=en", "soins": "?soins=dental", "montant": "?minimum=1000&maximum=2000",
        "attend l’assuré": "?attend=insured", "pièce arrivée": "?attend=arrived", "ancienneté": "?anciennete=4",
        "attribuée à personne": "?attribuee=nobody",
    }  # fmt: skip
    acts: dict[str, Callable[[], object]] = {
        name: lambda url=f"/gestion/{query}": visitor.get(url) for name, query in pages.items()
    }
    wanted = {"numéro": other.number, "nom": "mesure42 camille", "praticien": "clinique 421"}
    for name, typed in wanted.items():
        acts[f"recherche : {name}"] = lambda typed=typed: visitor.submit(page, {"wanted": typed})
    acts["demande ouverte"] = lambda: visitor.get(f"/gestion/demandes/{quote(far.number)}/")
    acts["mes demandes"] = lambda: visitor.get("/gestion/mes-demandes/")

    def give() -> None:
        claim = desk.take_next(by=by)
        assert claim
        desk.leave(claim=claim, by=by)

    acts["prendre la suivante (base seule)"] = give
    return acts


def _asked(by: Actor) -> dict[str, QuerySet[Claim]]:
    """Return the questions whose plans are shown."""
    return {
        "Première page": queries.queue(actor=by, filters=Filters()),
        "Filtre : attend l’assuré": queries.queue(actor=by, filters=Filters(waits_for=WaitsFor.INSURED)),
        "Prendre la suivante": queries.skilled(queries.treatable(by=by), by=by)[:1],
    }


def _fill(size: int) -> None:
    """Make the claims anew, a hundred thousand at a time; never one by one."""
    people, stock = max(1_000, min(400_000, size // 20)), min(size, STOCK)
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE claims_claim, claims_bill CASCADE")
        cursor.execute("SELECT count(*) FROM registry_insuredperson WHERE nir LIKE 'MESURE%%'")
        [known] = cursor.fetchone()
        cursor.execute(_PEOPLE, {"known": known, "people": people})
        cursor.execute("DROP TABLE IF EXISTS reach")
        cursor.execute(_REACH)
        cursor.execute("SELECT rolsuper FROM pg_roles WHERE rolname = current_user")
        [may_skip_checks] = cursor.fetchone()
        for first in range(1, size + 1, AT_ONCE):
            with transaction.atomic():
                if may_skip_checks:
                    cursor.execute("SET LOCAL session_replication_role = replica")
                last = min(size, first + AT_ONCE - 1)
                cursor.execute(_CLAIMS, {"first": first, "last": last, "people": people, "size": size, "stock": stock})
        cursor.execute(_PAUSES, {})
        cursor.execute("VACUUM ANALYZE claims_claim, claims_bill, claims_pause, registry_insuredperson")


def _far() -> Claim:
    """Return a claim in the middle of the queue."""
    waiting = Claim.objects.filter(status=Status.IN_PROGRESS).order_by("due_on", "pk")
    return waiting[waiting.count() // 2]


def _times(act: Callable[[], object]) -> list[float]:
    """Do something again and again; the first times, while processes warm up, do not count."""
    durations = []
    for rank in range(TIMES + 10):
        began = time.perf_counter()
        act()
        if rank >= 10:
            durations.append(time.perf_counter() - began)
    return durations


def _plan(asked: QuerySet[Claim]) -> str:
    plan = asked.explain(analyze=True, buffers=True)
    return "\n".join(f"    {line}" for line in plan.splitlines())


def _write(head: list[str], rows: list[list[str]], plans: dict[str, str]) -> None:
    """Write the note that the house keeps of these figures."""
    lines = ["# La file : ce qui a été mesuré", "", SAID, "", f"| {' | '.join(head)} |", "|---|---|--:|--:|--:|"]
    lines += [f"| {' | '.join(row)} |" for row in rows]
    for name, plan in plans.items():
        lines += ["", f"## {name}", "", "```", *plan.splitlines(), "```"]
    NOTE.write_text("\n".join(lines) + "\n", encoding="utf-8")
