"""What the files of the bank cannot settle is settled by two people; until then nothing is paid again."""

from datetime import date
from typing import Any

import pytest

from escale.domain.ledger.models import AccountingEntry
from escale.domain.payments import actions as payments
from escale.domain.payments import queries, reissues
from escale.domain.payments.lifecycle import BatchStatus, DiscrepancyStatus, OrderStatus
from escale.domain.payments.models import Batch, Discrepancy, PaymentOrder
from escale.jobs import banking
from escale.rules.lifecycle import StepRefused
from escale.rules.reconciling import Verdict
from escale.rules.settling import Contradiction
from tests import factories
from tests.domain.payments import bank
from tests.domain.payments.test_booked_as_one import as_one

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("frozen", "scanning")]

ANOTHER_IBAN = "FR1420041010050500013M02606"
TODAY = date(2026, 9, 15)


def standing(*orders: PaymentOrder) -> list[str]:
    return [PaymentOrder.objects.get(pk=order.pk).status for order in orders]


def posted(event: str) -> int:
    return AccountingEntry.objects.filter(event=event).count()


def owed_elsewhere() -> PaymentOrder:
    """An order whose person has had another account for long."""
    order = bank.owed(factories.insured())
    factories.pay_on(order.insured, ANOTHER_IBAN)
    return order


def settle(verdict: Verdict, *, on: date | None = TODAY, order: PaymentOrder | None = None) -> None:
    told = Discrepancy.objects.open().latest("pk")
    payments.explain(
        discrepancy=told, verdict=verdict, words="Courrier de la banque.", on=on, order=order, by=factories.accountant()
    )
    payments.reconcile(discrepancy=told, by=factories.accountant())


def rejected_then_paid() -> PaymentOrder:
    order = owed_elsewhere()
    batch = bank.sent(order)
    bank.says(bank.rejects(batch))
    bank.says(bank.books(batch, on=TODAY))
    assert Discrepancy.objects.get().why == Contradiction.REJECTED_THEN_PAID
    return PaymentOrder.objects.get(pk=order.pk)


def test_what_the_bank_paid_after_all_is_paid_and_never_again():
    order = rejected_then_paid()
    settle(Verdict.EXECUTED)
    order.refresh_from_db()
    assert (order.status, order.paid_on) == (OrderStatus.EXECUTED, TODAY)
    assert posted("paid_after_all") == 1
    with pytest.raises(StepRefused):
        payments.reissue(order=order, by=factories.accountant())
    banking.reissue_to_new_accounts()
    assert not PaymentOrder.objects.exclude(replaces=None).exists()
    bank.says(bank.books(Batch.objects.get(), on=TODAY).replace(b"<MsgId>D-", b"<MsgId>S-"))
    assert not Discrepancy.objects.open().exists()


def test_who_explains_does_not_confirm_and_nothing_is_paid_again_meanwhile():
    order, by = rejected_then_paid(), factories.accountant()
    told = Discrepancy.objects.get()
    payments.explain(discrepancy=told, verdict=Verdict.UNPAID, words="Vu avec la banque.", by=by)
    with pytest.raises(StepRefused):
        payments.reconcile(discrepancy=told, by=by)
    with pytest.raises(StepRefused, match="rapproché"):
        payments.reissue(order=order, by=factories.accountant())
    read, other = Discrepancy.objects.get(), factories.accountant()
    payments.contest(discrepancy=told, by=other)
    payments.explain(discrepancy=told, verdict=Verdict.EXECUTED, on=TODAY, words="Payé.", by=other)
    with pytest.raises(StepRefused, match="relisez-la"):
        payments.reconcile(discrepancy=read, by=factories.accountant())
    payments.contest(discrepancy=told, by=other)
    settle(Verdict.UNPAID, on=None)
    assert payments.reissue(order=order, by=factories.accountant()).replaces == order


def test_a_return_that_names_no_order_is_tied_to_it_by_two_people():
    order = owed_elsewhere()
    batch = bank.sent(order)
    bank.says(bank.books(batch, on=TODAY))
    bank.says(bank.returns(batch, on=TODAY).replace(order.reference.encode(), b"SANS-REFERENCE"))
    with pytest.raises(payments.Unacceptable, match="référence"):
        settle(Verdict.RETURNED)
    settle(Verdict.RETURNED, order=order)
    assert standing(order) == [OrderStatus.RETURNED]
    assert posted("returned") == 1


