"""Every request that makes something, as its page sends it: one that is sent again makes nothing more.

What makes it safe is a key drawn with the page, the SHA-256 of a file, or the nature of what is made: one question at
a time, one decision of a claim, one batch for an order.
"""

import time
from collections.abc import Callable
from uuid import uuid4

from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from escale.domain.accounts import actions as accounts
from escale.domain.accounts.models import Role
from escale.domain.claims.models import PaperVerdict
from escale.domain.notices import actions as notices
from tests import coming, enrolling, factories, factors, requested
from tests.domain.statements import sharing
from tests.house.creations_of_after import AFTER, AFTER_MAKES_NOTHING
from tests.house.creations_of_controls import CONTROLS, CONTROLS_MAKE_NOTHING
from tests.house.creations_of_payments import PAYMENTS, PAYMENTS_MAKE_NOTHING
from tests.house.creations_of_queue import QUEUE, QUEUE_MAKES_NOTHING
from tests.house.creations_of_supervisors import (
    add_reason,
    open_case,
    propose_budget,
    propose_figure,
    propose_hat,
    propose_reason,
    propose_tariffs,
    protections,
    recusals,
    reset_staff,
)
from tests.house.sending import Sending, file, form, own, proved
from tests.web.insured.test_tus import BODY, TUS, said

A_DAY = "2026-09-01"


def new_claim() -> Sending:
    stay = {"territory": "Djibouti", "stay": "posting", "stay_from": "2025-09-01", "request_key": uuid4()}
    return form(factories.insured().account, Role.INSURED, "insured:new_claim", **stay)


def start_again() -> Sending:
    return own(factories.unusable(), "insured:start_again", request_key=uuid4())


def add_bill() -> Sending:
    typed = {"provider": "Clinique", "currency": "USD", "paid_on": A_DAY}
    return own(factories.draft(), "insured:add_bill", request_key=uuid4(), **typed)


def add_line() -> Sending:
    bill = factories.bill(factories.draft())
    typed = {"given_on": A_DAY, "care": "generalist", "amount": "50", "paid_elsewhere": ""}
    return own(bill.claim, "insured:add_line", bill.pk, request_key=uuid4(), **typed)


def documents() -> Sending:
    return file(factories.draft(), "insured:documents", paper="bill")


def replace() -> Sending:
    paper = factories.to_replace()
    return file(paper.claim, "insured:replace", paper.pk)


def uploads() -> Sending:
    claim = factories.draft()
    words = said(filename="facture.pdf", filetype="application/pdf", paper="bill", key=uuid4())
    headers = TUS | {"Upload-Length": "1000", "Upload-Metadata": words}
    address = reverse("insured:uploads", args=[claim.number])
    return Sending(claim.insured.account, Role.INSURED, lambda client: client.post(address, headers=headers))


def upload() -> Sending:
    content = factories.pdf()
    arrival = coming.arrival(factories.draft(), size=len(content))
    address = reverse("insured:upload", args=[arrival.claim.number, arrival.upload.token])
    headers = TUS | {"Upload-Offset": "0"}

    def send(client: Client) -> HttpResponse:
        return client.generic("PATCH", address, content, content_type=BODY, headers=headers, CONTENT_TYPE=BODY)

    return Sending(arrival.claim.insured.account, Role.INSURED, send)


def unlock_upload() -> Sending:
    arrival = coming.locked(factories.draft())
    return own(arrival.claim, "insured:unlock_upload", arrival.upload.token, password="sésame")


def review() -> Sending:
    return own(factories.complete(), "insured:review", certified="on")


def give_mandate() -> Sending:
    who = {"name": "Lou Exemple", "address": "lou@exemple.invalid", "tie": "spouse", "acts": ["send"], "agreed": "on"}
    days = {"valid_from": "2026-09-15", "valid_until": "2027-02-28"}
    typed = who | days | {"request_key": uuid4()}
    return proved(form(factories.insured().account, Role.INSURED, "insured:give_mandate", **typed))


def give_sharing() -> Sending:
    typed = {"insurer": sharing.insurer().pk, "contract": "A-123456", "valid_from": "2026-09-15", "agreed": "on"}
    typed |= {"valid_until": "2027-09-14", "request_key": uuid4()}
    return proved(form(factories.insured().account, Role.INSURED, "insured:give_sharing", **typed))


def judge() -> Sending:
    paper = factories.received().attachments.earliest("pk")
    found = {"verdict": PaperVerdict.UNREADABLE, "words": "Photographiez-la à nouveau."}
    return form(None, Role.AGENT, "agents:judge", paper.claim.number, paper.pk, **found)


def answer() -> Sending:
    asked = requested.paper()
    return file(asked.claim, "insured:answer", asked.pk)


def send_awaited() -> Sending:
    asked = requested.paper()
    return file(asked.claim, "insured:awaited", place=f"answers-{asked.pk}-files")


def ask_papers() -> Sending:
    wanted = {"mission_order": "Avec ses dates.", "schooling": "Pour l’année des soins."}
    return form(None, Role.AGENT, "agents:ask_papers", factories.received().number, paper=list(wanted), **wanted)


