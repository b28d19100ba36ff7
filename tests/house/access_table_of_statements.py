"""The addresses of « Mes décomptes »."""

from escale.domain.accounts.models import Role

N = Role.INSURED

STATEMENTS = (
    ("insured:statements",            "GET",  "",     (N,), 200, 200),
    ("insured:statements",            "POST", "",     (N,), 302, 302),
    ("insured:payment_statement",     "GET",  "paid", (N,), 200, 404),
    ("insured:payment_statement_pdf", "GET",  "paid", (N,), 200, 404),
    ("insured:payment_certificate",   "GET",  "year", (N,), 200, 200),  # of what oneself was paid
)  # fmt: skip
