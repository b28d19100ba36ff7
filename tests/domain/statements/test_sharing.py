"""Somebody lets their statements be sent to their insurer: what leaves, what never does, and how it is taken back."""

from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.core.exceptions import ValidationError

from escale.domain.accounts.actor import SYSTEM
from escale.domain.case import Unacceptable
from escale.domain.claims.models import Claim
from escale.domain.payments import actions as payments
from escale.domain.registry.models import Link
from escale.domain.statements import actions
from escale.domain.statements.lifecycle import ConsentStatus, TransmissionStatus
from escale.domain.statements.models import SharingConsent, Transmission
from escale.rules.lifecycle import StepRefused
from tests import factories
from tests.domain.mandates import mandates
from tests.domain.payments import bank
from tests.domain.statements import sharing

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("frozen", "scanning")]


def follow(*orders):
    """Do what the night shift does once a payment has moved."""
    for order in orders:
        actions.follow_payment(order=order)
    for transmission in Transmission.objects.filter(status=TransmissionStatus.PREPARED).order_by("pk"):
        actions.transmit(transmission=transmission)


def test_what_is_paid_is_told_to_the_insurer_once_and_in_so_many_words():
    consent = sharing.given()
    order = sharing.executed(consent.insured)
    follow(order, order)
    [transmission] = Transmission.objects.all()
    assert transmission.status == TransmissionStatus.SENT
    [told] = sharing.laid().values()
    assert told["contract"] == {"insurer": "mutuelle-exemple", "name": "Mutuelle Exemple", "number": "A-123456"}
    assert told["person"] == {"last_name": "Exemple", "first_name": "Alix", "born_on": "1985-03-12"}
    assert told["payment"] == {
        "reference": order.reference, "paid_on": "2026-09-15", "currency": "EUR", "amount": f"{order.amount:.2f}",
    }  # fmt: skip
    assert {line["family"] for line in told["lines"]} == {"current"}


def test_without_a_consent_nothing_leaves():
    person = factories.insured()
    sharing.given()  # somebody else's
    follow(sharing.executed(person))
    assert not Transmission.objects.exists()


def test_a_consent_is_for_what_is_paid_between_its_two_days():
    person = factories.insured()
    tomorrow = sharing.FIRST + timedelta(days=1)
    sharing.given(person, valid_from=tomorrow)
    follow(sharing.executed(person))
    assert not Transmission.objects.exists()


@pytest.mark.parametrize(("with_children", "kept", "left"), [(True, False, 1), (False, False, 0), (True, True, 0)])
def test_a_parent_consents_for_a_minor_unless_the_care_is_kept_from_the_family(with_children, kept, left):
    consent = sharing.given(with_children=with_children)
    follow(sharing.executed(consent.insured, Link.CHILD, kept_from_family=kept))
    told = list(sharing.laid().values())
    assert [one["person"]["first_name"] for one in told] == ["Zoé"] * left


def test_each_adult_consents_for_themselves():
    claimant, adult = sharing.given().insured, factories.insured()
    follow(sharing.executed(claimant, Link.SPOUSE))
    assert not Transmission.objects.exists()
    claimant.beneficiaries.filter(link=Link.SPOUSE).update(person=adult)
    theirs = sharing.given(adult, contract="B 7")
    follow(sharing.executed(claimant, Link.SPOUSE))
    transmission = Transmission.objects.get()
    assert transmission.consent == theirs
    assert not Transmission.objects.visible_to(sharing.oneself(claimant)).exists()
    assert Transmission.objects.visible_to(sharing.oneself(adult)).get() == transmission


def test_taken_back_between_the_payment_and_the_sending_nothing_leaves():
    transmission = sharing.withheld()
    assert transmission.status == TransmissionStatus.WITHHELD
    assert (transmission.key, sharing.laid()) == ("", {})
    actions.transmit(transmission=transmission)
    follow(transmission.order)
    assert sharing.laid() == {}


def test_nothing_leaves_once_the_account_is_closed():
    transmission = sharing.prepared()
    actions.end_all(account=transmission.consent.insured.account)
    actions.transmit(transmission=transmission)
    assert (transmission.status, sharing.laid()) == (TransmissionStatus.WITHHELD, {})


def test_what_was_paid_on_the_last_day_is_told_afterwards_and_corrected_until_the_consent_is_taken_back(frozen):
    consent = sharing.given(valid_until=sharing.FIRST + timedelta(days=1))
    order, other = sharing.executed(consent.insured), sharing.executed(consent.insured)
    frozen.shift(timedelta(days=3))
    assert actions.end_some() == 1
    follow(order)
    bank.says(bank.returns(order.batch))
    follow(order)
    assert [one["kind"] for one in sharing.laid().values()] == ["statement", "cancellation"]
    actions.withdraw(consent=consent, by=sharing.oneself(consent.insured))
    follow(other)
    assert len(sharing.laid()) == 2


def test_what_becomes_a_secret_of_a_child_before_it_leaves_does_not_leave():
    consent = sharing.given()
    order = sharing.executed(consent.insured, Link.CHILD)
    actions.follow_payment(order=order)
    Claim.objects.update(kept_from_family=True)
    follow()
    assert [one.status for one in Transmission.objects.all()] == [TransmissionStatus.WITHHELD]
    assert sharing.laid() == {}


def test_a_child_who_came_of_age_meanwhile_consents_for_themselves():
    consent = sharing.given()
    order = sharing.executed(consent.insured, Link.CHILD)
    actions.follow_payment(order=order)
    consent.insured.beneficiaries.filter(link=Link.CHILD).update(born_on=date(2008, 9, 15))
    follow()
    assert sharing.laid() == {}


