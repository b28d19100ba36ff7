"""What a file that the bank refused whole paid is ordered again by one act."""

from decimal import Decimal

import pytest
from django.utils import timezone

from escale.domain.payments import actions as payments
from escale.domain.payments.models import Batch, PaymentOrder
from escale.rules.lifecycle import StepRefused
from tests import factories
from tests.domain.payments import bank

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("scanning")]

ANOTHER_IBAN = "FR1420041010050500013M02606"
TWO = Decimal("84.20")


def refused(*orders: PaymentOrder, code: str = "FF01") -> Batch:
    batch = bank.sent(*orders)
    bank.says(bank.refuses(bank.order_of(batch), code=code))
    return Batch.objects.get(pk=batch.pk)


def test_what_a_refused_file_paid_is_ordered_again_by_one_act_as_it_was_seen():
    batch = refused(bank.owed(factories.insured()), bank.owed(factories.insured()))
    with pytest.raises(StepRefused, match="changé"):
        payments.reissue_all(batch=batch, count=3, total=TWO, by=factories.accountant())
    assert payments.reissue_all(batch=batch, count=2, total=TWO, by=factories.accountant()) == 2
    assert PaymentOrder.objects.to_approve().filter(replaces__batch=batch).count() == 2
    with pytest.raises(StepRefused, match="changé"):
        payments.reissue_all(batch=batch, count=2, total=TWO, by=factories.accountant())


def test_what_cannot_be_ordered_again_stays_on_the_list():
    stuck, other = bank.owed(factories.insured()), bank.owed(factories.insured())
    batch = refused(stuck, other)
    factories.pay_on(stuck.insured, ANOTHER_IBAN, since=timezone.localdate())
    assert payments.reissue_all(batch=batch, count=2, total=TWO, by=factories.accountant()) == 1
    assert list(PaymentOrder.objects.came_back()) == [stuck]


def test_a_file_refused_for_no_known_reason_is_seen_with_the_bank():
    batch = refused(bank.owed(factories.insured()), code="")
    assert payments.reissue_all(batch=batch, count=1, total=TWO / 2, by=factories.accountant()) == 1
