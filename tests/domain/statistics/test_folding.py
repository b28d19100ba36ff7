"""The figures follow the journal: each claim counts once, for what it is now."""

from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from decimal import Decimal
from threading import Barrier

import pytest
import time_machine
from django.core.management import call_command
from django.db import connection, transaction
from django.db.models import Sum

from escale.domain.claims import actions as claims
from escale.domain.claims.models import Claim
from escale.domain.journal import actions as journal
from escale.domain.payments import actions as payments
from escale.domain.payments.models import PaymentOrder
from escale.domain.statistics import actions as statistics
from escale.domain.statistics.models import ALL, CountedClaim, Measure, Progress, Tally
from tests import factories
from tests.domain.payments import bank

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("frozen", "scanning")]
TUESDAY = date(2026, 9, 15)


def told(measure: str, *, territory: str = ALL, care: str = ALL) -> dict[tuple[date, str, int], int]:
    rows = Tally.objects.filter(measure=measure, territory=territory, care=care)
    return {(row.day, row.key, row.bucket): row.count for row in rows}


def all_figures() -> set[tuple[object, ...]]:
    return set(Tally.objects.values_list("measure", "territory", "care", "day", "key", "bucket", "count", "total"))


def order_of(claim: Claim) -> PaymentOrder:
    return PaymentOrder.objects.get(reference__startswith=claim.number)


def test_a_claim_that_came_is_in_the_stock_until_it_is_decided(frozen: time_machine.Traveller):
    claim = factories.received()
    statistics.fold()
    assert told(Measure.RECEIVED) == {(TUESDAY, "", 0): 1}
    assert told(Measure.OPEN, territory="DJ", care="generalist") == {(TUESDAY, "agent", 0): 1}
    frozen.shift(timedelta(days=2))
    factories.approved(claim)
    statistics.fold()
    thursday = TUESDAY + timedelta(days=2)
    assert told(Measure.OPEN) == {}
    assert told(Measure.DECIDED) == {(thursday, "accepted", 2): 1}
    assert told(Measure.IN_TIME) == {(thursday, "gross", 0): 1, (thursday, "net", 0): 1}
    paid = Tally.objects.filter(measure=Measure.DECIDED, territory=ALL, care=ALL).aggregate(paid=Sum("total"))["paid"]
    assert paid == order_of(claim).amount > 0


def test_a_draft_and_what_was_only_sent_count_for_nothing():
    factories.draft()
    factories.sent()
    statistics.fold()
    assert all_figures() == set()


def test_a_refusal_tells_its_reason_and_no_amount():
    factories.refused(factories.received(), reason_code="R02")
    statistics.fold()
    assert told(Measure.REASON) == {(TUESDAY, "R02", 0): 1}
    assert told(Measure.DECIDED) == {(TUESDAY, "refused", 0): 1}


def test_waiting_for_the_physician_stops_the_net_clock_and_is_timed(frozen: time_machine.Traveller):
    opinion = factories.asked()
    statistics.fold()
    assert told(Measure.OPEN) == {(TUESDAY, "opinion", 0): 1}
    frozen.shift(timedelta(days=14))
    factories.answered(opinion)
    factories.approved(opinion.claim)
    statistics.fold()
    day = TUESDAY + timedelta(days=14)
    assert told(Measure.DECIDED) == {(day, "accepted", 10): 1}
    assert told(Measure.IN_TIME) == {(day, "net", 0): 1}
    steps = Tally.objects.filter(measure=Measure.STEP, territory=ALL, care=ALL, key="opinion")
    assert [(row.bucket, row.total) for row in steps] == [(360, Decimal("336.00"))]


def test_waiting_for_a_paper_is_told_and_timed(frozen: time_machine.Traveller):
    paper = factories.to_replace()
    statistics.fold()
    assert told(Measure.OPEN) == {(TUESDAY, "papers", 0): 1}
    frozen.shift(timedelta(hours=3))
    factories.replacement(paper)
    statistics.fold()
    assert told(Measure.STEP)[TUESDAY, "papers", 4] == 1


