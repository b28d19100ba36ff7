"""The letter of a decision: written from what was decided, sealed, opened for who may read it, set on paper."""

import hashlib
import json
import zlib
from collections.abc import Iterable
from dataclasses import asdict
from datetime import date
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.utils import timezone

from escale.domain.claims import explanations, figures
from escale.domain.claims.figures import Circumstances
from escale.domain.claims.models import Award, ClaimLine, Decision, DecisionLetter
from escale.domain.registry.models import Link
from escale.gateways import decisions as paper
from escale.gateways import envelope, keyring
from escale.gateways.envelope import Envelope
from escale.rules import contesting, deadlines, decision_letter, parameters, recourse, refusal
from escale.rules.deadlines import Residence
from escale.rules.decision_letter import Facts, Line
from escale.rules.scope import RuleSet

SENDER = (recourse.FUND.name, *recourse.FUND.address.split(", "))


def facts(decision: Decision) -> Facts:
    """Gather what the letter of a decision says."""
    claim, lines = decision.claim, list(decision.lines.select_related("bill__claim").order_by("bill_id", "pk"))
    assert decision.taken_at
    assert claim.sent_at
    on = timezone.localdate(decision.taken_at)
    rank = claim.decisions.taken().filter(pk__lte=decision.pk).count()
    under = figures.circumstances(decision)
    named = parameters.value("decision_signed_by_name", on=on)
    left = ClaimLine.objects.filter(bill__claim=claim, decision=None)
    earlier = Award.objects.standing().filter(line__in=lines, decision__lt=decision.pk)
    return Facts(
        number=claim.number,
        reference=f"{claim.number}-{rank}" if rank > 1 else claim.number,
        to=str(claim.insured),
        beneficiary=str(claim.beneficiary),
        oneself=claim.beneficiary.link == Link.SELF,
        place=under.place,
        stay=under.stay.label,
        received_on=timezone.localdate(claim.sent_at),
        decided_on=on,
        residence=under.residence,
        discretionary=under.rule_set is RuleSet.PRIVATE_WORLD,
        lines=tuple(told_line(line, under.rule_set) for line in lines),
        total=decision.total,
        account=decision.order.masked_iban if decision.order else "",
        open_lines=0 if decision.final else left.count(),
        author=decision.by.name if named else "",
        seconded=decision.seconded_by_id is not None,
        corrects=earlier.filter(amount__gt=0).exists(),
    )


def told_line(line: ClaimLine, rules: RuleSet | None) -> Line:
    """Gather what is told of a decided line, under these rules."""
    on = line.counted_on or timezone.localdate()
    return Line(
        given_on=line.given_on,
        care=line.get_care_display(),
        provider=line.bill.provider,
        amount=line.amount,
        currency=line.bill.currency,
        rate=_rate(line),
        expense=line.expense,
        due=line.due or Decimal(0),
        refused=line.refused,
        reason=refusal.reason(line.reason_code, on=on, rule_set=rules) if line.reason_code else None,
        words=line.reason,
        steps=explanations.steps(line),
    )


def _rate(line: ClaimLine) -> str:
    if line.bill.currency == "EUR" or not (line.rate and line.rate_on):
        return ""
    units = f"{line.rate.normalize():f}".replace(".", ",")
    return f"1 € = {units} {line.bill.currency} ({line.rate_source}, au {recourse.in_words(line.rate_on)})"


def sealed(decision: Decision) -> DecisionLetter:
    """Write the letter of a decision and seal it, without keeping it yet."""
    said = facts(decision)
    both = {"whole": asdict(decision_letter.write(said)), "veiled": asdict(decision_letter.write(said, veiled=True))}
    words = json.dumps(both, ensure_ascii=False, sort_keys=True).encode()
    closed = envelope.seal(zlib.compress(words), keys=keyring.held(settings.VAULT_KEYS))
    digest = hashlib.sha256(words).hexdigest()
    return DecisionLetter(
        decision=decision, name=closed.name, head=closed.head, sealed=closed.content, sha256=digest,
        appeal_months=deadlines.appeal_months(said.residence, on=said.decided_on),
    )  # fmt: skip


def commissions(decision: Decision, lines: Iterable[ClaimLine], *, veiled: bool) -> frozenset[refusal.Appeal]:
    """Return the commissions that hear of these lines of a decision that took effect."""
    assert decision.taken_at
    on = timezone.localdate(decision.taken_at)
    reasons = [refusal.reason(one.reason_code, on=on) if one.reason_code else None for one in lines]
    return contesting.commissions(reasons, veiled=veiled)


def ways(decision: Decision, lines: Iterable[ClaimLine], *, under: Circumstances, veiled: bool) -> tuple[str, ...]:
    """Return how to contest a decision on these lines, under these circumstances, in the words of its letter."""
    assert decision.taken_at
    return contesting.ways(
        appeals=commissions(decision, lines, veiled=veiled),
        residence=under.residence,
        on=timezone.localdate(decision.taken_at),
        discretionary=under.rule_set is RuleSet.PRIVATE_WORLD,
    )


def appeal_until(decision: Decision) -> date | None:
    """
    Return the last day to contest a decision, once the insured person has read its letter.

    It is what the letter says, or what the law says of whoever lives where they now do: the later wins. A decision
    without a letter, from before there were any, was told on the day when it took effect.
    """
    residence = Residence(decision.claim.insured.residence)
    letter = getattr(decision, "letter", None)
    told_at = letter.first_read_at if letter else decision.taken_at
    if told_at is None:
        return None
    told_on = timezone.localdate(told_at)
    until = deadlines.appeal_until(told_on, residence)
    return max(until, deadlines.months_after(told_on, letter.appeal_months or 0)) if letter else until


def opened(letter: DecisionLetter, *, veiled: bool) -> dict[str, Any]:
    """
    Return what a letter says, as `letter.Letter` names it: whole, or without what care was.

    :raises keyring.NoKey, cipher.Altered: if it is not as it was sealed.
    """
    closed = Envelope(letter.name, bytes(letter.head), bytes(letter.sealed))
    words = json.loads(zlib.decompress(envelope.opened(closed, keys=keyring.held(settings.VAULT_KEYS))))
    told: dict[str, Any] = words["veiled" if veiled else "whole"]
    return told


def pdf(letter: DecisionLetter, *, veiled: bool) -> bytes:
    """
    Return a letter as a PDF/UA-1: the same bytes each time.

    :raises keyring.NoKey, cipher.Altered, typesetting.Faulty: if it cannot be opened, or set.
    """
    assert letter.decision.taken_at
    told = opened(letter, veiled=veiled)
    link = f"{settings.PUBLIC_URL}/"
    return paper.pdf(told, sender=SENDER, link=link, made_at=letter.decision.taken_at)
