"""What the insured person is told before sending, kept with the claim; afterwards, why the sum is another."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

from django.utils import timezone

from escale.domain.claims import circumstances, computing, exchange, explanations, queries
from escale.domain.claims.models import Bill, Claim, ClaimLine
from escale.domain.tariffs import queries as tariffs
from escale.rules import deadlines, estimate, parameters
from escale.rules.currency import Quote
from escale.rules.estimate import Gap, Likely, Sum
from escale.rules.intake import Care
from escale.rules.reimbursement import CareLine, Choice

_NO_RULE = "les règles de ce séjour sont à vérifier"
_AWAITED = "vous avez choisi les tarifs de l’État de séjour, à qui nous demanderons le montant"
_NO_RATE = "aucun taux n’est publié pour cette devise, la Caisse fixera le taux et vous dira sa source"
_TOO_LATE = "ces soins sont peut-être demandés trop tard"
_NO_TARIFF = "aucun tarif français vérifié n’est connu à la date de ces soins"


@dataclass(frozen=True)
class Estimate:
    """What a line would likely be paid back, in plain words, at which rate and under which edition; or why not."""

    why: str = ""
    words: str = ""
    supposed: str = ""
    notes: tuple[str, ...] = ()
    acts: tuple[str, ...] = ()
    edition: int = 0
    quote: Quote | None = None
    low: Sum | None = None
    high: Sum | None = None

    def stored(self) -> dict[str, Any]:
        """Write an estimate as it is kept with its line."""
        quote = self.quote and [str(one) for one in (self.quote.units_per_eur, self.quote.source, self.quote.on)]
        texts = {"why": self.why, "words": self.words, "supposed": self.supposed}
        lists = {"notes": list(self.notes), "acts": list(self.acts)}
        return (
            texts | lists | {"edition": self.edition, "quote": quote, "low": _kept(self.low), "high": _kept(self.high)}
        )


class Total(NamedTuple):
    """What a whole claim would likely be paid back, in plain words, and how many lines cannot be told."""

    words: str
    unknown: int


class Surprise(NamedTuple):
    """Why a line is not paid back what was estimated: causes that add up to the difference from the bound told."""

    told: str
    bound: Decimal
    gaps: tuple[Gap, ...]
    due: Decimal
    other_act: bool
    other_edition: bool


def of(claim: Claim, bills: Iterable[Bill]) -> dict[int, Estimate]:
    """Return the estimate of each line of a draft, by the key of the line (at most 4 queries)."""
    lines = []
    for bill in bills:
        bill.claim = claim  # with its people
        lines += list(bill.lines.all())
    if not queries.competence(claim).rule_set:
        return {line.pk: Estimate(why=_NO_RULE) for line in lines}
    if circumstances.choice(claim) is Choice.STATE_OF_STAY:
        return {line.pk: Estimate(why=_AWAITED) for line in lines}
    chosen, guessed = exchange.choices(lines), {line.pk: estimate.likely(Care(line.care)) for line in lines}
    acts = tariffs.known_together((code, line.given_on) for line in lines for code in guessed[line.pk].acts)
    borne = computing.borne_elsewhere(claim, lines)
    found: dict[int, Estimate] = {}
    guesses: dict[int, list[CareLine]] = {}
    for line in lines:
        quote, guess = chosen[line.pk].quote, guessed[line.pk]
        why = guess.why or (_TOO_LATE if is_late(line) else "") or ("" if quote else _NO_RATE)
        if why or quote is None:
            found[line.pk] = Estimate(why=why, quote=quote)
            continue
        known = [acts[code, line.given_on] for code in guess.acts if (code, line.given_on) in acts]
        guesses[line.pk] = [computing.as_rule(line, quote=quote, found=act, borne=borne) for act in known]
    for pk, bounds in zip(guesses, estimate.bounds(list(guesses.values())), strict=True):
        found[pk] = _told(guesses[pk], guessed[pk], chosen[pk].quote, bounds)
    return found


def _told(rules: list[CareLine], guess: Likely, quote: Quote | None, bounds: Any) -> Estimate:
    if bounds is None:
        return Estimate(why=_NO_TARIFF, quote=quote)
    low, high = bounds
    expense = rules[0].expense_eur
    return Estimate(
        words=estimate.told(low.due, high.due),
        supposed=guess.supposed,
        notes=low.notes,
        acts=tuple(rule.act.code for rule in rules if rule.act),
        edition=parameters.edition().number,
        quote=quote,
        low=estimate.summed(low, expense=expense),
        high=estimate.summed(high, expense=expense),
    )


def total(found: Mapping[int, Estimate]) -> Total:
    """Add up the estimates of a claim."""
    low = sum((one.low.due for one in found.values() if one.low), Decimal(0))
    high = sum((one.high.due for one in found.values() if one.high), Decimal(0))
    known = sum(one.low is not None for one in found.values())
    return Total(estimate.told(low, high) if known else "", len(found) - known)


def is_late(line: ClaimLine) -> bool:
    """Tell whether care is asked for after the time to do so (CSS, art. L. 160-11): told, and never a bar to asking."""
    claim = line.bill.claim
    asked_on = timezone.localdate(claim.sent_at) if claim.sent_at else timezone.localdate()
    return deadlines.claim_until(line.given_on) < asked_on


def given(line: ClaimLine) -> Estimate | None:
    """Return the estimate that was told when the claim was sent, None for one sent before there were any."""
    kept = dict(line.estimate)
    if not kept:
        return None
    rate = kept.pop("quote")
    quote = Quote(line.bill.currency, Decimal(rate[0]), rate[1], date.fromisoformat(rate[2])) if rate else None
    low, high = _read(kept.pop("low")), _read(kept.pop("high"))
    return Estimate(
        **kept | {"notes": tuple(kept["notes"]), "acts": tuple(kept["acts"])}, quote=quote, low=low, high=high
    )


def surprise(line: ClaimLine) -> Surprise | None:
    """Return why a line computed is paid back less or more than was estimated, None if it is within the estimate."""
    told = given(line)
    if told is None or told.low is None or told.high is None or line.due is None or line.expense is None:
        return None
    if told.low.due <= line.due <= told.high.due:
        return None
    bound = told.low if line.due < told.low.due else told.high
    parts = {part.cause: part.amount for part in explanations.parts([line])}
    gaps = estimate.gaps(Sum(line.expense, line.due, parts), estimated=bound)
    other_act = line.act not in told.acts
    return Surprise(told.words, bound.due, gaps, line.due, other_act, line.edition != told.edition)


def _kept(one: Sum | None) -> dict[str, Any] | None:
    if one is None:
        return None
    return {"expense": str(one.expense), "due": str(one.due), "parts": {key: str(one.parts[key]) for key in one.parts}}


def _read(kept: dict[str, Any] | None) -> Sum | None:
    if kept is None:
        return None
    parts = {cause: Decimal(amount) for cause, amount in kept["parts"].items()}
    return Sum(Decimal(kept["expense"]), Decimal(kept["due"]), parts)
