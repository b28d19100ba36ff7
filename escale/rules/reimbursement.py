"""What is paid back for one line of care, and why, step by step, from the expense to the sum due."""

from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal

from escale.rules import exemptions, parameters
from escale.rules.acts import Act, act, acts
from escale.rules.care_line import CareLine, Choice, age
from escale.rules.contributions import PARTICIPATION, Contribution, Withheld, contribution, waiver
from escale.rules.currency import cents, written
from escale.rules.exemptions import Exemption
from escale.rules.explanation import Cause, Chain, Cut, Refund, Step, causes
from escale.rules.intake import Care
from escale.rules.judging import DAYS_UNKNOWN, notes, together
from escale.rules.limits import Unverified, bar, deduct_elsewhere, expense_article, picked, tariff, unit_tariff
from escale.rules.possible import Impossible, check
from escale.rules.scope import RuleSet
from escale.rules.shares import Borne, borne, limit_article

__all__ = [
    "Act", "Awaited", "Care", "CareLine", "Cause", "Choice", "Cut", "Exemption", "Impossible", "Refund", "Step",
    "Unverified", "Withheld", "Worked", "act", "acts", "age", "causes", "decided", "refund", "work",
]  # fmt: skip

_NOTHING = Decimal(0)
STATE_OF_STAY = "CSS, art. R. 160-1 ; règlement (CE) n° 987/2009, art. 25"


class Awaited(Exception):
    """The insured person chose the tariff of the State of stay, whose institution has not answered yet."""

    def __init__(self) -> None:
        super().__init__(
            "Vous avez choisi les tarifs de l’État de séjour : le montant est demandé à l’organisme de cet État "
            "(formulaire E 126 ou son équivalent électronique)."
        )


@dataclass(slots=True)
class Worked:
    """A line worked out before the French cap and the contributions; `french`: what France would have paid."""

    line: CareLine
    act: Act
    chain: Chain
    french: Decimal
    verified: bool
    heavy: Decimal = _NOTHING
    heavy_in_france: Decimal = _NOTHING
    in_france: Borne | None = None
    closed: bool = False
    participation: Decimal = _NOTHING
    franchise: Decimal = _NOTHING
    stay: date | None = None
    of_days: tuple[Decimal, Decimal] | None = None
    """The share and the daily charge of a stay, of which the larger is borne."""
    told: tuple[str, ...] = ()
    """What a person has to judge that was seen on the way, in French."""

    def cap(self, label: str, left: Decimal) -> None:
        """Write the step of the French cap, which cites the share borne in France."""
        name, version = (self.in_france.parameter, self.in_france.version) if self.in_france else ("", "")
        self.chain.add(Cause.CAP, label, "CSS, art. R. 761-19, al. 2", left, parameter=name, version=version)

    def share_in_france(self) -> str:
        """Return what the person would have borne in France, to follow the sum of the cap."""
        told = self.in_france.label if self.in_france else ""
        return f" ({told[:1].lower()}{told[1:]})" if told else ""

    def refund(self) -> Refund:
        """Close the explanation."""
        told = (*notes(self.line, self.act), *self.told)
        stated = self.line.stated_tariff is not None
        automatic = self.verified and not stated and not told and self.line.choice is Choice.FRENCH
        if self.line.rule_set is RuleSet.PLANNED and self.line.european is None:
            automatic = False
        due, steps = self.chain.amount, tuple(self.chain.steps)
        return Refund(due, steps, automatic, self.participation, self.franchise, told)


def refund(line: CareLine) -> Refund:
    """Compute what is due for a line (CSS, art. R. 761-16 to R. 761-19, R. 160-1 to R. 160-4).

    Limit by the French tariff, patient share, what France would have paid, flat contributions; each rounded half
    up to the cent. Raises Unverified without a verified or stated tariff, Awaited until the State of stay answers,
    ValueError for an impossible line.
    """
    worked = work(line)
    if not worked.closed:
        (worked.told,) = together([(line, worked.act)])
        cap(worked)
        withhold(worked, asked(worked, withheld=line.withheld), limit=worked.chain.amount)
    return worked.refund()


