"""The addresses of what the bank sends back."""

from escale.domain.accounts.models import Role

N, C, C2 = Role.INSURED, Role.ACCOUNTANT, Role.SECOND_ACCOUNTANT

BANK = (
    ("agents:bank_files",     "GET",  "",            (C, C2), 200, 200),
    ("agents:bank_file",      "GET",  "bank_file",   (C, C2), 200, 200),
    ("agents:discrepancies",  "GET",  "",            (C, C2), 200, 200),
    ("agents:discrepancy",    "GET",  "discrepancy", (C, C2), 404, 200),
    ("agents:discrepancy",    "POST", "discrepancy", (C, C2), 404, 200),
    ("agents:answer_discrepancy", "POST", "discrepancy", (C, C2), 404, 302),
    ("agents:compared",       "GET",  "",            (C, C2), 200, 200),
    ("agents:unanswered",     "GET",  "",            (C, C2), 200, 200),
    ("agents:order_bill",     "GET",  "supporting",  (C, C2), 404, 200),
    ("agents:bill_page",      "GET",  "supporting",  (C, C2), 404, 200),
    ("agents:reissue",        "POST", "came_back",   (C,),    404, 302),
    ("insured:payment",       "GET",  "came_back",   (N,),    200, 404),
)  # fmt: skip
