"""The agents' queue when a thousand claims wait, then a hundred thousand, then a million."""

import time
from urllib.parse import quote

from django.db import connection, transaction

from benchmarks import figures, house
from benchmarks.visitor import Visitor
from escale.domain.accounts.actor import Actor
from escale.domain.accounts.models import Role
from escale.domain.claims import queries
from escale.domain.claims.lifecycle import Status
from escale.domain.claims.models import Claim

SIZES = (1_000, 100_000, 1_000_000)
TIMES = 150
PEOPLE = 10_000

# Each claim belongs to one of ten thousand people; nine in ten wait for an agent, one in ten for a physician.
_PEOPLE = """
INSERT INTO registry_insuredperson
    (nir, birth_name, used_name, first_names, folded_name, born_on, category, basis, residence)
SELECT 'MESURE' || lpad(n::text, 9, '0'), 'Mesure', '', 'Camille ' || n, 'mesure camille ' || n,
    date '1950-01-01' + n %% 18000, 'active', 'service', 'france'
FROM generate_series(1, %(people)s) n ON CONFLICT (nir) DO NOTHING;
INSERT INTO registry_beneficiary (insured_id, link, last_name, first_names, born_on, valid_from)
SELECT id, 'self', birth_name, first_names, born_on, born_on FROM registry_insuredperson person
WHERE nir LIKE 'MESURE%%'
    AND NOT EXISTS (SELECT FROM registry_beneficiary own WHERE own.insured_id = person.id AND own.link = 'self')
"""
_CLAIMS = """
WITH person AS (
    SELECT person.id, own.id AS beneficiary, row_number() OVER (ORDER BY person.id) - 1 AS rank
    FROM registry_insuredperson person JOIN registry_beneficiary own ON own.insured_id = person.id
    WHERE nir LIKE 'MESURE%%')
INSERT INTO claims_claim
    (number, request_key, insured_id, beneficiary_id, territory, stay, stay_from, choice, status, opened_at,
        sent_at, due_on)
SELECT lpad((n / 100000)::text, 5, '0') || '-' || lpad((n %% 100000)::text, 5, '0'),
    gen_random_uuid(), person.id, person.beneficiary, 'DJ', 'posting', date '2026-01-01', 'french',
    CASE n %% 10 WHEN 0 THEN 'medical_opinion' ELSE 'in_progress' END, moment, moment, moment::date + 7
FROM generate_series(%(first)s, %(last)s) n
JOIN person ON person.rank = n %% %(people)s
CROSS JOIN LATERAL (SELECT now() - make_interval(mins => n %% 40000) AS moment) sent
"""


def measure(*, sizes: tuple[int, ...] = SIZES) -> None:
    """Print the time of the queue's pages at each size, against the smallest, and the plan of the first page."""
    figures.title("La file des gestionnaires, par le vrai serveur")
    agent = house.account("gestion@bench.example", Role.AGENT)
    rows, smallest = [], 0.0
    with house.serving() as (port, _web):
        for size in sorted(sizes):
            _fill(size)
            visitor = Visitor(port)
            house.enter(visitor, agent)
            far = _far()
            pages = {
                "première page": "/gestion/",
                "page du milieu": f"/gestion/?apres={far.due_on}_{far.pk}",
                "recherche d’un numéro": f"/gestion/?numero={quote(far.number)}",
            }
            for name, url in pages.items():
                durations = _read(visitor, url)
                p50, p95 = figures.middle(durations), figures.nearly_all(durations)
                smallest = smallest or p50
                ratio = figures.told(p50 / smallest)
                rows.append([figures.told(size), name, figures.seconds(p50), figures.seconds(p95), ratio])
    figures.table(["demandes", "page", "p50", "p95", "rapport à la 1re ligne"], rows)
    print("  But : p50 50 ms, p95 120 ms, rapport 1,3 au plus.\n\n  Comment PostgreSQL trouve la première page :")
    plan = queries.queue(actor=Actor(Role.AGENT, agent)).explain(analyze=True, buffers=True)
    print("\n".join(f"    {line}" for line in plan.splitlines()))


def _fill(size: int) -> None:
    """Add claims, a hundred thousand at a time, until there are so many; never one by one."""
    known = Claim.objects.filter(insured__nir__startswith="MESURE").count()
    with connection.cursor() as cursor:
        cursor.execute(_PEOPLE, {"people": PEOPLE})
        for first in range(known + 1, size + 1, 100_000):
            with transaction.atomic():
                cursor.execute(_CLAIMS, {"first": first, "last": min(size, first + 99_999), "people": PEOPLE})
        cursor.execute("VACUUM ANALYZE claims_claim, registry_insuredperson, registry_beneficiary")


def _far() -> Claim:
    """Return a claim in the middle of the queue."""
    waiting = Claim.objects.filter(status=Status.IN_PROGRESS).order_by("due_on", "pk")
    return waiting[waiting.count() // 2]


def _read(visitor: Visitor, url: str) -> list[float]:
    """Open a page again and again; the first times, while processes warm up, do not count."""
    durations = []
    for rank in range(TIMES + 10):
        began = time.perf_counter()
        visitor.get(url)
        if rank >= 10:
            durations.append(time.perf_counter() - began)
    return durations
