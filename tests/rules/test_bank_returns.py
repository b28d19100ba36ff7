"""Every reason of a bank has its words and its act; nothing that a bank says of somebody's life is repeated to them."""

import re
from datetime import date

import pytest

from escale.rules import bank_returns, parameters
from escale.rules.bank_returns import Act
from escale.rules.parameters import Edition

TODAY = date(2026, 11, 23)
# What the rulebook of the SEPA credit transfer lets a bank say when it rejects, returns, or is asked to recall.
SEPA = {
    "AC01", "AC04", "AC06", "AG01", "AG02", "AM04", "AM05", "AM09", "BE04", "CNOR", "CUST", "DNOR", "DUPL", "ED05",
    "FOCR", "FRAD", "LEGL", "MD07", "MS02", "MS03", "NOAS", "NOOR", "RC01", "RR01", "RR02", "RR03", "RR04", "TECH",
    "TM01",
}  # fmt: skip
SECRET = re.compile("décè|décéd|mort|fraude|justice|saisi|blocag|bloqué|indu", re.IGNORECASE)


@pytest.mark.parametrize("code", [*bank_returns.codes(), "ZZ99", ""])
def test_each_reason_tells_the_accountant_and_the_insured_person_what_is_done(code):
    reason = bank_returns.reason(code, on=TODAY)
    assert re.fullmatch(r"[A-ZÉ].*[^.]", reason.accountant)
    assert re.fullmatch(r"[A-Z].*\.", reason.insured)
    assert not SECRET.search(reason.insured)
    if reason.act == Act.OTHER_ACCOUNT:
        assert re.search("à votre nom|RIB", reason.insured)


def test_what_a_bank_may_say_of_a_sepa_transfer_is_known():
    assert set(bank_returns.codes()) >= SEPA
    assert len(bank_returns.codes()) == len(parameters.table("bank_returns")["reasons"])


@pytest.mark.parametrize("code", ["AM05", "DUPL", "DU04", "ARDT", "ZZ99", ""])
def test_what_may_have_been_paid_already_is_for_a_person(code):
    assert bank_returns.reason(code, on=TODAY).act == Act.PERSON


def test_an_edition_says_anew_what_a_code_means_or_adds_one():
    row = {"accountant": "Compte gelé", "act": "person", "from": TODAY}
    with parameters.reading(Edition(3, {("bank_reason", "AC06"): (row,), ("bank_reason", "XX01"): (row,)})):
        assert bank_returns.reason("AC06", on=TODAY).act == bank_returns.reason("XX01", on=TODAY).act == Act.PERSON
        assert bank_returns.reason("AC06", on=date(2026, 11, 22)).act == Act.OTHER_ACCOUNT
        assert "XX01" in bank_returns.codes()
    assert bank_returns.reason("AC06", on=TODAY).act == Act.OTHER_ACCOUNT