def decided(line: CareLine, *, amount: Decimal, reason: str) -> Refund:
    """Explain an amount that an agent decides, capped to the expense (CSS, art. R. 761-19, al. 1).

    Raises ValueError for a negative amount or an empty reason.
    """
    check(line, picked(line))
    if amount < 0 or not reason.strip():
        raise ValueError("a decision has an amount of zero or more, and a reason")
    chain = Chain(line.expense_eur)
    deduct_elsewhere(line, chain)
    kept = min(cents(amount), chain.amount)
    chain.add(Cause.DECISION, f"Décision du gestionnaire : {reason.strip()}", expense_article(line), kept)
    return Refund(kept, tuple(chain.steps))


def work(line: CareLine, *, heavy_left: tuple[Decimal, Decimal] | None = None) -> Worked:
    """Work a line out, down to the patient share and the daily charge; raises as `refund` does.

    `heavy_left`: what is left to bear of the lump sum of heavy acts, here and in France, in euros.
    """
    found = picked(line)
    check(line, found)
    if line.decided_eur is not None:
        return _taken_from(line, decided(line, amount=line.decided_eur, reason=line.stated_reason))
    worked = Worked(line, found, Chain(line.expense_eur), _NOTHING, True)
    try:
        deduct_elsewhere(line, worked.chain)
        worked.closed = bar(line, worked.chain)
        if not worked.closed and line.choice is Choice.STATE_OF_STAY:
            _as_the_state_of_stay(worked)
        elif not worked.closed:
            _by_french_tariff(worked, heavy_left)
        if not worked.closed and not waived(worked):
            asked(worked, withheld=line.withheld)  # whose figures are known, or a person decides
    except parameters.Unknown as gap:
        raise Unverified(found, line.given_on, gap=gap) from gap
    return worked


def cap(worked: Worked) -> None:
    """Limit a line of service abroad to what France would have paid for it (CSS, art. R. 761-19, al. 2)."""
    if worked.line.rule_set is RuleSet.SERVICE:
        limited = worked.chain.amount > worked.french
        label = f"ce qui aurait été remboursé en France, soit {written(worked.french)}"
        worked.cap(
            f"Limité à {label}{worked.share_in_france()}" if limited else f"Dans la limite de {label}",
            min(worked.chain.amount, worked.french),
        )


def asked(worked: Worked, *, withheld: Withheld) -> Contribution | None:
    """Return the flat contribution that a line is asked, None where there is none for this care."""
    line = worked.line
    if free(line, worked.act):
        return None
    if line.choice is Choice.STATE_OF_STAY and not parameters.value(
        "flat_contributions_state_of_stay", on=line.given_on
    ):
        return None
    return contribution(
        worked.act.care,
        on=line.given_on,
        quantity=line.quantity,
        days=line.days,
        withheld=withheld,
        repaid_on=line.repaid_on,
    )


def free(line: CareLine, act: Act) -> bool:
    """Tell whether this care bears no flat contribution, whoever receives it (CSS, art. L. 160-13, D. 160-9)."""
    return line.in_hospital or act.supplement or line.exemption in exemptions.NO_FRANCHISE


def waived(worked: Worked) -> tuple[str, str] | None:
    """Return why nothing is withheld from this person (French reason, article), None when it is."""
    line = worked.line
    january_age = line.patient_age if line.january_age is None else line.january_age
    return waiver(on=line.given_on, january_age=january_age, maternity=line.exemption is Exemption.MATERNITY)


def withhold(worked: Worked, asked: Contribution | None, *, limit: Decimal) -> None:
    """Take off the flat contribution, never more than a limit in euros (CSS, art. D. 160-9, last paragraph)."""
    if asked is None:
        return
    if why := waived(worked):
        worked.chain.add(Cause.FRANCHISE, *why, worked.chain.amount)
        return
    if asked.days_unknown:
        worked.told += (DAYS_UNKNOWN,)
    taken = min(asked.amount, limit)
    cause = Cause.PARTICIPATION if asked.parameter == PARTICIPATION else Cause.FRANCHISE
    left = worked.chain.amount - taken
    worked.chain.add(cause, asked.label, asked.article, left, parameter=asked.parameter, version=asked.version)
    if cause is Cause.PARTICIPATION:
        worked.participation = taken
    else:
        worked.franchise = taken


def _taken_from(line: CareLine, done: Refund) -> Worked:
    chain = Chain(line.expense_eur)
    chain.steps, chain.amount = list(done.steps), done.due
    return Worked(line, picked(line), chain, _NOTHING, False, closed=True, told=_beyond_france(line, done.due))