def propose_rate() -> Sending:
    typed = {"currency": "KES", "units_per_eur": "149,60", "on": A_DAY, "source": "Banque", "proof": "Bulletin 12"}
    return form(None, Role.AGENT, "agents:propose_rate", **typed)


def change_bank_account() -> Sending:
    account = factories.insured().account
    factors.protect(account)
    typed = {"iban": "FR1420041010050500013M02606", "holder": "Alix Exemple", "confirm": "1"}
    return proved(form(account, Role.INSURED, "insured:change_bank_account", **typed))


def change_address() -> Sending:
    account, address = factories.insured().account, "nouvelle@exemple.invalid"
    factors.protect(account)
    return proved(form(account, Role.INSURED, "insured:change_address", address=address))


def confirm_address() -> Sending:
    account, address = factories.insured().account, f"{uuid4().hex}@exemple.invalid"
    accounts.addresses.ask(account=account, address=address)
    message = notices.write(kind="address_to_confirm", to=address, about=account.pending_address)
    assert message
    link, page = reverse("insured:follow_address", args=[message.token]), reverse("insured:confirm_address")
    return Sending(account, Role.INSURED, lambda client: client.get(link) and client.post(page))


def join() -> Sending:
    person = factories.insured()
    person.account = None
    person.save()
    came = {"person": person.pk, "subject": f"sujet-{person.pk}", "id_token": "", "at": int(time.time())}
    waiting = [came | {"email": "", "going": "", "kept": ""}]  # one browser came back from FranceConnect

    def send(client: Client) -> HttpResponse:
        if waiting:
            session = client.session
            session["joining"] = waiting.pop()
            session.save()
        return client.post(reverse("access:join"), {"nir": person.nir, "email": "alix@exemple.invalid"})

    return Sending(factories.account(Role.INSURED), Role.INSURED, send)


def create_ask() -> Sending:
    said = {"birth_name": "Exemple", "first_names": "Alix", "year": "1985", "email": "alix@exemple.invalid"}
    typed = said | {"nir": enrolling.newcomer().nir, "request_key": uuid4()}
    return form(None, Role.INSURED, "access:create_ask", **typed)


def recover() -> Sending:
    return form(None, Role.INSURED, "access:recover", email="alix@exemple.invalid", request_key=uuid4())


def confirm() -> Sending:
    enrolment = enrolling.asked()
    link = reverse("access:create_follow", args=[enrolling.message(enrolment, "account_asked").token])

    def send(client: Client) -> HttpResponse:
        client.get(link)
        return client.post(reverse("access:confirm"))

    return Sending(factories.account(Role.INSURED), Role.INSURED, send)


def recover_by_letter() -> Sending:
    enrolment = enrolling.recovery(factories.insured().account.email)
    link = reverse("access:recover_follow", args=[enrolling.message(enrolment, "recovery_asked").token])

    def send(client: Client) -> HttpResponse:
        client.get(link)
        return client.post(reverse("access:recover_by_letter"))

    return Sending(factories.account(Role.INSURED), Role.INSURED, send)


def prepare_letters() -> Sending:
    enrolling.letter()
    return form(None, Role.COUNTER, "agents:prepare_letters")