def test_an_insurer_that_is_closed_gets_nothing_more():
    transmission = sharing.prepared()
    sharing.closed()
    actions.transmit(transmission=transmission)
    assert sharing.laid() == {}
    follow(transmission.order)
    assert Transmission.objects.count() == 1
    with pytest.raises(Unacceptable) as refusal:
        sharing.given(insurer=actions.name_insurer(code="b", name="B", is_open=False))
    assert set(refusal.value.errors) == {"insurer"}


def test_what_the_bank_gives_back_is_cancelled_once_and_what_is_paid_again_is_told_again():
    consent = sharing.given()
    order = sharing.executed(consent.insured)
    follow(order)
    for _again in range(2):
        bank.says(bank.returns(order.batch))
        follow(order)
    first, second = sharing.laid().values()
    assert (second["kind"], second["cancels"], second["lines"]) == ("cancellation", first["reference"], [])
    assert second["person"] is None
    bank_executes_again(order)
    follow(order)
    assert [one["kind"] for one in sharing.laid().values()] == ["statement", "cancellation", "statement"]


def test_what_could_not_be_cancelled_once_may_be_later():
    consent = sharing.given()
    order = sharing.executed(consent.insured)
    follow(order)
    bank.says(bank.returns(order.batch))
    actions.follow_payment(order=order)
    sharing.closed()
    follow()
    sharing.insurer()
    order.refresh_from_db()
    bank_executes_again(order)
    follow(order)
    order.advance("return", by=SYSTEM)
    follow(order)
    statuses = Transmission.objects.order_by("rank").values_list("kind", "status")
    assert list(statuses) == [("statement", "sent"), ("cancellation", "withheld"), ("cancellation", "sent")]


def bank_executes_again(order):
    """Have a person find that what came back was paid after all."""
    type(order).objects.filter(pk=order.pk).update(paid_on=bank.A_DAY)
    order.refresh_from_db()
    order.advance("execute", by=factories.accountant())


def test_what_came_back_before_it_was_told_is_not_told():
    transmission = sharing.prepared()
    bank.says(bank.returns(transmission.order.batch))
    follow(transmission.order)
    assert sharing.laid() == {}
    assert [one.status for one in Transmission.objects.all()] == [TransmissionStatus.WITHHELD]


def test_what_was_told_is_not_cancelled_once_the_consent_is_taken_back():
    transmission = sharing.sent()
    actions.withdraw(consent=transmission.consent, by=sharing.oneself(transmission.consent.insured))
    bank.says(bank.returns(transmission.order.batch))
    follow(transmission.order)
    assert [one["kind"] for one in sharing.laid().values()] == ["statement"]


def test_only_oneself_gives_a_consent_and_takes_it_back():
    person = factories.insured()
    helper = mandates.acting(mandates.accepted(person))
    for by in (helper, sharing.oneself(factories.insured())):
        with pytest.raises(StepRefused):
            sharing.given(person, by=by)
        with pytest.raises(StepRefused):
            actions.withdraw(consent=SharingConsent.objects.first() or sharing.given(person), by=by)
    assert not SharingConsent.objects.visible_to(helper).exists()


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"contract": "=1+1"}, "contract"),
        ({"contract": "É 12"}, "contract"),
        ({"contract": "9" * 31}, "contract"),
        ({"valid_from": date(2026, 9, 14)}, "valid_from"),
        ({"valid_until": sharing.FIRST}, "valid_until"),
        ({"valid_until": date(2029, 9, 16)}, "valid_until"),
    ],
)
def test_what_is_typed_is_refused_at_its_field(typed, field):
    with pytest.raises(Unacceptable) as refusal:
        sharing.given(**typed)
    assert set(refusal.value.errors) == {field}


def test_a_consent_is_given_once_to_an_insurer_and_once_for_a_request():
    person, key = factories.insured(), uuid4()
    first = sharing.given(person, request_key=key)
    assert sharing.given(person, request_key=key) == first
    with pytest.raises(Unacceptable):
        sharing.given(person)
    sharing.given(person, insurer=sharing.insurer("autre", "Autre"))
    assert person.sharing_consents.count() == 2


def test_a_consent_ends_after_its_last_day():
    consent = sharing.given()
    SharingConsent.objects.update(valid_from=date(2026, 9, 1), valid_until=sharing.FIRST)
    assert actions.end_some() == 1
    consent.refresh_from_db()
    assert consent.status == ConsentStatus.ENDED
    assert consent.ended_at


def test_an_insurer_has_a_code_that_names_a_folder():
    for code in ("../secrets", "", "A", "a/b"):
        with pytest.raises(ValidationError):
            actions.name_insurer(code=code, name="Mutuelle")


def test_what_is_issued_again_is_told_under_its_own_number():
    consent = sharing.given()
    order = sharing.executed(consent.insured)
    follow(order)
    bank.says(bank.returns(order.batch))
    follow(order)
    factories.pay_on(consent.insured, "FR1420041010050500013M02606", since=date(2026, 9, 1))
    order.refresh_from_db()
    again = payments.reissue(order=order, by=factories.accountant())
    bank.says(bank.books(bank.sent(again)))
    again.refresh_from_db()
    follow(again)
    told = sharing.laid()
    first, cancelled, second = (told[f"{one}"] for one in Transmission.objects.order_by("pk"))
    assert (first["payment"]["reference"], second["payment"]["reference"]) == (order.reference, again.reference)
    assert (cancelled["cancels"], cancelled["payment"]["reference"]) == (first["reference"], order.reference)
    assert second["lines"] == first["lines"]
