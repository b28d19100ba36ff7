"""Every euro is followed from the line of the bank to the image of the bill, page after page, and back."""

import pytest
from django.test import Client

from escale.domain.accounts.models import Role
from escale.domain.claims.models import Attachment, Claim
from escale.domain.ledger.models import AccountingEntry
from escale.domain.payments.models import Discrepancy, PaymentOrder
from escale.domain.registry.models import InsuredPerson, Reading
from escale.rules.reconciling import Verdict
from tests import factories
from tests.domain.payments import bank
from tests.web.agents.conftest import at_counter

ROOM = "/gestion/comptabilite/"

pytestmark = pytest.mark.usefixtures("scanning")


def bill_of(claim: Claim) -> Attachment:
    return claim.attachments.get(paper="bill")


def paid(person: InsuredPerson | None = None) -> tuple[PaymentOrder, int, Attachment]:
    """An order that the bank executed, the file that says it, and the bill that supports it."""
    claim = factories.received(person)
    order = factories.ordered(factories.approved(claim))
    file = bank.says(bank.books(bank.sent(order)))
    return order, file.pk, bill_of(claim)


def test_from_the_line_of_the_bank_to_the_image_of_the_bill_and_back(cash: Client) -> None:
    order, file, bill = paid()
    order_page, bill_page = f"{ROOM}ordres/{order.reference}/", f"{ROOM}ordres/{order.reference}/factures/{bill.pk}/"
    entry = AccountingEntry.objects.get(piece=order.reference, event="executed")
    entry_page, told = (
        f"{ROOM}livres/ecritures/{entry.pk}/",
        f"{ROOM}retours/{file}/?apres=0#fait-{order.bank_events.get().pk}",
    )
    assert order_page in cash.get(f"{ROOM}retours/{file}/").text
    shown = cash.get(order_page).text
    assert all(address in shown for address in (bill_page, entry_page, told))
    assert order_page in cash.get(entry_page).text
    shown = cash.get(bill_page).text
    assert all(address in shown for address in (order_page, told, f"{ROOM}lots/"))
    image = f"{ROOM}factures/{bill.claim.number}/{bill.pk}/pages/1.jpg"
    assert image in shown
    assert cash.get(image)["Content-Type"] == "image/jpeg"
    assert Reading.objects.filter(insured=order.insured, paper="bill").exists()


@pytest.mark.parametrize("by_batch", [False, True])
def test_what_people_settled_is_on_the_page_of_the_order(cash: Client, by_batch: bool) -> None:
    order = bank.owed(factories.insured())
    batch = bank.sent(order, *([bank.owed(factories.insured())] if by_batch else []))
    short = bank.books(batch).replace(b"42.10", b"42.00")
    bank.says(bank.one_sum(bank.order_of(batch), order.amount) if by_batch else short)
    told = Discrepancy.objects.get()
    bank.payments.explain(
        discrepancy=told, verdict=Verdict.EXECUTED, words="Relevé.", on=bank.A_DAY, by=factories.accountant()
    )
    bank.payments.reconcile(discrepancy=told, by=factories.accountant())
    page = cash.get(f"{ROOM}ordres/{order.reference}/").text
    posted = AccountingEntry.objects.filter(piece=told.piece)
    assert len(posted) == 2
    assert all(f"{ROOM}livres/ecritures/{entry.pk}/" in page for entry in posted)
    back = f"{ROOM}lots/{batch.reference}/" if by_batch else f"{ROOM}ordres/{order.reference}/"
    assert back in cash.get(f"{ROOM}livres/ecritures/{posted[0].pk}/").text


def test_what_is_found_of_somebody_close_is_not_shown_to_them() -> None:
    order = bank.owed(factories.insured(Role.ACCOUNTANT))
    batch = bank.sent(order)
    bank.says(bank.books(batch))
    bank.says(bank.returns(batch).replace(order.reference.encode(), b"SANS-REFERENCE"))
    told, mine = Discrepancy.objects.get(), factories.Actor(Role.ACCOUNTANT, order.insured.account)
    assert told in Discrepancy.objects.visible_to(mine)
    bank.payments.explain(
        discrepancy=told,
        verdict=Verdict.RETURNED,
        words="Relevé.",
        on=bank.A_DAY,
        order=order,
        by=factories.accountant(),
    )  # fmt: skip
    assert not Discrepancy.objects.visible_to(mine).exists()


def test_what_was_issued_again_leads_to_the_same_bill(cash: Client) -> None:
    claim = factories.received()
    order = factories.ordered(factories.approved(claim))
    bank.says(bank.rejects(bank.sent(order)))
    order.refresh_from_db()
    factories.pay_on(order.insured, "FR1420041010050500013M02606")
    again = bank.payments.reissue(order=order, by=factories.accountant())
    assert cash.get(f"{ROOM}ordres/{again.reference}/factures/{bill_of(claim).pk}/").status_code == 200


def test_no_medical_paper_no_bill_that_nothing_pays_nor_of_somebody_close_is_shown(cash: Client) -> None:
    order, _file, bill = paid()
    for hidden in (bill.claim.attachments.get(paper="translation"), bill_of(factories.received())):
        assert cash.get(f"{ROOM}factures/{hidden.claim.number}/{hidden.pk}/pages/1.jpg").status_code == 404
        assert cash.get(f"{ROOM}ordres/{order.reference}/factures/{hidden.pk}/").status_code == 404
    order, _file, bill = paid(factories.insured(Role.ACCOUNTANT))
    mine = at_counter(factories.Actor(Role.ACCOUNTANT, order.insured.account))
    assert mine.get(f"{ROOM}factures/{bill.claim.number}/{bill.pk}/pages/1.jpg").status_code == 404
