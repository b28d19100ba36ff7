"""What is made on the way to the bank, and by what came back of it."""

from datetime import date

from escale.domain.accounts.models import Role
from escale.domain.registry.models import BankAccount
from tests import factories
from tests.domain.payments import bank
from tests.house import lives_of_bank
from tests.house.lives_of_accounts import accept, noted
from tests.house.sending import Sending, form

ANOTHER_IBAN = "FR1420041010050500013M02606"


def prepare() -> Sending:
    factories.visaed()
    return form(None, Role.ACCOUNTANT, "agents:prepare")


def prepare_by_hand() -> Sending:
    known = noted()
    accept(known)
    BankAccount.objects.filter(pk=known.pk).update(valid_from=date(2026, 9, 1))
    order = factories.visaed(bank.owed(known.insured))
    return form(None, Role.ACCOUNTANT, "agents:prepare_by_hand", order.reference)


def record_account() -> Sending:
    typed = {"iban": "0012345678905", "bic": "NWHRUS33", "currency": "USD", "holder": "Alix Exemple"}
    person = factories.insured()
    return form(None, Role.COUNTER, "agents:record_account", nir=person.nir, bank_name="Bank of Nowhere", **typed)


def reimpute() -> Sending:
    order = factories.ordered()
    return form(None, Role.ACCOUNTANT, "agents:reimpute", order.reference, budget="APIAS", reason="Accident de service")


def reissue() -> Sending:
    order = lives_of_bank.came_back()
    factories.pay_on(order.insured, ANOTHER_IBAN, since=date(2026, 9, 1))
    return form(None, Role.ACCOUNTANT, "agents:reissue", order.reference)


def reissue_batch() -> Sending:
    order = factories.ordered()
    batch = bank.sent(order)
    bank.says(bank.refuses(bank.order_of(batch)))
    return form(None, Role.ACCOUNTANT, "agents:reissue_batch", batch.reference, count="1", total=str(order.amount))


PAYMENTS = {
    ("agents:prepare",  prepare):  {"Batch": 1, "ProcrastinateJob": 1},
    ("agents:prepare_by_hand", prepare_by_hand): {"Batch": 1, "ProcrastinateJob": 1, "Reading": 1},
    ("agents:record_account", record_account): {"BankAccount": 1, "ProcrastinateJob": 1, "Reading": 2, "Attempt": 1},
    ("agents:reimpute", reimpute): {"Reimputation": 1, "Reading": 1},
    ("agents:reissue",  reissue):  {"PaymentLine": 1, "PaymentOrder": 1, "ProcrastinateJob": 1, "Reading": 1},
    ("agents:reissue_batch", reissue_batch): {"PaymentLine": 1, "PaymentOrder": 1, "ProcrastinateJob": 1},
}  # fmt: skip

PAYMENTS_MAKE_NOTHING = {
    "agents:payments", "agents:reject", "agents:visa_all",  # an order goes on
    "agents:sign_batch", "agents:make_by_hand", "agents:give_up_by_hand",  # a batch goes on
    "agents:answer_reimputation", "agents:close_month",  # settled once
    "agents:discrepancy", "agents:answer_discrepancy",
}  # fmt: skip
