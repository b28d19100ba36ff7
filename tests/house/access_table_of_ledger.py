"""The addresses of the ledger."""

from escale.domain.accounts.models import Role

C, C2 = Role.ACCOUNTANT, Role.SECOND_ACCOUNTANT

LEDGER = (
    ("agents:ledger",          "GET",  "",      (C, C2), 200, 200),
    ("agents:ledger_month",    "GET",  "month", (C, C2), 200, 200),
    ("agents:ledger_entries",  "GET",  "month", (C, C2), 200, 200),
    ("agents:ledger_account",  "GET",  "month", (C, C2), 404, 404),  # it is asked which account
    ("agents:ledger_entry",    "GET",  "entry", (C, C2), 200, 200),
    ("agents:ledger_party",    "GET",  "party", (C, C2), 404, 200),
    ("agents:close_month",     "GET",  "month", (C, C2), 200, 200),
    ("agents:close_month",     "POST", "month", (C, C2), 404, 404),  # it is asked which step
    ("agents:export_balance",  "GET",  "month", (C, C2), 200, 200),
    ("agents:export_entries",  "GET",  "month", (C, C2), 200, 200),
)  # fmt: skip