def _beyond_france(line: CareLine, kept: Decimal) -> tuple[str, ...]:
    """Return what a person must know of an amount decided beyond the French one (CSS, art. R. 761-19, al. 2)."""
    if line.rule_set is not RuleSet.SERVICE:
        return ()
    try:
        worked = work(replace(line, decided_eur=None))
    except (Unverified, Impossible):
        return ()
    if worked.closed or kept <= worked.french:
        return ()
    told = f"Le montant décidé dépasse ce qui aurait été remboursé en France, soit {written(worked.french)}"
    return (f"{told} (CSS, art. R. 761-19, al. 2).",)


def _as_the_state_of_stay(worked: Worked) -> None:
    """Pay back what the institution of the State of stay answered, within the expense (CSS, art. R. 160-1)."""
    answer, chain = worked.line.state_of_stay_eur, worked.chain
    if answer is None:
        raise Awaited
    label = f"Remboursement selon l’État de séjour, d’après sa réponse : {written(answer)}"
    chain.add(Cause.STATE_OF_STAY, label, STATE_OF_STAY, min(chain.amount, cents(answer)))
    worked.french, worked.verified = chain.amount, False


def _by_french_tariff(worked: Worked, heavy_left: tuple[Decimal, Decimal] | None) -> None:
    line, found, chain = worked.line, worked.act, worked.chain
    limit, told = tariff(line, found)
    chain.add(
        Cause.TARIFF,
        f"Dépense limitée au {told}"
        if chain.amount > limit
        else f"Dépense retenue en entier, dans la limite du {told}",
        limit_article(found.care, line.rule_set),
        min(chain.amount, limit),
        parameter=found.code,
        version="" if line.stated_tariff is not None else found.version,
    )
    base, unit = chain.amount, unit_tariff(line, found)
    here, in_france = heavy_left or (None, None)
    abroad = line.rule_set is RuleSet.SERVICE
    share = borne(line, found, base=base, unit=unit, abroad=abroad, heavy_left=here)
    french = borne(line, found, base=limit, unit=unit, abroad=False, heavy_left=in_france)
    chain.add(
        Cause.SHARE, share.label, share.article, base - share.amount, parameter=share.parameter, version=share.version
    )
    worked.in_france = french
    worked.french, worked.verified = limit - french.amount, share.verified and french.verified
    worked.heavy, worked.heavy_in_france = (one.amount if one.heavy else _NOTHING for one in (share, french))
    if found.care is Care.HOSPITAL and not line.emergency:
        _charge_days(worked, base=base, share=share, limit=limit, french=french)


def _charge_days(worked: Worked, *, base: Decimal, share: Borne, limit: Decimal, french: Borne) -> None:
    """Take off the daily charge so far as it exceeds the share (CSS, art. L. 174-4), here and in France."""
    line, chain = worked.line, worked.chain
    name, charge = daily_charge(line, worked.act)
    if charge is None:
        return
    version = parameters.figure(name, on=line.given_on).version
    adds = bool(parameters.value("hospital_daily_charge_adds", on=line.given_on))
    if not (share.heavy and adds):
        worked.of_days = share.amount, charge
    paid = _after_days(base, share, charge, adds=adds)
    if paid < chain.amount:
        label = "Forfait journalier hospitalier"
        chain.add(Cause.DAILY_CHARGE, label, "CSS, art. L. 174-4", paid, parameter=name, version=version)
    worked.french = _after_days(limit, french, charge, adds=adds)


def daily_charge(line: CareLine, act: Act) -> tuple[str, Decimal | None]:
    """Return the figure of the daily charge and its sum for each day of a stay, in euros, None if none (L. 174-4)."""
    name = "hospital_daily_charge_psychiatry" if act.psychiatry else "hospital_daily_charge"
    asked = parameters.value("hospital_daily_charge_applies", on=line.given_on)
    if line.exemption in exemptions.FREE_DAYS or not asked:
        return name, None
    days = (line.given_on + timedelta(days=day) for day in range(line.hospital_days))
    return name, sum((parameters.value(name, on=day) for day in days), _NOTHING)


def _after_days(base: Decimal, share: Borne, charge: Decimal, *, adds: bool) -> Decimal:
    due = share.amount + charge if share.heavy and adds else max(share.amount, charge)
    return max(_NOTHING, base - due)
