"""What is made by what came back of the bank."""

from datetime import date

from escale.domain.accounts.models import Role
from tests.house import lives_of_bank
from tests.house.sending import Sending, form

ANOTHER_IBAN = "FR1420041010050500013M02606"


def reissue() -> Sending:
    order = lives_of_bank.came_back()
    order.insured.bank_accounts.create(iban=ANOTHER_IBAN, holder="Alix Exemple", valid_from=date(2026, 9, 1))
    return form(None, Role.ACCOUNTANT, "agents:reissue", order.reference)


BANK = {
    ("agents:reissue",         reissue):       {"PaymentLine": 1, "PaymentOrder": 1, "ProcrastinateJob": 1,
                                                   "Reading": 1},
}  # fmt: skip

BANK_MAKES_NOTHING = {
    "agents:discrepancy",  # reconciled once
}