def test_a_payment_refused_by_the_accountant_takes_the_decision_back():
    claim = factories.approved(factories.received())
    statistics.fold()
    before = told(Measure.DECIDED)
    order = order_of(claim)
    payments.reject(order=order, reason="Compte clos.", by=factories.accountant())
    claims.reopen(order=order)
    statistics.fold()
    assert len(before) == 1
    assert told(Measure.DECIDED) == told(Measure.IN_TIME) == {}
    assert told(Measure.OPEN) == {(TUESDAY, "agent", 0): 1}
    assert Tally.objects.filter(count__lte=0).count() == 0


def test_the_way_of_the_money_is_timed(frozen: time_machine.Traveller):
    claim = factories.approved(factories.received())
    frozen.shift(timedelta(hours=5))
    order = order_of(claim)
    payments.visa(orders=[order], by=factories.accountant())
    frozen.shift(timedelta(hours=1))
    batch = payments.prepare_batch(by=factories.accountant())
    payments.send_batch(batch=batch)
    statistics.fold()
    steps = {key: bucket for (_day, key, bucket) in told(Measure.STEP)}
    assert (steps["visa"], steps["transfer"]) == (8, 1 + 1)
    bank.says(bank.accepts(batch).replace(b"ACCP", b"RJCT"))
    statistics.fold()
    assert {key for (_day, key, _bucket) in told(Measure.STEP)} == steps.keys() - {"transfer"}


def test_a_claim_moved_to_another_country_takes_its_figures_with_it():
    claim = factories.received()
    statistics.fold()
    claims.settle_stay(
        claim=claim, territory="SN", stay=factories.Stay.POSTING, stay_from=claim.stay_from, stay_until=None,
        grounds=claims.Grounds.BILLS, by=factories.agent(),
    )  # fmt: skip
    statistics.fold()
    assert told(Measure.RECEIVED, territory="DJ") == {}
    assert told(Measure.RECEIVED, territory="SN") == told(Measure.RECEIVED) == {(TUESDAY, "", 0): 1}


def test_followed_entry_by_entry_or_all_at_once_or_from_zero_the_figures_are_the_same():
    claim, other = factories.received(), factories.to_replace().claim
    statistics.fold()
    factories.approved(claim)
    statistics.fold()
    factories.refused(factories.received())
    payments.visa(orders=[order_of(claim)], by=factories.accountant())
    statistics.fold()
    kept = all_figures()
    assert statistics.fold() == 0
    Progress.objects.update(block=0)
    assert statistics.fold() > 0  # the whole journal once more
    assert all_figures() == kept
    call_command("recount_figures", from_zero=True, verbosity=0)
    assert all_figures() == kept
    CountedClaim.objects.get(pk=other.pk).delete()  # a figure that went astray
    Tally.objects.filter(measure=Measure.OPEN).delete()
    statistics.recount(from_zero=True)
    assert all_figures() == kept


@pytest.mark.django_db(transaction=True)
def test_two_who_fold_at_once_beside_a_slow_writer_count_each_claim_once():
    slow = factories.received()
    statistics.fold()
    start = Barrier(2)

    def fold() -> int:
        start.wait()
        try:
            return statistics.fold()
        finally:
            connection.close()

    fold_twice: Callable[[], list[int]] = lambda: [done.result() for done in [pool.submit(fold), pool.submit(fold)]]  # noqa: E731
    with ThreadPoolExecutor(2) as pool:
        with transaction.atomic():
            factories.refused(slow)  # written, not committed: entries with low numbers that nobody sees yet
            with ThreadPoolExecutor(1) as another:
                another.submit(_receive_another).result()
            fold_twice()
            assert Tally.objects.get(measure=Measure.RECEIVED, territory=ALL, care=ALL).count == 2
        fold_twice()
    assert Counter(measure for measure, *_ in all_figures())["open"] == 4  # one claim, counted four ways
    assert told(Measure.DECIDED) == {(TUESDAY, "refused", 0): 1}
    assert journal.seal() == 0


def _receive_another() -> None:
    try:
        factories.received()
    finally:
        connection.close()
