"""Claims in the words of the law: their lines as it looks at them, and what their beneficiary already bore."""

from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from django.db.models import Q
from django.utils import timezone

from escale.domain.claims import circumstances, queries
from escale.domain.claims.lifecycle import WORKED_ON, Status
from escale.domain.claims.models import Claim, ClaimLine
from escale.domain.tariffs import queries as tariffs
from escale.rules import contributions
from escale.rules import currency as currencies
from escale.rules.acts import Act
from escale.rules.currency import Quote
from escale.rules.identity import folded
from escale.rules.intake import Care
from escale.rules.reimbursement import CareLine, Exemption, Withheld, age
from escale.rules.treatment import ClaimRefund, refund_claim


class Borne(NamedTuple):
    """What another line of the same person bore of the flat contributions, in euros."""

    given_on: date
    counted_on: date
    days: int | None
    care: str
    provider: str
    participation: Decimal
    franchise: Decimal


def rate_of(line: ClaimLine) -> Quote | None:
    """Return the rate frozen on a line, None before it is computed."""
    if line.rate is None or line.rate_on is None:
        return None
    return Quote(line.bill.currency, line.rate, line.rate_source, line.rate_on)


def acts_of(lines: Iterable[ClaimLine]) -> dict[tuple[str, date], Act]:
    """Return the acts retained for lines, by their code and day (2 queries at most)."""
    return tariffs.known_together((line.act, line.given_on) for line in lines if line.act)


def borne_elsewhere(claim: Claim, lines: Iterable[ClaimLine]) -> list[Borne]:
    """
    Return what the person bore on other claims in the years of these lines (1 query).

    Of care in France nothing is known here. A ceiling of the year counts what is repaid in it, a ceiling of the day
    what was given on it (CSS, art. D. 160-6 à D. 160-11).
    """
    others = ClaimLine.objects.filter(
        bill__claim__beneficiary=claim.beneficiary_id,
        bill__claim__status__in=[*WORKED_ON, Status.PROCESSED],
        due__isnull=False,
    ).exclude(bill__claim=claim)
    every = list(lines)
    given, repaid = {line.given_on.year for line in every}, {repaid_on(line).year for line in every}
    columns = ("given_on", "counted_on", "days", "care", "bill__provider", "participation", "franchise")
    known = others.filter(Q(given_on__year__in=given) | Q(counted_on__year__in=repaid)).order_by("pk")
    return [Borne(on, counted_on, days, care, folded(who), *borne)
            for on, counted_on, days, care, who, *borne in known.values_list(*columns)]  # fmt: skip


def repaid_on(line: ClaimLine) -> date:
    """Return the day on which a line is taken to be paid back: that of its computing, else today."""
    return line.counted_on or timezone.localdate()


def in_its_year(line: ClaimLine) -> bool:
    """Tell whether a line, if it is paid back today, counts in the year for which it was computed."""
    today = contributions.counted(line.given_on, repaid_on=timezone.localdate())
    return contributions.counted(line.given_on, repaid_on=line.counted_on).year == today.year


def refund(lines: Sequence[ClaimLine]) -> ClaimRefund:
    """Compute what is due for lines of one claim, as they were retained, as one treatment (at most 3 queries)."""
    return refund_claim(as_rules(lines))


def as_rules(lines: Sequence[ClaimLine]) -> list[CareLine]:
    """Put lines of one claim, as they were retained and at the rates that they bear, in the words of the law."""
    acts, borne = acts_of(lines), borne_elsewhere(lines[0].bill.claim, lines)
    rules = []
    for line in lines:
        quote = rate_of(line)
        assert quote, "a line is computed at a rate"
        rules.append(as_rule(line, quote=quote, found=acts.get((line.act, line.given_on)), borne=borne))
    return rules


def as_rule(
    line: ClaimLine, *, quote: Quote, found: Act | None, borne: Sequence[Borne] = (), claimed_on: date | None = None
) -> CareLine:
    """Put a line, as it was retained, in the words of the law; `found` is its act, where there is one."""
    claim = line.bill.claim
    care = found.care if found else Care(line.care)
    competent, european = queries.law_of(line)
    rule_set = competent.rule_set
    assert rule_set, "a redirected stay never becomes a claim"
    born_on, provider = claim.beneficiary.born_on, folded(line.bill.provider)
    stays = care is Care.HOSPITAL and not line.emergency
    return CareLine(
        given_on=line.given_on,
        act_code=line.act,
        act=found,
        care=care,
        expense_eur=currencies.euros(line.amount, quote),
        paid_elsewhere_eur=currencies.euros(line.paid_elsewhere, quote),
        patient_age=age(born_on, on=line.given_on),
        patient_days=(line.given_on - born_on).days,
        january_age=age(born_on, on=line.given_on.replace(month=1, day=1)),
        rule_set=rule_set,
        quantity=1 if stays else line.quantity,
        hospital_days=line.quantity if stays else 0,
        days=None if stays else line.days,
        exemption=Exemption(line.exemption) if line.exemption else None,
        heavy=line.heavy,
        in_hospital=line.in_hospital,
        emergency=line.emergency,
        provider=provider,
        choice=circumstances.choice_of(line),
        state_of_stay_eur=line.state_of_stay,
        european=european,
        authorisation=competent.authorisation,
        unforeseen=line.unforeseen,
        authorised=line.authorised,
        pregnancy_found_on=line.pregnancy_found_on,
        repaid_on=repaid_on(line),
        withheld=_withheld(line, care, provider, borne),
        claimed_on=claimed_on or (timezone.localdate(claim.sent_at) if claim.sent_at else None),
        stated_tariff=line.stated_tariff,
        decided_eur=line.decided,
        stated_reason=line.reason,
    )


def _withheld(line: ClaimLine, care: Care, provider: str, borne: Sequence[Borne]) -> Withheld:
    """Add up what counts for the ceilings of a day and of a year: of the day, by provider or by kind of franchise."""
    counted = contributions.counted(line.given_on, repaid_on=repaid_on(line)).year
    year = [one for one in borne if contributions.counted(one.given_on, repaid_on=one.counted_on).year == counted]
    day = [one for one in borne if one.given_on == line.given_on]
    return Withheld(
        participations_today=sum(
            (_a_day(one, one.participation) for one in day if one.provider == provider), Decimal(0)
        ),
        participations_this_year=sum((one.participation for one in year), Decimal(0)),
        franchises_today=sum(
            (_a_day(one, one.franchise) for one in day if contributions.one_ceiling(care, Care(one.care))), Decimal(0)
        ),
        franchises_this_year=sum((one.franchise for one in year), Decimal(0)),
    )


def _a_day(one: Borne, amount: Decimal) -> Decimal:
    """Return what a line bore on each of its days."""
    return currencies.cents(amount / (one.days or 1))
