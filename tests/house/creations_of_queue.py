"""What is made at the desk."""

from uuid import uuid4

from escale.domain.accounts.actor import Actor
from escale.domain.accounts.models import Role
from escale.domain.claims.models import HoldReason, OpinionCode, Outcome
from tests import at_desk, factories
from tests.house.sending import Sending, form

REASON = {"reason_code": "R01", "explanation": "Voir la notice du service."}


def take_next() -> Sending:
    factories.received()
    return form(None, Role.AGENT, "agents:take_next")


def group() -> Sending:
    typed = {"kind": "ask_paper", "paper": "mission_order", "words": at_desk.WORDS, "request_key": uuid4()}
    return form(None, Role.AGENT, "agents:group", claim=[factories.received().number], **typed)


def launch() -> Sending:
    by = factories.account(Role.AGENT)
    return form(by, Role.AGENT, "agents:launch_grouped", at_desk.grouped(by=Actor(Role.AGENT, by)).pk)


def save_view() -> Sending:
    return form(None, Role.AGENT, "agents:save_view", name="Djibouti", lieu="DJ")


def give_skill() -> Sending:
    return form(None, Role.SUPERVISOR, "agents:skills", account=factories.agent().account.pk, value="territory:SN")


def ask_opinion() -> Sending:
    return form(None, Role.AGENT, "agents:ask_opinion", factories.received().number, question="Est-ce justifié ?")


def opinion() -> Sending:
    asked = factories.asked()
    answer = {"outcome": Outcome.FAVOURABLE, "code": OpinionCode.JUSTIFIED, "note": "Rien à redire.", "asked": asked.pk}
    return form(None, Role.PHYSICIAN, "agents:opinion", asked.claim.number, **answer)


def considered() -> Sending:
    claim = factories.complete()
    factories.attachment(claim, paper="discharge_report", medical=True)
    answer = {"outcome": Outcome.NONE, "code": OpinionCode.NOTHING_TO_SAY, "note": "Vu.", "asked": 0}
    return form(None, Role.PHYSICIAN, "agents:opinion", factories.received(claim=claim).number, **answer)


def ask_under_seal() -> Sending:
    number = factories.asked().claim.number
    words = {"discharge_report": "Compte rendu du séjour."}
    return form(None, Role.PHYSICIAN, "agents:ask_under_seal", number, paper=list(words), **words)


def hold() -> Sending:
    return form(None, Role.AGENT, "agents:hold", factories.received().number, reason=HoldReason.CONTROL)


def decide() -> Sending:
    claim = factories.assessed()
    line = claim.bills.get().lines.get()
    return form(None, Role.AGENT, "agents:decide", claim.number, lines=f"{line.pk}:{line.due}")


def refuse() -> Sending:
    return form(None, Role.AGENT, "agents:refuse", factories.received().number, **REASON)


def refuse_line() -> Sending:
    claim = factories.received()
    return form(None, Role.AGENT, "agents:refuse_line", claim.number, claim.bills.get().lines.get().pk, **REASON)


def second_look() -> Sending:
    return form(None, Role.AGENT, "agents:second_look", at_desk.proposed().claim.number)


def remark() -> Sending:
    return form(None, Role.AGENT, "agents:remark", factories.received().number, text="Tampon vérifié.")


QUEUE = {
    ("agents:decide",         decide):        {"Decision": 1, "Award": 1, "PaymentOrder": 1, "PaymentLine": 1,
                                               "ProcrastinateJob": 2, "Reading": 1},
    ("agents:refuse",         refuse):        {"Decision": 1, "Award": 1, "ProcrastinateJob": 2, "Reading": 1},
    ("agents:refuse_line",    refuse_line):   {"Reading": 1, "Holding": 1},
    ("agents:second_look",    second_look):   {"Award": 1, "PaymentOrder": 1, "PaymentLine": 1,
                                               "ProcrastinateJob": 2, "Reading": 1},
    ("agents:remark",         remark):        {"Remark": 1, "Reading": 1, "Holding": 1},
    ("agents:take_next",      take_next):     {"Holding": 1},
    ("agents:group",          group):         {"GroupedAct": 1, "GroupedLine": 1},
    ("agents:launch_grouped", launch):        {"ProcrastinateJob": 1},
    ("agents:save_view",      save_view):     {"SavedView": 1},
    ("agents:skills",         give_skill):    {"Skill": 1},
    ("agents:ask_opinion",    ask_opinion):   {"MedicalOpinion": 1, "Pause": 1, "Reading": 1, "Holding": 1},
    ("agents:opinion",        opinion):       {"MedicalNote": 1, "Reading": 1, "Holding": 1},
    ("agents:opinion",        considered):    {"MedicalOpinion": 1, "MedicalNote": 1, "Reading": 1},
    ("agents:ask_under_seal", ask_under_seal): {
        "AskedPaper": 1, "Pause": 1, "ProcrastinateJob": 1, "Reading": 1, "Holding": 1,
    },
    ("agents:hold",           hold):          {"Hold": 1, "Reading": 1, "Holding": 1},
}  # fmt: skip

QUEUE_MAKES_NOTHING = {
    "agents:find",  # a search, and its line of journal
    "agents:stay",  # as agents:take_next
    "agents:give_back", "agents:forget_view", "agents:withdraw_skill",  # what was there is there no more
    "agents:undo_grouped",  # as agents:launch_grouped
}  # fmt: skip
