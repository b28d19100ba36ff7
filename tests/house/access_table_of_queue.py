"""The addresses of the desk: the queue, a claim and what is decided of it, acts on many claims, skills."""

from escale.domain.accounts.models import Role

A, P, S = Role.AGENT, Role.PHYSICIAN, Role.SUPERVISOR

QUEUE = (
    ("agents:queue",          "GET",  "",          (A, S),  200,  200),
    ("agents:mine",           "GET",  "",          (A,),    200,  200),
    ("agents:find",           "GET",  "",          (A, S),  200,  200),
    ("agents:find",           "POST", "",          (A, S),  200,  200),
    ("agents:case",           "GET",  "draft",     (A,),    404,  404),
    ("agents:case",           "GET",  "sent",      (A,),    404,  404),
    ("agents:case",           "GET",  "unusable",  (A,),    404,  200),
    ("agents:case",           "GET",  "received",  (A,),    404,  200),
    ("agents:case",           "GET",  "asked",     (A,),    404,  200),
    ("agents:case",           "GET",  "ordered",   (A,),    404,  200),
    ("agents:decide",         "GET",  "received",  (A,),    404,  200),
    ("agents:decide",         "POST", "received",  (A,),    404,  200),
    ("agents:refuse_line",    "GET",  "line",      (A,),    404,  200),
    ("agents:refuse_line",    "POST", "line",      (A,),    404,  200),
    ("agents:second_look",    "GET",  "received",  (A,),    404,  302),
    ("agents:second_look",    "POST", "received",  (A,),    404,  302),
    ("agents:original",       "GET",  "page",      (A,),    404,  200),
    ("agents:original",       "GET",  "sealed",    (A,),    404,  404),
    ("agents:medical_original", "GET",  "page",      (P,),    404,  404),
    ("agents:medical_original", "GET",  "sealed",    (P,),    404,  200),
    ("agents:remark",         "POST", "received",  (A,),    404,  302),
    ("agents:take_next",      "POST", "",          (A,),    302,  302),
    ("agents:give_back",      "POST", "received",  (A,),    404,  302),
    ("agents:stay",           "POST", "received",  (A,),    404,  204),
    ("agents:save_view",      "POST", "",          (A, S),  302,  302),
    ("agents:forget_view",    "POST", "view",      (A, S),  302,  404),
    ("agents:group",          "GET",  "",          (A, S),  302,  302),
    ("agents:group",          "POST", "",          (A, S),  200,  200),
    ("agents:grouped",        "GET",  "grouped",   (A, S),  200,  404),
    ("agents:launch_grouped", "POST", "grouped",   (A, S),  302,  404),
    ("agents:undo_grouped",   "POST", "grouped",   (A, S),  302,  404),
    ("agents:skills",         "GET",  "",          (S,),    200,  200),
    ("agents:skills",         "POST", "",          (S,),    200,  200),
    ("agents:withdraw_skill", "POST", "skill",     (S,),    302,  302),
)  # fmt: skip
