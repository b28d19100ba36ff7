"""Every address of the house: who may open it, on what, and what they are answered.

One person wears every hat; `mine` is the answer about a case of their own, `theirs` about somebody else's. Who wears
another hat is answered 403, and who is not signed in is asked to: 302, or 200 for what was typed, which is kept.
A method that has no row is answered 405; a part of one case is not found under the number of another.
"""

from dataclasses import dataclass

from escale.domain.accounts.models import Role

N, A, P, C, S = Role.INSURED, Role.AGENT, Role.PHYSICIAN, Role.ACCOUNTANT, Role.SUPERVISOR
C2, K, J, O = Role.SECOND_ACCOUNTANT, Role.COUNTER, Role.AUDITOR, Role.PARTNER
HATS = (N, A, P, C, S, C2, K, J, O)
GET, POST = "GET", "POST"
OPTIONS, HEAD, PATCH, DELETE = "OPTIONS", "HEAD", "PATCH", "DELETE"
PROGRAMS = {"insured:uploads", "insured:upload"}
"""The routes that a program asks, and whose answers it reads."""


@dataclass(frozen=True)
class Row:
    """A method on a route, for a case at some point of its life; no hats: open to anybody."""

    route: str
    method: str
    case: str
    hats: tuple[Role, ...]
    mine: int
    theirs: int

    @property
    def sign_in(self) -> int:
        """What somebody is answered who is not signed in: programs are never sent to another page."""
        if self.route in PROGRAMS:
            return 401
        return 302 if self.method == GET else 200