CREATIONS: dict[tuple[str, Callable[[], Sending]], dict[str, int]] = {
    ("insured:new_claim",     new_claim):     {"Claim": 1},
    ("insured:start_again",   start_again):   {"Claim": 1, "Bill": 1, "ClaimLine": 1, "Attachment": 2},
    ("insured:add_bill",      add_bill):      {"Bill": 1},
    ("insured:add_line",      add_line):      {"ClaimLine": 1},
    ("insured:documents",     documents):     {"Document": 1, "Attachment": 1},
    ("insured:uploads",       uploads):       {"Upload": 1, "Arrival": 1},
    ("insured:upload",        upload):        {"Document": 1, "Attachment": 1},
    ("insured:unlock_upload", unlock_upload): {"Document": 1, "Attachment": 1, "Part": -1},
    ("insured:give_mandate",  give_mandate):  {"Mandate": 1, "Attempt": 1, "ProcrastinateJob": 1},
    ("insured:give_sharing",  give_sharing):  {"SharingConsent": 1, "ProcrastinateJob": 1},
    ("insured:review",        review):        {"ProcrastinateJob": 2},
    ("insured:replace",       replace):       {"Document": 1, "Attachment": 1, "ProcrastinateJob": 1},
    ("insured:awaited",       send_awaited):  {"Document": 1, "Attachment": 1, "ProcrastinateJob": 1},
    ("insured:answer",        answer):        {"Document": 1, "Attachment": 1, "ProcrastinateJob": 1},
    ("agents:ask_papers",     ask_papers):    {
        "AskedPaper": 2, "Pause": 1, "ProcrastinateJob": 1, "Reading": 1, "Holding": 1,
    },
    ("agents:judge",          judge):         {"Pause": 1, "ProcrastinateJob": 1, "Reading": 1, "Holding": 1},
    ("agents:propose_rate",   propose_rate):  {"Rate": 1},
    ("agents:propose_figure", propose_figure): {"Edition": 1, "AmendedRow": 1},
    ("agents:propose_reason", propose_reason): {"Edition": 1, "AmendedRow": 1},
    ("agents:propose_budget", propose_budget): {"Edition": 1, "AmendedRow": 1},
    ("agents:add_reason", add_reason): {"Edition": 1, "AmendedRow": 1},
    ("agents:propose_tariffs", propose_tariffs): {"Edition": 1, "AmendedRow": 2},
    ("access:join",           join):          {
        "Account": 1, "Hat": 1, "Identity": 1, "PendingAddress": 1, "Device": 1, "Attempt": 1, "ProcrastinateJob": 2,
    },
    ("insured:change_bank_account", change_bank_account): {"BankAccount": 1, "ProcrastinateJob": 1},
    ("insured:change_address", change_address): {"PendingAddress": 1, "Attempt": 1, "ProcrastinateJob": 1},
    ("insured:confirm_address", confirm_address): {"PendingAddress": -1, "ProcrastinateJob": 1},
    ("access:create_ask",     create_ask):    {"Enrolment": 1, "Attempt": 1, "ProcrastinateJob": 1},
    ("access:recover",        recover):       {"Enrolment": 1, "Attempt": 1, "ProcrastinateJob": 1},
    ("access:confirm",        confirm):       {"ProcrastinateJob": 1},
    ("access:recover_by_letter", recover_by_letter): {"ProcrastinateJob": 1},
    ("agents:prepare_letters", prepare_letters): {"LetterBatch": 1},
    ("agents:propose_hat",    propose_hat):   {
        "Account": 1, "PendingAddress": 1, "Grant": 1, "Recusal": 1, "Reading": 1, "Attempt": 1,
    },
    ("agents:reset_staff",    reset_staff):   {"Grant": 1},
    ("agents:recusals",       recusals):      {"Recusal": 1, "Reading": 1, "Attempt": 1},
    ("agents:protections",    protections):   {"Protection": 1, "Reading": 1, "Attempt": 1},
    ("agents:open_case",      open_case):     {"Opening": 1},
    **QUEUE,
    **AFTER,
    **CONTROLS,
    **PAYMENTS,
}  # fmt: skip

NOTHING_MADE = {
    "access:franceconnect", "access:proconnect",  # somebody is sent elsewhere
    "access:sign_in", "access:sign_out", "access:change_hat",  # a session, which is one's browser's
    "access:second_factor", "access:sign_in_by_passkey", "access:challenge", "access:prolong", "access:prove",
    "access:passkey_challenge", "access:password", "access:close_sessions", "access:forget_device",
    "access:remove_application", "access:remove_passkey", "access:unbind",
    "access:adopt",  # a hat and an identity, once for a person: tests/web/access/test_joining.py
    "access:application", "access:passkey", "access:codes",  # one's proofs, each kept once: tests/domain/accounts
    "access:restore", "access:come_back", "access:redeem",  # a password; an account, once for a code
    "agents:counter",  # a search
    "agents:hand_code", "agents:post_code", "agents:take_letters", "agents:letters_posted",  # a case goes on
    "insured:claims", "insured:statements",  # a search
    "insured:copy_json", "insured:copy_pdf",  # a file, which the house does not keep
    "insured:deny_bank_account", "access:deny_account", "agents:answer_account",  # settled once
    "insured:forget_address", "insured:close",  # what was there is there no more
    "insured:accept_mandate", "insured:decline_mandate", "insured:revoke_mandate", "insured:give_up_mandate",
    "insured:withdraw_sharing", "insured:act", "insured:stop_acting", "insured:keep_for_me", "agents:discretion",
    "agents:medical_discretion",
    "insured:invited",  # an account, once for an address
    "insured:where", "insured:beneficiary", "insured:tariff", "insured:change_bill", "insured:change_line",
    "insured:remove_bill", "insured:remove_line", "insured:remove_file", "insured:forget_upload", "insured:discard",
    "agents:assess", "agents:settle_stay", "agents:forgo_paper", "agents:release",
    "agents:confirm_rate", "agents:confirm_first_rates", "agents:reject_rate", "agents:withdraw_rate",
    "agents:put_tariff_in_force", "agents:reject_tariff",
    "agents:open_opinion", "agents:open_order", "agents:open_request",  # as agents:open_case
    "agents:staff_sessions",  # what was open is no more
    "agents:give_hat", "agents:decline_hat", "agents:withdraw_hat", "access:take_up",  # settled once
    "agents:lift_recusal", "agents:lift_protection", "agents:review_opening",
    *QUEUE_MAKES_NOTHING,
    *AFTER_MAKES_NOTHING,
    *CONTROLS_MAKE_NOTHING,
    *PAYMENTS_MAKE_NOTHING,
}  # fmt: skip
