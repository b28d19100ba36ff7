"""What a statement says, from figures that are kept as they were decided: on its page, and on paper."""

from dataclasses import asdict
from datetime import UTC, date, datetime, time

from django.conf import settings
from django.utils import timezone

from escale.domain.claims import explanations, figures, letters
from escale.domain.claims.models import Award, ClaimLine
from escale.domain.payments.lifecycle import OrderStatus
from escale.domain.payments.models import PaymentOrder
from escale.domain.registry.models import Link
from escale.gateways import decisions as paper
from escale.rules import payment_certificate, statement
from escale.rules.letter import Letter
from escale.rules.payment_certificate import Payment
from escale.rules.statement import Care, Facts, Line, Part, Standing

_STANDINGS = {
    OrderStatus.EXECUTED: Standing.PAID,
    OrderStatus.RETURNED: Standing.RETURNED,
    OrderStatus.UNPAID: Standing.NOT_MADE,
}


def letter(order: PaymentOrder, awards: list[Award], *, veiled: bool) -> Letter:
    """Return the statement of a payment that the bank executed, of what was decided with it, if it pays a claim."""
    again = PaymentOrder.objects.filter(replaces=order).first()
    facts = Facts(
        reference=order.reference,
        to=str(order.insured),
        amount=order.amount,
        paid_on=order.executed_on,
        account=order.masked_iban,
        holder=order.holder,
        standing=_STANDINGS[OrderStatus(order.status)],
        replaced_by=again.reference if again else "",
        grounds=tuple(Part(one.label, one.legal_basis, one.amount) for one in order.lines.order_by("pk")),
        care=_care(awards, veiled=veiled) if awards else None,
    )
    return statement.write(facts, veiled=veiled)


def _care(awards: list[Award], *, veiled: bool) -> Care:
    decision, lines = awards[0].decision, [figures.as_ordered(award) for award in awards]
    claim, under = lines[0].bill.claim, figures.circumstances(decision)
    assert decision.taken_at
    return Care(
        number=claim.number,
        decided_on=timezone.localdate(decision.taken_at),
        cared="vos soins" if claim.beneficiary.link == Link.SELF else f"les soins de {claim.beneficiary}",
        beneficiary=str(claim.beneficiary),
        place=under.place,
        stay=under.stay.label,
        lines=tuple(
            Line(decided=letters.told_line(line, under.rule_set), act=_act(line), ordered=award.amount)
            for award, line in zip(awards, lines, strict=True)
        ),
        kept=tuple(Part(one.label, " ; ".join(one.articles), one.amount) for one in explanations.parts(lines)),
        ways=letters.ways(decision, lines, under=under, veiled=veiled),
    )


def _act(line: ClaimLine) -> str:
    """Say in French what was retained of a line; nothing if no act was."""
    if not line.act:
        return ""
    days = f"en {line.days} jour{'s' if line.days > 1 else ''}" if line.days else ""
    exemption = line.get_exemption_display().lower() if line.exemption else ""
    return (
        ", ".join(part for part in (line.act, f"quantité {line.quantity}", days, exemption) if part) if line.act else ""
    )


def pdf(order: PaymentOrder, awards: list[Award], *, veiled: bool) -> bytes:
    """
    Return a statement as a PDF/UA-1: the same bytes each time, until the bank says something else of the payment.

    :raises typesetting.Faulty: if it cannot be set.
    """
    return _on_paper(letter(order, awards, veiled=veiled), on=order.executed_on)


def certificate(orders: list[PaymentOrder], *, year: int) -> bytes:
    """
    Return the certificate of what one person was paid in a year, oldest first, as a PDF/UA-1.

    It counts up to the last payment, and the whole year once it is over: from then on it is the same bytes each time.

    :raises ValueError: if there is none.
    :raises typesetting.Faulty: if it cannot be set.
    """
    paid = tuple(Payment(one.executed_on, one.reference, one.amount) for one in orders)
    if not paid:
        raise ValueError(f"nothing was paid in {year}")
    until = date(year, 12, 31) if timezone.localdate().year > year else paid[-1].paid_on
    said = payment_certificate.write(to=str(orders[0].insured), year=year, payments=paid, until=until)
    return _on_paper(said, on=until)


def _on_paper(said: Letter, *, on: date) -> bytes:
    made_at = datetime.combine(on, time(), tzinfo=UTC)
    return paper.pdf(asdict(said), sender=letters.SENDER, link=f"{settings.PUBLIC_URL}/", made_at=made_at)