@pytest.mark.parametrize(("says", "status"), [
    (bank.accepts, DiscrepancyStatus.RECONCILED), (bank.books, DiscrepancyStatus.PROPOSED),
])  # fmt: skip
def test_what_concerns_no_order_is_explained_by_one_person_unless_money_moved(says: Any, status: DiscrepancyStatus):
    batch = bank.sent(owed_elsewhere())
    told = says(batch).replace(batch.orders.get().reference.encode(), b"INCONNU")
    bank.says(told.replace(batch.reference.encode(), b"LOT-INCONNU"))
    payments.explain(
        discrepancy=Discrepancy.objects.get(),
        verdict=Verdict.NOTHING,
        words="La banque s’est trompée de client.",
        by=factories.accountant(),
    )
    assert Discrepancy.objects.get().status == status


def test_a_batch_booked_net_of_an_order_that_a_person_finds_unpaid_is_paid_for_the_others():
    orders = [bank.owed(factories.insured()) for _ in range(3)]
    batch = bank.sent(*orders)
    batch.total -= orders[2].amount
    bank.says(as_one(batch))
    settle(Verdict.UNPAID, on=None, order=orders[2])
    assert standing(*orders) == [OrderStatus.EXECUTED, OrderStatus.EXECUTED, OrderStatus.UNPAID]
    assert Discrepancy.objects.get().status == DiscrepancyStatus.RECONCILED
    assert (posted("executed"), posted("unpaid")) == (1, 1)
    bank.says(bank.rejects(batch, orders[2]))
    bank.says(bank.books(batch, *orders[:2], on=TODAY))
    assert not Discrepancy.objects.open().exists()


def test_an_order_that_the_bank_says_it_paid_is_not_refused_to_be_decided_again():
    order = owed_elsewhere()
    batch = factories.batch(order)
    type(batch).objects.update(wants_signature=True)
    bank.says(bank.books(batch))
    order.refresh_from_db()
    PaymentOrder.objects.update(batch=None)  # the database was put back as it was before
    order.refresh_from_db()
    with pytest.raises(StepRefused, match="décidé de nouveau"):
        payments.reject(order=order, reason="Payé le 15.", by=factories.accountant())


def test_a_reissue_whose_visa_was_refused_is_left_to_a_person():
    order = owed_elsewhere()
    bank.says(bank.rejects(bank.sent(order)))
    banking.reissue_to_new_accounts()
    again = PaymentOrder.objects.get(replaces=order)
    payments.reject(order=again, reason="Compte à vérifier.", by=factories.accountant())
    banking.reissue_to_new_accounts()
    assert not PaymentOrder.objects.filter(replaces=again).exists()
    assert list(PaymentOrder.objects.came_back()) == [again]


def test_a_number_that_ends_as_a_rank_does_is_kept_whole():
    order = bank.owed(factories.insured(), reference="ACDEF-R3467")
    assert reissues.next_reference(order) == "ACDEF-R3467-R2"
    again = PaymentOrder(reference="ACDEF-R3467-R2", replaces=order)
    assert reissues.next_reference(again) == "ACDEF-R3467-R3"


def test_a_batch_booked_net_of_rejects_that_come_later_is_paid_once_the_last_is_heard():
    orders = [bank.owed(factories.insured()) for _ in range(3)]
    batch = bank.sent(*orders)
    batch.total = orders[0].amount
    bank.says(as_one(batch))
    assert Discrepancy.objects.open().get().why == Contradiction.AMOUNT
    bank.says(bank.rejects(batch, orders[1]))
    assert Discrepancy.objects.open().exists()
    bank.says(bank.rejects(batch, orders[2]))
    assert standing(*orders) == [OrderStatus.EXECUTED, OrderStatus.UNPAID, OrderStatus.UNPAID]
    assert Discrepancy.objects.get().status == DiscrepancyStatus.LIFTED
    assert posted("executed") == 1
    bank.says(bank.books(batch, orders[0], on=TODAY))
    assert not Discrepancy.objects.open().exists()


def test_a_sum_that_leaves_out_what_a_person_found_and_what_the_bank_rejects_later_pays_the_others():
    orders = [bank.owed(factories.insured()) for _ in range(3)]
    batch = bank.sent(*orders)
    batch.total = orders[0].amount
    bank.says(as_one(batch))
    settle(Verdict.UNPAID, on=None, order=orders[2])
    assert standing(*orders) == [OrderStatus.SENT, OrderStatus.SENT, OrderStatus.UNPAID]
    bank.says(bank.rejects(batch, orders[1]))
    assert standing(*orders) == [OrderStatus.EXECUTED, OrderStatus.UNPAID, OrderStatus.UNPAID]


