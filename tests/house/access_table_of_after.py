"""The addresses of what follows a decision: appeals, and sums claimed back."""

from escale.domain.accounts.models import Role

N, A, S = Role.INSURED, Role.AGENT, Role.SUPERVISOR

AFTER = (
    ("insured:contest",         "GET",  "contested", (N,),   200,  404),
    ("insured:contest",         "POST", "contested", (N,),   200,  404),
    ("insured:appeal",          "GET",  "appeal",    (N,),   200,  404),
    ("insured:add_to_appeal",   "POST", "appeal",    (N,),   200,  404),
    ("insured:withdraw_appeal", "POST", "appeal",    (N,),   302,  404),
    ("insured:debts",           "GET",  "",          (N,),   200,  200),
    ("insured:debt",            "GET",  "debt",      (N,),   200,  404),
    ("insured:contest_debt",    "GET",  "debt",      (N,),   200,  404),
    ("insured:contest_debt",    "POST", "debt",      (N,),   200,  404),
    ("insured:rectify_debt",    "POST", "debt",      (N,),   200,  404),
    ("insured:plan_debt",       "POST", "debt",      (N,),   200,  404),
    ("agents:appeals",          "GET",  "",          (A, S), 200,  200),
    ("agents:appeal",           "GET",  "appeal",    (A, S), 404,  200),
    ("agents:open_appeal",      "GET",  "appeal",    (A, S), 404,  302),
    ("agents:open_appeal",      "POST", "appeal",    (A, S), 404,  302),
    ("agents:examine_appeal",   "POST", "appeal",    (A, S), 404,  302),
    ("agents:receive_appeal",   "POST", "appeal",    (A, S), 404,  200),
    ("agents:answer_appeal",    "POST", "appeal",    (S,),   404,  200),
    ("agents:take_up_appeal",   "POST", "appeal",    (S,),   404,  302),
    ("agents:propose_debt",     "GET",  "ordered",   (A,),   404,  200),
    ("agents:propose_debt",     "POST", "ordered",   (A,),   404,  200),
    ("agents:debts",            "GET",  "",          (A, S), 200,  200),
    ("agents:debt",             "GET",  "debt",      (A, S), 404,  200),
    ("agents:open_debt",        "GET",  "debt",      (A, S), 404,  302),
    ("agents:open_debt",        "POST", "debt",      (A, S), 404,  302),
    ("agents:sign_debt",        "POST", "debt",      (S,),   404,  302),
    ("agents:receive_debt",     "POST", "debt",      (A,),   404,  200),
    ("agents:answer_debt",      "POST", "debt",      (S,),   404,  200),
    ("agents:debt_letter",      "GET",  "debt",      (A, S), 404,  200),
    ("agents:carry_out_debt",   "POST", "debt",      (S,),   404,  200),
    ("agents:correct_recovery", "POST", "debt",      (S,),   404,  200),
    ("agents:return_recovery",  "POST", "debt",      (S,),   404,  200),
    ("agents:spread_debt",      "POST", "debt",      (A,),   404,  200),
    ("agents:record_recovery",  "POST", "debt",      (A,),   404,  200),
    ("agents:end_debt",         "POST", "debt",      (S,),   404,  200),
)  # fmt: skip
