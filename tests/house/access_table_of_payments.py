"""The addresses of what is ordered, approved and sent to the bank."""

from escale.domain.accounts.models import Role

C, C2, S = Role.ACCOUNTANT, Role.SECOND_ACCOUNTANT, Role.SUPERVISOR

PAYMENTS = (
    ("agents:payments",            "GET",  "",        (C, C2),    200, 200),
    ("agents:payments",            "POST", "",        (C, C2),    200, 200),
    ("agents:order",               "GET",  "ordered", (C, C2),    404, 200),
    ("agents:open_order",          "GET",  "ordered", (C, C2),    404, 302),
    ("agents:open_order",          "POST", "ordered", (C, C2),    404, 302),
    ("agents:reject",              "GET",  "ordered", (C,),       404, 200),
    ("agents:reject",              "POST", "ordered", (C,),       404, 200),
    ("agents:visa_all",            "GET",  "",        (C,),       200, 200),
    ("agents:visa_all",            "POST", "",        (C,),       200, 200),
    ("agents:reimpute",            "GET",  "ordered", (C, C2),    404, 200),
    ("agents:reimpute",            "POST", "ordered", (C, C2),    404, 200),
    ("agents:answer_reimputation", "POST", "move",    (C, C2),    404, 302),
    ("agents:budgets",             "GET",  "",        (C, C2, S), 200, 200),
    ("agents:propose_budget",      "GET",  "budget",  (S,),       200, 200),
    ("agents:propose_budget",      "POST", "budget",  (S,),       200, 200),
    ("agents:batches",             "GET",  "",        (C, C2),    200, 200),
    ("agents:batch",               "GET",  "batch",   (C, C2),    404, 200),
    ("agents:sign_batch",          "POST", "batch",   (C, C2),    404, 302),
    ("agents:reissue_batch",       "GET",  "batch",   (C,),       404, 200),
    ("agents:reissue_batch",       "POST", "batch",   (C,),       404, 200),
    ("agents:prepare_by_hand",     "POST", "ordered", (C,),       404, 302),
    ("agents:make_by_hand",        "GET",  "batch",   (C, C2),    404, 302),
    ("agents:make_by_hand",        "POST", "batch",   (C, C2),    404, 302),
    ("agents:give_up_by_hand",     "POST", "batch",   (C, C2),    404, 302),
    ("agents:prepare",             "POST", "",        (C,),       302, 302),
    ("agents:batch_file",          "GET",  "batch",   (C, C2),    404, 200),
)  # fmt: skip
