"""What is told to a complementary insurer of a payment, and whose consent lets it be told."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from datetime import date
from decimal import Decimal

from django.utils import timezone

from escale.domain.accounts.actor import Actor
from escale.domain.claims import explanations, figures, secrecy
from escale.domain.claims.models import Award, Claim
from escale.domain.payments.lifecycle import OrderStatus
from escale.domain.payments.models import PaymentOrder
from escale.domain.registry.models import Beneficiary, InsuredPerson, Link
from escale.domain.statements import queries
from escale.domain.statements.models import SharingConsent, Transmission
from escale.gateways.complementary import Contract, Kind, Line, Message, Person
from escale.rules import complementary, parameters, recourse
from escale.rules.care_line import age
from escale.rules.intake import Care


def consents(order: PaymentOrder, awards: Sequence[Award]) -> list[SharingConsent]:
    """
    Return the consents that let what an order paid of these awards be told now; none unless the bank executed it.

    Whoever was cared for gives it; for who is still a minor, the parent who is insured, unless it is kept from the
    family.
    """
    if not awards or order.status != OrderStatus.EXECUTED:
        return []
    assert order.paid_on
    claim = claim_of(awards)
    cared = claim.beneficiary
    given_by: InsuredPerson | None = cared.person
    given = SharingConsent.objects.letting_tell(paid_on=order.paid_on).select_related("insurer").order_by("pk")
    if cared.link == Link.SELF:
        given_by = claim.insured
    elif _is_minor(cared, on=timezone.localdate()):
        given_by, given = (None if claim.kept_from_family else claim.insured), given.filter(with_children=True)
    return list(given.filter(insured=given_by)) if given_by else []


def _is_minor(cared: Beneficiary, *, on: date) -> bool:
    return age(cared.born_on, on=on) < parameters.value("majority_age", on=on)


def known(keys: list[str]) -> set[str]:
    """Return those of these keys of the vault that a transmission knows."""
    return set(Transmission.objects.filter(key__in=keys).values_list("key", flat=True))


def message(transmission: Transmission, awards: Sequence[Award], *, on: date) -> Message:
    """Return what a transmission tells of what was awarded, made on this day; what cancels says only what."""
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
    return _statement(order, awards, reference=transmission.reference, made_on=on, contract=contract)


def own(order: PaymentOrder, *, reader: Actor) -> Message | None:
    """Return the same for whoever is paid, addressed to nobody; nothing unless it was paid and they may read all."""
    awards = queries.awards(order)
    if not awards or order.status != OrderStatus.EXECUTED or secrecy.hides_nature(claim_of(awards), reader=reader):
        return None
    assert order.paid_on
    return _statement(order, awards, reference=order.reference, made_on=order.paid_on)


def claim_of(awards: Sequence[Award]) -> Claim:
    """Return the claim of which something was awarded."""
    return awards[0].line.bill.claim


def _statement(
    order: PaymentOrder, awards: Sequence[Award], *, reference: str, made_on: date, contract: Contract | None = None
) -> Message:
    cared = claim_of(awards).beneficiary
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
        lines=list(_lines(awards)),
    )


def _lines(awards: Sequence[Award]) -> Iterator[Line]:
    """Tell what is paid of each line, by the figures of that day, whatever was decided of it since."""
    before, still_due = _earlier(awards)
    for award in awards:
        if not award.amount:
            continue
        line = figures.as_ordered(award)
        assert line.expense is not None, "what is ordered was computed"
        yield Line(
            given_on=line.given_on,
            family=complementary.family(Care(line.care)),
            expense=line.expense,
            reimbursed_before=before[award.line_id],
            reimbursed=award.amount,
            still_due=still_due[award.line_id],
            left=asdict(complementary.left((one.cause, one.amount) for one in explanations.parts([line]))),
        )


def _earlier(awards: Sequence[Award]) -> tuple[dict[int, Decimal], dict[int, Decimal]]:
    """Return what the decisions before this one ordered of each line: what reached its account, and what did not."""
    lines = [award.line_id for award in awards]
    standing = Award.objects.standing().filter(line__in=lines, decision__lt=awards[0].decision_id)
    ordered = list(standing.values_list("line", "amount", "payment_line__order"))
    reached = queries.reached({order for _line, _amount, order in ordered if order})
    before, still_due = defaultdict[int, Decimal](Decimal), defaultdict[int, Decimal](Decimal)
    for line, amount, order in ordered:
        (before if order in reached else still_due)[line] += amount
    return before, still_due
