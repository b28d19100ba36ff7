"""Somebody lets their statements be sent to their insurer: what leaves, what never does, and how it is taken back."""

from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.core.exceptions import ValidationError

from escale.domain.case import Unacceptable
from escale.domain.claims.models import ClaimLine
from escale.domain.payments import actions as payments
from escale.domain.registry.models import Link
from escale.domain.statements import actions, exchange
from escale.domain.statements.lifecycle import ConsentStatus, TransmissionStatus
from escale.domain.statements.models import SharingConsent, Transmission
from escale.gateways import complementary
from escale.rules.lifecycle import StepRefused
from tests import factories
from tests.domain.mandates import mandates
from tests.domain.payments import bank
from tests.domain.statements import sharing
from tests.json_schema import faults

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
    consent = sharing.given()
    follow(sharing.executed(consent.insured))
    [told] = sharing.laid().values()
    cents = [round(100 * float(line["reimbursed"])) for line in told["lines"]]
    assert sum(cents) == round(100 * float(told["payment"]["amount"]))
    for line in told["lines"]:
        parts = [line["reimbursed"], line["reimbursed_before"], *line["left"].values()]
        assert sum(round(100 * float(part)) for part in parts) == round(100 * float(line["expense"]))


def test_a_line_is_told_as_it_was_ordered_whatever_is_decided_of_it_since():
    consent = sharing.given()
    order = sharing.executed(consent.insured)
    again = [line.pk for line in order.decision.lines.all()]
    ClaimLine.objects.filter(pk__in=again).update(decision=None)
    ClaimLine.objects.filter(pk__in=again).update(due=0, expense=1)
    follow(order)
    [told] = sharing.laid().values()
    assert [line["reimbursed"] for line in told["lines"]] == [f"{order.amount:.2f}"]
    assert [line["expense"] for line in told["lines"]] != ["1.00"]


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


def test_over_nothing_leaves_either():
    transmission = sharing.prepared()
    actions.end_all(account=transmission.consent.insured.account)
    actions.transmit(transmission=transmission)
    assert (transmission.status, sharing.laid()) == (TransmissionStatus.WITHHELD, {})


def test_an_insurer_that_is_closed_gets_nothing_more():
    transmission = sharing.prepared()
    actions.name_insurer(code="mutuelle-exemple", name="Mutuelle Exemple", is_open=False)
    actions.transmit(transmission=Transmission.objects.get(pk=transmission.pk))
    assert sharing.laid() == {}
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
    head, row = complementary.as_csv(sharing.kept(transmission)).decode().splitlines()
    assert dict(zip(head.split(","), row.split(","), strict=True))["payment"] == transmission.order.reference


def test_the_schema_refuses_what_it_does_not_name():
    [told] = [sharing.sent() and next(iter(sharing.laid().values()))]
    assert faults(told | {"nir": "1"}, sharing.SCHEMA) == ["$: nir?"]
    assert faults(told | {"kind": "bill"}, sharing.SCHEMA) == ["$.kind: 'bill'"]
    line = told["lines"][0] | {"reimbursed": "1.5"}
    assert faults(told | {"lines": [line]}, sharing.SCHEMA)


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
