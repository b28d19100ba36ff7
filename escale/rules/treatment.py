"""What is paid back for a whole claim: one treatment of one person, its French cap and its ceilings over all lines."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import TypedDict

from escale.rules import parameters
from escale.rules.care_line import CareLine
from escale.rules.contributions import Contribution, Ledger
from escale.rules.currency import CENT, cents, written
from escale.rules.explanation import Cause, Refund, Step
from escale.rules.hospital_stays import COMPARED, compares_otherwise, placed
from escale.rules.judging import together
from escale.rules.limits import Unverified
from escale.rules.named import Named
from escale.rules.possible import Impossible
from escale.rules.reimbursement import Awaited, Worked, asked, cap, waived, withhold, work
from escale.rules.scope import RuleSet

_NOTHING = Decimal(0)


class CapScope(Named):
    """On what the French cap of R. 761-19 is measured: the dated parameter `cap_scope`."""

    LINE = "line", "chaque ligne de soins"
    TREATMENT = "treatment", "tout le traitement"


class _Given(TypedDict):
    on: date
    provider: str
    repaid_on: date | None


@dataclass(frozen=True, slots=True)
class ToDecide:
    """A line that is left to a person, or to the State of stay: why, in French; it has no amount."""

    reason: str
    awaited: bool = False


@dataclass(frozen=True, slots=True)
class ClaimRefund:
    """The sum due for a claim and what it is made of, line by line, in the order in which the lines were given.

    `french`: what France would have paid for the lines computed, contributions taken off, in euros.
    """

    due: Decimal
    lines: tuple[Refund | ToDecide, ...]
    french: Decimal
    scope: CapScope

    @property
    def complete(self) -> bool:
        """Whether every line has an amount."""
        return not any(isinstance(line, ToDecide) for line in self.lines)

    @property
    def automatic(self) -> bool:
        """Whether no person has anything to judge."""
        return all(isinstance(line, Refund) and line.automatic for line in self.lines)


def cap_scope(*, on: date) -> CapScope:
    """Return on what the French cap is measured for care of a date (CSS, art. R. 761-19, al. 2)."""
    return CapScope.TREATMENT if parameters.value("cap_scope", on=on) else CapScope.LINE


def refund_claim(lines: Sequence[CareLine], *, paid_elsewhere_eur: Decimal = _NOTHING) -> ClaimRefund:
    """Compute what is due for the lines of a claim, for one person (CSS, art. R. 761-19 and D. 160-6 to D. 160-11).

    The sum does not depend on the order of the lines. `paid_elsewhere_eur`: what another body paid for the whole
    claim, in euros, beyond what the lines say. `withheld` of each line says what other claims already bore.
    Each line follows its own rules, which may change during a stay. Raises ValueError for an impossible line, or for
    none; a line without a verified tariff is left to decide.
    """
    if not lines:
        raise ValueError("a claim has lines")
    order = sorted(range(len(lines)), key=lambda place: _rank(lines[place]))
    spread = _spread_elsewhere([lines[place] for place in order], paid_elsewhere_eur)
    found = _work_all(spread)
    capped = [one for one in found if isinstance(one, Worked) and not one.closed]
    for one, told in zip(capped, together([(one.line, one.act) for one in capped]), strict=True):
        one.told += told
    _compare_stays(capped)
    scope = cap_scope(on=max(line.given_on for line in lines))
    french = _settle(capped, scope)
    french += sum((one.chain.amount for one in found if isinstance(one, Worked) and one.closed), _NOTHING)
    results = dict(zip(order, (one.refund() if isinstance(one, Worked) else one for one in found), strict=True))
    due = sum((one.due for one in results.values() if isinstance(one, Refund)), cents(_NOTHING))
    return ClaimRefund(due, tuple(results[place] for place in range(len(lines))), french, scope)


def refund_rest(lines: Sequence[CareLine], *, paid: Mapping[int, Decimal]) -> ClaimRefund:
    """Compute what is due for lines of a treatment of which some are decided: theirs stands, whatever the law gives.

    `paid`: what was decided for lines, in euros, by their place. What they lack of their part in the treatment, as
    when another line was to bear a contribution, is due with the others; what they were paid too much is not taken
    back so, and is told: it has a procedure of its own (CSS, art. L. 133-4-1). Raises ValueError as `refund_claim`.
    """
    whole = refund_claim(lines)
    found = dict(enumerate(whole.lines))
    given = [(one.due, paid[place]) for place, one in found.items() if place in paid and isinstance(one, Refund)]
    short = sum((due - was for due, was in given), _NOTHING)
    rest = {place: one for place, one in found.items() if place not in paid and isinstance(one, Refund)}
    rooms = [_room(one) for one in rest.values()]
    parts = _apportion(min(max(short, _NOTHING), sum(rooms, _NOTHING)), rooms)
    for (place, one), part in zip(rest.items(), parts, strict=True):
        found[place] = _settled(one, one.due + part) if part else one
        if short < 0:
            told = f"Les lignes déjà décidées ont reçu {written(-short)} {_MORE}"
            found[place] = replace(one, notes=(*one.notes, told))
    found |= {place: Refund(due, ()) for place, due in paid.items()}
    due = sum((one.due for one in found.values() if isinstance(one, Refund)), cents(_NOTHING))
    return replace(whole, due=due, lines=tuple(found[place] for place in range(len(lines))))


_MORE = "de plus que ce que donnerait tout le traitement : voyez s’il y a un indu."
_BARRED = {Cause.PRESCRIPTION, Cause.CONDITION, Cause.STATE_OF_STAY, Cause.DECISION}


def _room(refund: Refund) -> Decimal:
    """Return what a line may still receive: what was left to the person to pay; nothing where the law bars it."""
    causes = {step.cause for step in refund.steps}
    if causes & _BARRED:
        return _NOTHING
    borne = next((step.after for step in refund.steps if step.cause == Cause.ELSEWHERE), refund.steps[0].before)
    return borne - refund.due


def _settled(refund: Refund, after: Decimal) -> Refund:
    told = "Compte tenu de ce qui est déjà réglé pour le même traitement"
    step = Step(told, "CSS, art. R. 761-19", refund.due, after, cause=Cause.SETTLED.value)
    return replace(refund, due=after, steps=(*refund.steps, step))


def _rank(line: CareLine) -> tuple[object, ...]:
    """Return by what the lines of a claim are ordered: the day first, then whatever tells two lines apart.

    The expense comes last, and only tells like lines apart: or a dearer bill might change places, and be paid less.
    """
    code = line.act.code if line.act else line.act_code
    stated = (line.stated_tariff or _NOTHING, line.decided_eur or _NOTHING, line.state_of_stay_eur or _NOTHING)
    counts = (line.quantity, line.days or 0, line.hospital_days, line.hospital_days_before, line.patient_age)
    how = (line.heavy, line.in_hospital, line.emergency, line.exemption or "")
    kind = (line.care.value, code, line.provider, *stated, *counts, *how)
    return (line.given_on, *kind, line.paid_elsewhere_eur, line.expense_eur)


def _spread_elsewhere(lines: list[CareLine], more: Decimal) -> list[CareLine]:
    """Deduct from the other lines what another body paid beyond the expense of one (CSS, art. R. 761-19, al. 1)."""
    if not parameters.value("elsewhere_excess_carries", on=max(line.given_on for line in lines)):
        return lines
    over = more + sum((max(_NOTHING, line.paid_elsewhere_eur - line.expense_eur) for line in lines), _NOTHING)
    spread = []
    for line in lines:
        paid = min(line.paid_elsewhere_eur, line.expense_eur)
        carried = min(over, line.expense_eur - paid)
        over -= carried
        spread.append(replace(line, paid_elsewhere_eur=paid + carried))
    return spread


def _work_all(lines: list[CareLine]) -> list[Worked | ToDecide]:
    """Work each line out; heavy acts of one visit or stay bear their lump sum once (CSS, art. R. 160-16, I)."""
    found: list[Worked | ToDecide] = []
    borne: dict[tuple[date, str], tuple[Decimal, Decimal]] = {}
    for line, first, told in placed(lines):
        key, left = (first, line.provider), None
        if line.provider and key in borne:
            lump = parameters.value("share_heavy_acts", on=line.given_on)
            left = (lump - borne[key][0], lump - borne[key][1])
        try:
            worked = work(line, heavy_left=left)
        except Awaited as gap:
            found.append(ToDecide(str(gap), awaited=True))
            continue
        except (Unverified, Impossible) as gap:
            found.append(ToDecide(str(gap)))
            continue
        worked.told, worked.stay = told, first
        if worked.heavy or worked.heavy_in_france:
            here, in_france = borne.get(key, (_NOTHING, _NOTHING))
            borne[key] = (here + worked.heavy, in_france + worked.heavy_in_france)
        found.append(worked)
    return found


def _compare_stays(lines: list[Worked]) -> None:
    """Ask a person where a stay in several lines bears more than its share or its daily charge (CSS, art. L. 174-4)."""
    stays: dict[tuple[object, ...], list[Worked]] = {}
    for one in lines:
        if one.of_days and one.line.provider:
            stays.setdefault((one.stay, one.line.provider), []).append(one)
    for pieces in stays.values():
        if len(pieces) > 1 and compares_otherwise(one.of_days for one in pieces if one.of_days):
            for one in pieces:
                one.told += (COMPARED,)


def _settle(lines: list[Worked], scope: CapScope) -> Decimal:
    """Cap the lines and take off their contributions; return what France would have paid, in euros."""
    abroad = [place for place, one in enumerate(lines) if one.line.rule_set is RuleSet.SERVICE]
    treatment = scope is CapScope.TREATMENT and len(abroad) > 1
    # A line alone is its own treatment: the same sum, said more simply.
    if not treatment:
        for one in lines:
            cap(one)
    in_france = _ask(lines, lambda one: one.french)
    french = [one.french - _taken(one, ask, one.french) for one, ask in zip(lines, in_france, strict=True)]
    asks = _ask(lines, _bound)
    if treatment:
        _cap_all([lines[one] for one in abroad], [asks[one] for one in abroad], [french[one] for one in abroad])
    for one, ask in zip(lines, asks, strict=True):
        withhold(one, ask, limit=min(_bound(one), one.chain.amount))
    return sum(french, _NOTHING)


def _cap_all(lines: list[Worked], asks: list[Contribution | None], french: list[Decimal]) -> None:
    """Limit the sum of the lines to what France would have paid for the whole treatment (CSS, art. R. 761-19, al. 2).

    What is over is taken from the lines that are over their own, in proportion, to the cent. The sum told is that of
    the lines before their contributions, so that the steps add up to it.
    """
    net = [one.chain.amount - _taken(one, ask, _bound(one)) for one, ask in zip(lines, asks, strict=True)]
    over = sum(net, _NOTHING) - sum(french, _NOTHING)
    cuts = _apportion(max(_NOTHING, over), [max(_NOTHING, a - b) for a, b in zip(net, french, strict=True)])
    left = [one.chain.amount - cut for one, cut in zip(lines, cuts, strict=True)]
    whole = sum(left if over > 0 else (one.french for one in lines), _NOTHING)
    told = f"ce qui aurait été remboursé en France pour tout le traitement, soit {written(whole)}"
    for one, cut, after in zip(lines, cuts, left, strict=True):
        own = f", dont {written(after)} pour ces soins{one.share_in_france()}"
        one.cap(f"Limité à {told}{own}" if cut else f"Dans la limite de {told}", after)


def _ask(lines: list[Worked], bound: Callable[[Worked], Decimal]) -> list[Contribution | None]:
    """Return what each line is asked, in order of date, each ceiling counting what the lines before it bore."""
    ledger, asks = Ledger(), []
    for one in lines:
        line = one.line
        given: _Given = {"on": line.given_on, "provider": line.provider, "repaid_on": line.repaid_on}
        ask = asked(one, withheld=ledger.before(one.act.care, known=line.withheld, **given))
        if ask:
            ledger.take(ask.parameter, _taken(one, ask, bound(one)), days=line.days, **given)
        asks.append(ask)
    return asks


def _taken(one: Worked, ask: Contribution | None, bound: Decimal) -> Decimal:
    return _NOTHING if ask is None or waived(one) else min(ask.amount, bound)


def _apportion(total: Decimal, weights: list[Decimal]) -> list[Decimal]:
    """Cut a total in euros in proportion to weights that are not less in sum, to the cent, none above its weight."""
    whole = sum(weights, _NOTHING)
    if not total or not whole:
        return [_NOTHING] * len(weights)
    exact = [total * weight / whole for weight in weights]
    parts = [one.quantize(CENT, "ROUND_DOWN") for one in exact]
    left = int((total - sum(parts, _NOTHING)) / CENT)
    first = sorted(range(len(parts)), key=lambda place: (parts[place] - exact[place], place))
    for place in first[:left]:
        parts[place] += CENT
    return parts


def _bound(one: Worked) -> Decimal:
    """Return what a line can bear of a contribution: what is paid back, here and in France (CSS, art. D. 160-9)."""
    return min(one.chain.amount, one.french) if one.line.rule_set is RuleSet.SERVICE else one.chain.amount
