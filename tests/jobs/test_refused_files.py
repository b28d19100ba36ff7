"""A file that the bank refused whole is ours to mend: nobody is worried before some days."""

from decimal import Decimal

import pytest

from escale.domain.notices.models import Notice
from escale.domain.payments import actions as payments
from tests import factories
from tests.conftest import Work
from tests.domain.payments import bank
from tests.domain.payments.test_refused_whole import refused

pytestmark = pytest.mark.usefixtures("scanning")


def told() -> list[str]:
    return list(Notice.objects.filter(kind="payment_came_back").values_list("kind", flat=True))


@pytest.mark.parametrize("mended", [True, False])
def test_nobody_is_told_of_a_refused_file_that_is_mended_within_some_days(work: Work, mended: bool):
    batch = refused(bank.owed(factories.insured()))
    work()
    assert told() == []
    if mended:
        payments.reissue_all(batch=batch, count=1, total=Decimal("42.10"), by=factories.accountant())
    work(later=True)
    assert told() == ([] if mended else ["payment_came_back"])


def test_who_is_paid_learns_at_once_that_their_own_transfer_was_rejected(work: Work):
    order = bank.owed(factories.insured())
    bank.says(bank.rejects(bank.sent(order)))
    work()
    assert told() == ["payment_came_back"]
