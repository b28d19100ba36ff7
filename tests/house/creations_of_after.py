"""What is made after a decision."""

from uuid import uuid4

from escale.domain.accounts.models import Role
from escale.domain.debts import actions as debts_of_the_house
from escale.domain.debts.models import Debt
from tests.domain.appeals import appeals
from tests.domain.debts import debts
from tests.house.sending import Sending, form, joined, own

A_DAY = "2026-09-30"


def contest() -> Sending:
    decision = appeals.decision()
    typed = {"points": ["papers"], "text": "La facture est bien la mienne.", "request_key": uuid4()}
    return own(decision.claim, "insured:contest", decision.pk, **typed)


def add_to_appeal() -> Sending:
    appeal = appeals.filed()
    typed = {"text": "Voici pourquoi.", "request_key": uuid4()}
    return form(appeal.insured.account, Role.INSURED, "insured:add_to_appeal", appeal.reference, **typed)


def join_to_appeal() -> Sending:
    appeal = appeals.filed()
    return joined(appeal.insured.account, "insured:join_to_appeal", appeal.reference)


def examine_appeal() -> Sending:
    return form(None, Role.AGENT, "agents:examine_appeal", appeals.filed().reference)


def propose_debt() -> Sending:
    claim = debts.paid()
    line = claim.bills.get().lines.get()
    typed = {f"line-{line.pk}": "1,20", "cause": "twice", "words": "Payé deux fois.", "request_key": uuid4()}
    return form(None, Role.AGENT, "agents:propose_debt", claim.number, **typed)


def sign_debt() -> Sending:
    return form(None, Role.SUPERVISOR, "agents:sign_debt", debts.proposed().reference, step="sign")


def spread_debt() -> Sending:
    return form(None, Role.AGENT, "agents:spread_debt", debts.notified().reference, months="3", first_on=A_DAY)


def record_recovery() -> Sending:
    typed = {"way": "transfer", "amount": "1,20", "on": "2026-09-15", "proof": "Virement 12", "request_key": uuid4()}
    return form(None, Role.AGENT, "agents:record_recovery", debts.notified().reference, **typed)


def _paid_back() -> Debt:
    """A debt that came back by mistake, then was cancelled: all is to be given back."""
    debt = debts.recovered()
    debts_of_the_house.cancel(debt=debt, words="Elle n’était pas due.", by=debts.supervisor())
    return debt


def correct_recovery() -> Sending:
    debt = debts.recovered()
    typed = {
        "correct-recovery": debt.recoveries.get().pk,
        "correct-words": "Ce n’est pas lui.",
        "correct-request_key": uuid4(),
    }
    return form(None, Role.SUPERVISOR, "agents:correct_recovery", debt.reference, **typed)


def give_back() -> Sending:
    came = {"way": "transfer", "amount": "1,20", "on": "2026-09-15", "proof": "Virement 13", "request_key": uuid4()}
    typed = {f"return-{name}": said for name, said in came.items()}
    return form(None, Role.SUPERVISOR, "agents:return_recovery", _paid_back().reference, **typed)


ENTERED = {"AccountingEntry": 1, "EntryLine": 2}
"""What the ledger is told of it."""

AFTER = {
    ("insured:contest",        contest):         {"Appeal": 1, "ProcrastinateJob": 1},
    ("insured:add_to_appeal",  add_to_appeal):   {"Supplement": 1},
    ("insured:join_to_appeal", join_to_appeal):  {"Document": 1, "Attachment": 1, "ProcrastinateJob": 1},
    ("agents:examine_appeal",  examine_appeal):  {"Hold": 1, "Reading": 1},
    ("agents:propose_debt",    propose_debt):    {"Debt": 1, "DebtLine": 1, "Reading": 1},
    ("agents:sign_debt",       sign_debt):       {"ProcrastinateJob": 1, "Reading": 1} | ENTERED,
    ("agents:spread_debt",     spread_debt):     {"Instalment": 3, "ProcrastinateJob": 1, "Reading": 1},
    ("agents:record_recovery", record_recovery): {"Recovery": 1, "Reading": 1} | ENTERED,
    ("agents:correct_recovery", correct_recovery): {"Recovery": 1, "ProcrastinateJob": 1, "Reading": 1} | ENTERED,
    ("agents:return_recovery",       give_back):       {"Recovery": 1, "Reading": 1} | ENTERED,
}  # fmt: skip

AFTER_MAKES_NOTHING = {
    "insured:contest_debt",  # as insured:contest
    "agents:receive_appeal",  # as insured:add_to_appeal
    "insured:withdraw_appeal", "insured:rectify_debt", "insured:plan_debt",  # a case goes on, once
    "agents:answer_appeal", "agents:take_up_appeal", "agents:receive_debt", "agents:answer_debt", "agents:end_debt",
    "agents:carry_out_debt",  # as agents:answer_debt
    "agents:open_appeal", "agents:open_debt",  # as agents:open_case
}  # fmt: skip
