"""What a message to an insurer says of a payment, and what it never does."""

import json
from datetime import date
from decimal import Decimal

import pytest

from escale.domain.accounts.models import Role
from escale.domain.claims import actions as claims
from escale.domain.claims.models import ClaimLine
from escale.domain.payments import actions as payments
from escale.domain.payments.models import PaymentOrder
from escale.domain.registry.models import Link
from escale.domain.statements import actions, exchange
from escale.gateways import complementary
from escale.rules.complementary import labels
from tests import factories
from tests.domain.payments import bank
from tests.domain.statements import sharing
from tests.json_schema import faults

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("frozen", "scanning")]


def after_an_appeal() -> tuple[PaymentOrder, PaymentOrder]:
    """Two payments of one line: of 5 euros at first, then of the rest, which has left."""
    claim = factories.received()
    line = claim.bills.get().lines.get()
    reduced = claims.Assessment(act="", amount=Decimal(5), reason="Réduite", reason_code="R01")
    claims.assess(line=line, retained=reduced, by=factories.agent())
    first = executed(claims.decide(claim=claim, by=factories.agent()).order)
    claims.take_up(decision=claim.decisions.get(), by=factories.actor(Role.SUPERVISOR))
    claims.assess(line=line, retained=claims.Assessment(act="G"), by=factories.agent())
    return first, executed(claims.decide(claim=claim, by=factories.agent()).order)


def executed(order: PaymentOrder) -> PaymentOrder:
    bank.says(bank.books(bank.sent(order)))
    order.refresh_from_db()
    return order


def told(order: PaymentOrder) -> tuple[Decimal, Decimal, Decimal]:
    """What is said to have reached before, to come now, and to be due still."""
    person = order.insured
    message = exchange.own(order, reader=sharing.oneself(person))
    assert message
    [line] = message.lines
    assert line.expense == line.reimbursed_before + line.reimbursed + line.still_due + sum(line.left.values())
    return line.reimbursed_before, line.reimbursed, line.still_due


def test_what_came_back_is_still_due_until_it_is_paid_again():
    first, rest = after_an_appeal()
    assert told(rest) == (first.amount, rest.amount, 0)
    bank.says(bank.returns(first.batch))
    assert told(rest) == (0, rest.amount, first.amount)
    factories.pay_on(first.insured, "FR1420041010050500013M02606", since=date(2026, 9, 1))
    first.refresh_from_db()
    executed(payments.reissue(order=first, by=factories.accountant()))
    assert told(rest) == (first.amount, rest.amount, 0)


def test_a_file_says_neither_a_number_nor_a_place_nor_a_provider_nor_what_the_care_was():
    transmission = sharing.sent()
    said = sharing.kept(transmission).decode()
    line = transmission.order.decision.awards.get().line
    for secret in (
        transmission.consent.insured.nir, transmission.order.iban, line.bill.provider, line.get_care_display(),
        line.care, "Djibouti", "DJ", "USD", "G",
    ):  # fmt: skip
        assert f'"{secret}"' not in said
        assert len(secret) < 5 or secret not in said


def test_the_lines_make_the_payment_and_each_expense_is_told_whole():
    sharing.sent()
    [told] = sharing.laid().values()
    cents = [round(100 * float(line["reimbursed"])) for line in told["lines"]]
    assert sum(cents) == round(100 * float(told["payment"]["amount"]))
    for line in told["lines"]:
        parts = [line["reimbursed"], line["reimbursed_before"], line["still_due"], *line["left"].values()]
        assert sum(round(100 * float(part)) for part in parts) == round(100 * float(line["expense"]))


def test_a_line_is_told_as_it_was_ordered_whatever_is_decided_of_it_since():
    consent = sharing.given()
    order = sharing.executed(consent.insured)
    again = [line.pk for line in order.decision.lines.all()]
    ClaimLine.objects.filter(pk__in=again).update(decision=None)
    ClaimLine.objects.filter(pk__in=again).update(due=0, expense=1)
    actions.follow_payment(order=order)
    actions.transmit(transmission=consent.transmissions.get())
    [told] = sharing.laid().values()
    assert [line["reimbursed"] for line in told["lines"]] == [f"{order.amount:.2f}"]
    assert [line["expense"] for line in told["lines"]] != ["1.00"]


def test_who_is_paid_may_have_the_same_file_unless_another_adult_was_cared_for():
    person = factories.insured()
    own = exchange.own(sharing.executed(person), reader=sharing.oneself(person))
    assert own
    told = complementary.as_json(own)
    assert told == complementary.as_json(own)
    assert b"contract" in told
    spouse = sharing.executed(person, Link.SPOUSE)
    assert exchange.own(spouse, reader=sharing.oneself(person)) is None
    unpaid = factories.ordered(factories.approved(factories.received(person)))
    assert exchange.own(unpaid, reader=sharing.oneself(person)) is None


def test_the_table_has_a_row_for_each_line():
    transmission = sharing.sent()
    table = complementary.as_csv(sharing.kept(transmission), families=labels())
    head, row = table.decode("utf-8-sig").splitlines()
    cells = dict(zip(head.split(";"), row.split(";"), strict=True))
    assert cells["Versement"] == transmission.order.reference
    assert cells["Remboursé par ce versement (€)"] == f"{transmission.order.amount}".replace(".", ",")
    assert cells["Famille de remboursement"] == "Soins courants"


def test_a_name_that_a_spreadsheet_would_reckon_is_a_word_in_the_table():
    told = json.loads(sharing.kept(sharing.sent()))
    told["person"]["last_name"] = "=1+1"
    assert ";'=1+1;" in complementary.as_csv(json.dumps(told).encode(), families={}).decode()


def test_the_schema_refuses_what_it_does_not_name():
    [told] = [sharing.sent() and next(iter(sharing.laid().values()))]
    assert faults(told | {"nir": "1"}, sharing.SCHEMA) == ["$: nir?"]
    assert faults(told | {"kind": "bill"}, sharing.SCHEMA) == ["$.kind: 'bill'"]
    line = told["lines"][0] | {"reimbursed": "1.5"}
    assert faults(told | {"lines": [line]}, sharing.SCHEMA)
