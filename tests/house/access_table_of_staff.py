"""The addresses where supervisors settle who works here, and whose file is kept apart."""

from escale.domain.accounts.models import Role

S = Role.SUPERVISOR

STAFF = (
    ("agents:staff",            "GET",  "",           (S,), 200, 200),
    ("agents:propose_hat",      "GET",  "",           (S,), 200, 200),
    ("agents:propose_hat",      "POST", "",           (S,), 200, 200),
    ("agents:give_hat",         "POST", "grant",      (S,), 302, 302),
    ("agents:decline_hat",      "POST", "grant",      (S,), 302, 302),
    ("agents:withdraw_hat",     "GET",  "hat",        (S,), 200, 200),
    ("agents:withdraw_hat",     "POST", "hat",        (S,), 200, 200),
    ("agents:reset_staff",      "GET",  "colleague",  (S,), 200, 200),
    ("agents:reset_staff",      "POST", "colleague",  (S,), 200, 200),
    ("agents:staff_sessions",   "GET",  "colleague",  (S,), 200, 200),
    ("agents:staff_sessions",   "POST", "colleague",  (S,), 302, 302),
    ("agents:recusals",         "GET",  "",           (S,), 200, 200),
    ("agents:recusals",         "POST", "",           (S,), 200, 200),
    ("agents:lift_recusal",     "POST", "recusal",    (S,), 404, 302),
    ("agents:protections",      "GET",  "",           (S,), 200, 200),
    ("agents:protections",      "POST", "",           (S,), 200, 200),
    ("agents:lift_protection",  "POST", "protection", (S,), 404, 302),
    ("agents:review_opening",   "POST", "opening",    (S,), 404, 302),
)  # fmt: skip
