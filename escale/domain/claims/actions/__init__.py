"""What is done with a claim: the insured person drafts and sends it, the Fund treats it."""

from escale.domain.case import Unacceptable
from escale.domain.claims.actions.arrivals import Locked, append, attach, expect, finish, finish_some, forget, unlock
from escale.domain.claims.actions.asking import ask_papers, forgo_paper
from escale.domain.claims.actions.assessing import Assessment, NoRate, assess
from escale.domain.claims.actions.bills import (
    add_bill,
    add_line,
    change_bill,
    change_line,
    remove_bill,
    remove_line,
)
from escale.domain.claims.actions.deciding import (
    NotAssessed,
    decide,
    follow_payment,
    follow_reissue,
    refuse,
    refuse_line,
    reopen,
    second,
    send_back,
    take_up,
)
from escale.domain.claims.actions.discretion import keep_from_family, tell_family
from escale.domain.claims.actions.draft import (
    Redirected,
    TooMuch,
    change_stay,
    choose_beneficiary,
    choose_tariff,
    detach,
    discard,
    start,
)
from escale.domain.claims.actions.joining import ByPostOnly
from escale.domain.claims.actions.keeping import destroy_papers, forget_draft, hold, release
from escale.domain.claims.actions.letters import deposit_letter, read_letter
from escale.domain.claims.actions.opinions import ask_opinion, consider_papers, give_opinion
from escale.domain.claims.actions.papers import NotReplaceable, PaperAwaited, Unexplained, judge
from escale.domain.claims.actions.remarks import remark
from escale.domain.claims.actions.sending import Incomplete, settle, start_again, submit
from escale.domain.claims.actions.settling import Grounds, settle_stay
from escale.domain.claims.actions.worth import note_kept

__all__ = [
    "Assessment",
    "ByPostOnly",
    "Grounds",
    "Incomplete",
    "Locked",
    "NoRate",
    "NotAssessed",
    "NotReplaceable",
    "PaperAwaited",
    "Redirected",
    "TooMuch",
    "Unacceptable",
    "Unexplained",
    "add_bill",
    "add_line",
    "append",
    "ask_opinion",
    "ask_papers",
    "assess",
    "attach",
    "change_bill",
    "change_line",
    "change_stay",
    "choose_beneficiary",
    "choose_tariff",
    "consider_papers",
    "decide",
    "deposit_letter",
    "destroy_papers",
    "detach",
    "discard",
    "expect",
    "finish",
    "finish_some",
    "forget",
    "forget_draft",
    "follow_payment",
    "follow_reissue",
    "forgo_paper",
    "give_opinion",
    "hold",
    "judge",
    "keep_from_family",
    "read_letter",
    "note_kept",
    "refuse",
    "refuse_line",
    "release",
    "remark",
    "remove_bill",
    "remove_line",
    "reopen",
    "second",
    "send_back",
    "settle",
    "settle_stay",
    "start",
    "start_again",
    "submit",
    "take_up",
    "tell_family",
    "unlock",
]