def test_a_sum_that_counts_what_was_rejected_pays_it_too_once_two_people_say_so():
    rejected, paid = owed_elsewhere(), owed_elsewhere()
    batch = bank.sent(rejected, paid)
    bank.says(bank.rejects(batch, rejected))
    bank.says(as_one(batch))
    assert Discrepancy.objects.get().why == Contradiction.REJECTED_THEN_PAID
    settle(Verdict.EXECUTED)
    assert standing(rejected, paid) == [OrderStatus.EXECUTED] * 2


def test_a_batch_refused_then_booked_holds_each_of_its_orders():
    orders = owed_elsewhere(), owed_elsewhere()
    batch = bank.sent(*orders)
    bank.says(bank.accepts(batch).replace(b"ACCP", b"RJCT"))
    assert Batch.objects.get().status == BatchStatus.REFUSED
    bank.says(as_one(batch))
    for order in PaymentOrder.objects.all():
        assert "rapproché" in reissues.why_not_reissued(order, today=TODAY)
    settle(Verdict.EXECUTED)
    assert standing(*orders) == [OrderStatus.EXECUTED] * 2


def test_a_doubt_that_comes_after_the_reissue_stops_its_visa_and_its_batch():
    order = owed_elsewhere()
    batch = bank.sent(order)
    bank.says(bank.rejects(batch))
    order.refresh_from_db()
    again = payments.reissue(order=order, by=factories.accountant())
    bank.says(bank.books(batch, on=TODAY))
    with pytest.raises(StepRefused, match="rapproché"):
        payments.visa(orders=[again], by=factories.accountant())
    settle(Verdict.NOTHING)
    payments.visa(orders=[again], by=factories.accountant())
    bank.says(bank.books(batch, on=TODAY).replace(b"</AcctSvcrRef>", b"2</AcctSvcrRef>"))
    assert queries.to_send(actor=factories.accountant()) == []
    with pytest.raises(payments.NothingToSend):
        payments.prepare_batch(by=factories.accountant())
    settle(Verdict.EXECUTED)
    with pytest.raises(payments.NothingToSend):
        payments.prepare_batch(by=factories.accountant())


def test_a_copy_refused_by_the_bank_is_not_taken_for_a_transfer_that_it_did_not_pay():
    order = owed_elsewhere()
    batch = bank.sent(order)
    bank.says(bank.rejects(batch, code="DU01"))
    assert Discrepancy.objects.get().why == Contradiction.ALREADY_RECEIVED
    assert standing(order) == [OrderStatus.SENT]
    bank.says(bank.books(batch, on=TODAY))
    assert standing(order) == [OrderStatus.EXECUTED]


def test_who_reissues_does_not_give_the_visa_and_says_why_where_a_person_has_to_weigh_it():
    order, by = owed_elsewhere(), factories.accountant()
    bank.says(bank.rejects(bank.sent(order), code="MS02"))
    order.refresh_from_db()
    with pytest.raises(payments.Unacceptable, match="pourquoi"):
        payments.reissue(order=order, by=by)
    again = payments.reissue(order=order, by=by, reason="L’assuré confirme son compte.")
    with pytest.raises(StepRefused):
        payments.visa(orders=[again], by=by)
    payments.visa(orders=[again], by=factories.accountant())


def test_a_reissue_without_a_visa_comes_back_to_the_list():
    order = owed_elsewhere()
    bank.says(bank.rejects(bank.sent(order)))
    order.refresh_from_db()
    again = payments.reissue(order=order, by=factories.accountant())
    payments.reject(order=again, reason="RIB à vérifier", by=factories.accountant())
    assert PaymentOrder.objects.came_back().get() == again
    banking.reissue_to_new_accounts()  # a person says whether it is paid after all
    assert PaymentOrder.objects.came_back().get() == again
    assert payments.reissue(order=again, by=factories.accountant()).reference.endswith("-R3")


def test_an_account_changed_this_morning_is_not_paid_again_at_once():
    order = bank.owed(factories.insured())
    bank.says(bank.rejects(bank.sent(order)))
    order.refresh_from_db()
    factories.pay_on(order.insured, ANOTHER_IBAN, since=TODAY)
    with pytest.raises(StepRefused, match="vient de changer"):
        payments.reissue(order=order, by=factories.accountant())


def test_one_account_that_the_bank_would_refuse_does_not_stop_the_others():
    stuck, other = owed_elsewhere(), owed_elsewhere()
    batch = bank.sent(stuck, other)
    bank.says(bank.rejects(batch))
    factories.pay_on(stuck.insured, "GB56ZZZZ00000000000000")
    banking.reissue_to_new_accounts()
    assert list(PaymentOrder.objects.exclude(replaces=None).values_list("replaces", flat=True)) == [other.pk]
