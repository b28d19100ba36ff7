"""What is told to a complementary insurer of a payment, and whose consent lets it be told."""

from collections.abc import Iterator
from dataclasses import asdict
from datetime import date
from decimal import Decimal

from django.db.models import Sum

from escale.domain.accounts.actor import Actor
from escale.domain.claims import explanations, figures, secrecy
from escale.domain.claims.models import Award, Claim, Decision
from escale.domain.payments.lifecycle import OrderStatus
from escale.domain.payments.models import PaymentOrder
from escale.domain.registry.models import Beneficiary, InsuredPerson, Link
from escale.domain.statements.models import SharingConsent, Transmission
from escale.gateways.complementary import Contract, Kind, Line, Message, Person
from escale.rules import complementary, parameters, recourse
from escale.rules.care_line import age
from escale.rules.intake import Care


def decision_of(order: PaymentOrder) -> Decision | None:
    """Return the decision that an order pays, with its people; none once another order pays it."""
    people = "claim__insured", "claim__beneficiary__person"
    return Decision.objects.standing().select_related(*people).filter(order=order).first()


def consents(claim: Claim, *, on: date) -> list[SharingConsent]:
    """
    Return the consents that let what is paid on a day for a claim be told.

    Whoever was cared for gives it; for a minor, the parent who is insured, unless it is kept from the family.
    """
    cared = claim.beneficiary
    given_by: InsuredPerson | None = cared.person
    given = SharingConsent.objects.in_force(on=on).select_related("insurer").order_by("pk")
    if cared.link == Link.SELF:
        given_by = claim.insured
    elif _is_minor(cared, on=on):
        given_by, given = (None if claim.kept_from_family else claim.insured), given.filter(with_children=True)
    return list(given.filter(insured=given_by)) if given_by else []


def _is_minor(cared: Beneficiary, *, on: date) -> bool:
    return age(cared.born_on, on=on) < parameters.value("majority_age", on=on)


def known(keys: list[str]) -> set[str]:
    """Return those of these keys of the vault that a transmission knows."""
    return set(Transmission.objects.filter(key__in=keys).values_list("key", flat=True))


def message(transmission: Transmission, decision: Decision | None, *, on: date) -> Message:
    """Return what is told by a transmission, made on this day; what cancels says no more than what it cancels."""
    consent, order, cancelled = transmission.consent, transmission.order, transmission.cancels
    contract = Contract(consent.insurer.code, consent.insurer.name, consent.contract)
    if cancelled:
        return Message(
            kind=Kind.CANCELLATION,
            reference=transmission.reference,
            cancels=cancelled.reference,
            made_on=on,
            sender=recourse.FUND.name,
            contract=contract,
            payment=order.reference,
            amount=order.amount,
        )
    assert decision, "what is told of a payment is told of a decision"
    return _statement(decision, order, reference=transmission.reference, made_on=on, contract=contract)


def own(order: PaymentOrder, *, reader: Actor) -> Message | None:
    """Return the same for whoever is paid, addressed to nobody; nothing unless it was paid and they may read all."""
    decision = decision_of(order)
    if decision is None or order.status != OrderStatus.EXECUTED or secrecy.hides_nature(decision.claim, reader=reader):
        return None
    assert order.paid_on
    return _statement(decision, order, reference=order.reference, made_on=order.paid_on)


def _statement(
    decision: Decision, order: PaymentOrder, *, reference: str, made_on: date, contract: Contract | None = None
) -> Message:
    cared = decision.claim.beneficiary
    return Message(
        kind=Kind.STATEMENT,
        reference=reference,
        made_on=made_on,
        sender=recourse.FUND.name,
        contract=contract,
        person=Person(cared.last_name, cared.first_names.split()[0], cared.born_on),
        payment=order.reference,
        paid_on=order.paid_on,
        amount=order.amount,
        lines=list(_lines(decision)),
    )


def _lines(decision: Decision) -> Iterator[Line]:
    """Tell what is paid of each line, by the figures of that day, whatever was decided of it since."""
    awards = list(decision.awards.filter(amount__gt=0).select_related("line").order_by("pk"))
    earlier = Award.objects.standing().filter(line__in=[award.line_id for award in awards], decision__lt=decision.pk)
    before: dict[int, Decimal] = dict(earlier.order_by().values_list("line").annotate(total=Sum("amount")))
    for award in awards:
        line = figures.as_ordered(award)
        assert line.expense is not None, "what is ordered was computed"
        yield Line(
            given_on=line.given_on,
            family=complementary.family(Care(line.care)),
            expense=line.expense,
            reimbursed_before=before.get(award.line_id, Decimal(0)),
            reimbursed=award.amount,
            left=asdict(complementary.left((one.cause, one.amount) for one in explanations.parts([line]))),
        )
