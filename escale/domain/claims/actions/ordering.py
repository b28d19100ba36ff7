"""What a decision orders: each award, out of the budget that the law says, with the line of the order that pays it."""

from collections.abc import Sequence

from django.utils import timezone

from escale.domain.accounts.actor import Actor
from escale.domain.claims import queries
from escale.domain.claims.models import Award, Claim, Decision
from escale.domain.payments import actions as payments
from escale.domain.payments.models import PaymentOrder
from escale.domain.registry.models import Link
from escale.rules import imputation, payees
from escale.rules.care_line import age


def order(decision: Decision, awards: Sequence[Award], *, by: Actor) -> PaymentOrder:
    """Order what is awarded, each award with the line of the order that pays it."""
    claim = decision.claim
    rank = claim.decisions.taken().count()
    ordered = payments.order(
        to=claim.insured,
        known=_known(claim),
        parts=[_part(award) for award in awards],
        reference=f"{claim.number}-{rank + 1}" if rank else claim.number,
        by=by,
        proposed_by=decision.by,
    )
    for award, line in zip(awards, ordered.lines.order_by("pk"), strict=True):
        award.payment_line = line
    return ordered


def _known(claim: Claim) -> payees.Facts:
    """Return what the registry knows of whom a claim concerns: neither deaths, nor judgments, nor separations."""
    cared = claim.beneficiary
    return payees.Facts(oneself=cared.link == Link.SELF, age=age(cared.born_on, on=timezone.localdate()))


def _part(award: Award) -> payments.Part:
    competent, _european = queries.law_of(award.line)
    label = f"Soins du {award.line.given_on:%d/%m/%Y}"
    return payments.Part(award.amount, label, imputation.care(rule_set=competent.rule_set))
