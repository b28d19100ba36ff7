"""The addresses of what is remarked on claims, and of the controls of those that are paid."""

from escale.domain.accounts.models import Role

N, A, S = Role.INSURED, Role.AGENT, Role.SUPERVISOR

CONTROLS = (
    ("agents:signal",          "GET",  "signal",   (A,),   404,  200),
    ("agents:signal",          "POST", "signal",   (A,),   404,  200),
    ("agents:signals",         "GET",  "",         (S,),   200,  200),
    ("agents:export_signals",  "GET",  "",         (S,),   200,  200),
    ("agents:review_signal",   "POST", "signal_pk", (S,),  404,  302),
    ("agents:controls",        "GET",  "",         (A, S), 200,  200),
    ("agents:open_control",    "GET",  "",         (S,),   200,  200),
    ("agents:open_control",    "POST", "",         (S,),   200,  200),
    ("agents:control",         "GET",  "control",  (A, S), 404,  200),
    ("agents:control",         "POST", "control",  (A, S), 404,  302),
    ("agents:draws",           "GET",  "",         (S,),   200,  200),
    ("agents:draws",           "POST", "",         (S,),   200,  200),
    ("agents:draw",            "GET",  "draw",     (S,),   200,  200),
    ("agents:draw",            "POST", "draw",     (S,),   302,  302),
    ("agents:draw_list",       "GET",  "drawn",    (S,),   200,  200),
    ("insured:control",        "GET",  "controlled", (N,), 200,  404),
    ("insured:control",        "POST", "controlled", (N,), 200,  404),
)  # fmt: skip
