"""The addresses of « Ma mutuelle »."""

from escale.domain.accounts.models import Role

N = Role.INSURED

SHARING = (
    ("insured:sharing",                "GET",  "",             (N,), 200, 200),
    ("insured:give_sharing",           "GET",  "",             (N,), 302, 302),
    ("insured:give_sharing",           "POST", "",             (N,), 200, 200),
    ("insured:withdraw_sharing",       "POST", "consent",      (N,), 302, 404),
    ("insured:transmission_json",      "GET",  "transmission", (N,), 200, 404),
    ("insured:transmission_csv",       "GET",  "transmission", (N,), 200, 404),
    ("insured:payment_statement_json", "GET",  "paid",         (N,), 200, 404),
    ("insured:payment_statement_csv",  "GET",  "paid",         (N,), 200, 404),
)  # fmt: skip