TABLE = [Row(*row) for row in (
    #  route                  method  case         hats     mine  theirs
    ("public:home",           GET,    "",          (),      200,  200),
    ("public:accessibility",  GET,    "",          (),      200,  200),
    ("public:privacy",        GET,    "",          (),      200,  200),
    ("public:legal",          GET,    "",          (),      200,  200),
    ("public:sheets",         GET,    "",          (),      200,  200),
    ("public:sheet",          GET,    "sheet",     (),      200,  200),
    ("public:sheet_file",     GET,    "sheet",     (),      200,  200),
    ("public:health",         GET,    "",          (),      200,  200),
    ("public:demo_mail",      GET,    "",          (),      200,  200),
    ("access:sign_in",        GET,    "",          (),      200,  200),
    ("access:sign_in",        POST,   "",          (),      200,  200),
    ("access:sign_out",       POST,   "",          (),      302,  302),
    ("access:start",          GET,    "",          (),      302,  302),
    ("access:change_hat",     POST,   "",          (),      302,  302),

    ("insured:home",          GET,    "",          (N,),    200,  200),
    ("insured:claims",        GET,    "",          (N,),    200,  200),
    ("insured:claims",        POST,   "",          (N,),    302,  302),
    ("insured:new_claim",     GET,    "",          (N,),    200,  200),
    ("insured:new_claim",     POST,   "",          (N,),    200,  200),
    ("insured:claim",         GET,    "draft",     (N,),    302,  404),
    ("insured:claim",         GET,    "received",  (N,),    200,  404),
    ("insured:claim",         GET,    "unusable",  (N,),    200,  404),
    ("insured:claim",         GET,    "ordered",   (N,),    200,  404),
    ("insured:receipt",       GET,    "draft",     (N,),    302,  404),
    ("insured:receipt",       GET,    "received",  (N,),    200,  404),
    ("insured:statement",     GET,    "received",  (N,),    302,  404),
    ("insured:statement",     GET,    "ordered",   (N,),    200,  404),
    ("insured:start_again",   POST,   "received",  (N,),    404,  404),
    ("insured:start_again",   POST,   "unusable",  (N,),    302,  404),
    ("insured:where",         GET,    "draft",     (N,),    200,  404),
    ("insured:where",         GET,    "received",  (N,),    302,  404),
    ("insured:where",         POST,   "draft",     (N,),    200,  404),
    ("insured:where",         POST,   "received",  (N,),    302,  404),
    ("insured:beneficiary",   GET,    "draft",     (N,),    200,  404),
    ("insured:beneficiary",   POST,   "draft",     (N,),    200,  404),
    ("insured:tariff",        GET,    "draft",     (N,),    302,  404),
    ("insured:tariff",        POST,   "draft",     (N,),    200,  404),
    ("insured:tariff",        POST,   "received",  (N,),    302,  404),
    ("insured:bills",         GET,    "draft",     (N,),    200,  404),
    ("insured:add_bill",      GET,    "draft",     (N,),    200,  404),
    ("insured:add_bill",      POST,   "draft",     (N,),    200,  404),
    ("insured:change_bill",   GET,    "draft",     (N,),    200,  404),
    ("insured:change_bill",   POST,   "draft",     (N,),    200,  404),
    ("insured:remove_bill",   GET,    "draft",     (N,),    200,  404),
    ("insured:remove_bill",   POST,   "draft",     (N,),    302,  404),
    ("insured:remove_bill",   POST,   "received",  (N,),    302,  404),
    ("insured:add_line",      GET,    "draft",     (N,),    200,  404),
    ("insured:add_line",      POST,   "draft",     (N,),    200,  404),
    ("insured:change_line",   GET,    "draft",     (N,),    200,  404),
    ("insured:change_line",   POST,   "draft",     (N,),    200,  404),
    ("insured:remove_line",   POST,   "draft",     (N,),    302,  404),
    ("insured:documents",     GET,    "draft",     (N,),    200,  404),
    ("insured:documents",     POST,   "draft",     (N,),    200,  404),
    ("insured:remove_file",   POST,   "draft",     (N,),    302,  404),
    ("insured:remove_file",   POST,   "received",  (N,),    302,  404),
    ("insured:replace",       GET,    "received",  (N,),    302,  404),
    ("insured:replace",       GET,    "awaited",   (N,),    200,  404),
    ("insured:replace",       POST,   "received",  (N,),    302,  404),
    ("insured:replace",       POST,   "awaited",   (N,),    200,  404),
    ("insured:answer",        GET,    "wanted",    (N,),    200,  404),
    ("insured:answer",        POST,   "wanted",    (N,),    200,  404),
    ("insured:uploads",       OPTIONS, "draft",    (N,),    204,  404),
    ("insured:uploads",       POST,   "draft",     (N,),    412,  404),
    ("insured:upload",        OPTIONS, "coming",   (N,),    204,  404),
    ("insured:upload",        HEAD,   "coming",    (N,),    412,  404),
    ("insured:upload",        GET,    "coming",    (N,),    200,  404),
    ("insured:upload",        PATCH,  "coming",    (N,),    412,  404),
    ("insured:upload",        DELETE, "coming",    (N,),    412,  404),
    ("insured:forget_upload", POST,   "coming",    (N,),    302,  404),
    ("insured:unlock_upload", GET,    "coming",    (N,),    302,  404),
    ("insured:unlock_upload", GET,    "locked",    (N,),    200,  404),
    ("insured:unlock_upload", POST,   "locked",    (N,),    200,  404),
    ("insured:review",        GET,    "draft",     (N,),    200,  404),
    ("insured:review",        GET,    "received",  (N,),    302,  404),
    ("insured:review",        POST,   "draft",     (N,),    200,  404),
    ("insured:review",        POST,   "received",  (N,),    302,  404),
    ("insured:discard",       GET,    "draft",     (N,),    200,  404),
    ("insured:discard",       POST,   "draft",     (N,),    302,  404),
    ("insured:discard",       POST,   "received",  (N,),    302,  404),

    ("agents:queue",          GET,    "",          (A,),    200,  200),
    ("agents:case",           GET,    "draft",     (A,),    404,  404),
    ("agents:case",           GET,    "sent",      (A,),    404,  404),
    ("agents:case",           GET,    "unusable",  (A,),    404,  200),
    ("agents:case",           GET,    "received",  (A,),    404,  200),
    ("agents:case",           GET,    "asked",     (A,),    404,  200),
    ("agents:case",           GET,    "ordered",   (A,),    404,  200),
    ("agents:settle_stay",    GET,    "received",  (A,),    404,  200),
    ("agents:settle_stay",    POST,   "received",  (A,),    404,  200),
    ("agents:assess",         GET,    "line",      (A,),    404,  302),
    ("agents:assess",         POST,   "line",      (A,),    404,  200),
    ("agents:ask_opinion",    GET,    "received",  (A,),    404,  200),
    ("agents:ask_opinion",    POST,   "received",  (A,),    404,  200),
    ("agents:approve",        GET,    "received",  (A,),    404,  200),
    ("agents:approve",        POST,   "received",  (A,),    404,  200),
    ("agents:refuse",         GET,    "received",  (A,),    404,  200),
    ("agents:refuse",         POST,   "received",  (A,),    404,  200),
    ("agents:judge",          GET,    "page",      (A,),    404,  302),
    ("agents:judge",          POST,   "page",      (A,),    404,  200),
    ("agents:judge",          POST,   "sealed",    (A,),    404,  404),
    ("agents:ask_papers",     GET,    "received",  (A,),    404,  200),
    ("agents:ask_papers",     POST,   "received",  (A,),    404,  200),
    ("agents:forgo_paper",    POST,   "wanted",    (A,),    404,  302),
    ("agents:hold",           POST,   "received",  (A,),    404,  302),
    ("agents:release",        POST,   "held",      (A,),    404,  302),
    ("agents:page",           GET,    "page",      (A,),    404,  200),
    ("agents:page",           GET,    "sealed",    (A,),    404,  404),
    ("agents:medical_page",   GET,    "page",      (P,),    404,  404),
    ("agents:medical_page",   GET,    "sealed",    (P,),    404,  200),
    ("agents:opinions",       GET,    "",          (P,),    200,  200),
    ("agents:opinion",        GET,    "received",  (P,),    404,  404),
    ("agents:opinion",        GET,    "asked",     (P,),    404,  200),
    ("agents:opinion",        POST,   "asked",     (P,),    404,  200),
    ("agents:payments",       GET,    "",          (C,),    200,  200),
    ("agents:payments",       POST,   "",          (C,),    200,  200),
    ("agents:order",          GET,    "ordered",   (C,),    404,  200),
    ("agents:reject",         GET,    "ordered",   (C,),    404,  200),
    ("agents:reject",         POST,   "ordered",   (C,),    404,  200),
    ("agents:batches",        GET,    "",          (C,),    200,  200),
    ("agents:prepare",        POST,   "",          (C,),    302,  302),
    ("agents:batch_file",     GET,    "batch",     (C,),    200,  200),
    ("agents:rates",          GET,    "",          (A, S),  200,  200),
    ("agents:propose_rate",   GET,    "",          (A, S),  200,  200),
    ("agents:propose_rate",   POST,   "",          (A, S),  200,  200),
    ("agents:confirm_rate",   POST,   "rate",      (A, S),  302,  302),
    ("agents:confirm_first_rates", POST, "rate",   (A, S),  302,  302),
    ("agents:reject_rate",    POST,   "rate",      (A, S),  302,  302),
    ("agents:withdraw_rate",  POST,   "rate",      (S,),    302,  302),
    ("agents:board",          GET,    "",          (S,),    200,  200),
    ("agents:acts",           GET,    "line",      (A,),    404,  200),
    ("agents:offered_acts",   GET,    "",          (A,),    200,  200),
    ("agents:tariffs",        GET,    "",          (S,),    200,  200),
    ("agents:propose_tariffs", GET,   "",          (S,),    200,  200),
    ("agents:propose_tariffs", POST,  "",          (S,),    200,  200),
    ("agents:figures",        GET,    "",          (S,),    200,  200),
    ("agents:propose_figure", GET,    "figure",    (S,),    200,  200),
    ("agents:propose_figure", POST,   "figure",    (S,),    200,  200),
    ("agents:tariff_edition", GET,    "edition",   (S,),    200,  200),
    ("agents:put_tariff_in_force", POST, "edition", (S,),   302,  302),
    ("agents:reject_tariff",  GET,    "edition",   (S,),    200,  200),
    ("agents:reject_tariff",  POST,   "edition",   (S,),    200,  200),
)]  # fmt: skip
