"""The addresses of the letters of decisions, and of the reasons that they give."""

from escale.domain.accounts.models import Role

N, A, S = Role.INSURED, Role.AGENT, Role.SUPERVISOR

LETTERS = (
    ("insured:letter",            "GET",  "letter", (N,), 200,  404),
    ("insured:letter_pdf",        "GET",  "letter", (N,), 200,  404),
    ("insured:for_me_letter",     "GET",  "letter", (N,), 404,  404),
    ("insured:for_me_letter_pdf", "GET",  "letter", (N,), 404,  404),
    ("agents:letter",             "GET",  "letter", (A,), 404,  200),
    ("agents:reasons",            "GET",  "",       (S,), 200,  200),
    ("agents:add_reason",         "GET",  "",       (S,), 200,  200),
    ("agents:add_reason",         "POST", "",       (S,), 200,  200),
    ("agents:propose_reason",     "GET",  "reason", (S,), 200,  200),
    ("agents:propose_reason",     "POST", "reason", (S,), 200,  200),
)  # fmt: skip
