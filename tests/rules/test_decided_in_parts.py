"""A treatment decided in parts is paid back as the law says for the whole; what was paid too much is told."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from escale.rules import acts
from escale.rules.care_line import CareLine
from escale.rules.explanation import Refund
from escale.rules.intake import Care
from escale.rules.scope import RuleSet
from escale.rules.second_look import Why, why
from escale.rules.treatment import refund_claim, refund_rest

ON = date(2026, 9, 1)
VISIT = CareLine(
    given_on=ON, act_code="G", act=acts.act("G", on=ON), care=Care.GENERALIST, expense_eur=Decimal(40),
    paid_elsewhere_eur=Decimal(0), patient_age=40, patient_days=14_600, january_age=40, rule_set=RuleSet.SERVICE,
    provider="clinique", repaid_on=ON,
)  # fmt: skip


def dues(refunds: object) -> list[Decimal]:
    return [one.due for one in refunds if isinstance(one, Refund)]


@pytest.mark.parametrize("expenses", [(40, 40), (10, 90), (22, 300), (35, 35)])
def test_in_parts_or_at_once_the_sum_is_the_same(expenses: tuple[int, int]):
    both = [replace(VISIT, expense_eur=Decimal(one), provider=str(one)) for one in expenses]
    for first in (0, 1):
        alone = refund_claim([both[first]]).due
        rest = refund_rest(both, paid={first: alone})
        assert rest.due == sum(dues(rest.lines)) == refund_claim(both).due
        assert rest.lines[first].due == alone


def test_what_a_decided_line_lacks_is_due_with_the_others():
    whole = refund_claim([VISIT, VISIT])
    lacking = whole.lines[0].due - 5
    rest = refund_rest([VISIT, VISIT], paid={0: lacking})
    assert rest.lines[1].due == whole.lines[1].due + 5
    assert rest.lines[1].steps[-1].cause == "settled"


def test_what_was_paid_too_much_is_told_and_never_taken_back():
    whole = refund_claim([VISIT, VISIT])
    rest = refund_rest([VISIT, VISIT], paid={0: whole.lines[0].due + 7})
    assert rest.lines[1].due == whole.lines[1].due
    assert "7,00" in rest.lines[1].notes[-1]
    assert "indu" in rest.lines[1].notes[-1]


def test_no_line_receives_more_than_what_was_left_to_the_person_to_pay():
    borne = replace(VISIT, paid_elsewhere_eur=Decimal(39))
    rest = refund_rest([VISIT, borne], paid={0: Decimal(0)})
    assert rest.lines[1].due <= 1


@pytest.mark.parametrize(
    ("total", "lot", "sent_back", "told"),
    [
        ("999.99", "0.9", False, None), ("1000", "0.9", False, Why.AMOUNT), ("1", "0.049", False, Why.DRAWN),
        ("1", "0.05", False, None), ("1", "0.9", True, Why.AGAIN),
    ],
)  # fmt: skip
def test_a_second_agent_reads_what_is_large_drawn_or_came_back(total: str, lot: str, sent_back: bool, told: Why | None):
    assert why(Decimal(total), lot=Decimal(lot), on=ON, sent_back=sent_back) is told
