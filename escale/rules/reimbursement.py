"""What is paid back for one line of care, and why, step by step, from the expense to the sum due."""

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from escale.rules import parameters
from escale.rules.acts import Act, act, acts
from escale.rules.contributions import Withheld, contribution, waiver
from escale.rules.currency import cents, written
from escale.rules.intake import Care
from escale.rules.named import Named
from escale.rules.scope import RuleSet
from escale.rules.shares import limit_article, share_abroad, share_in_france

__all__ = [
    "Act", "Care", "CareLine", "Exemption", "Refund", "Step", "Unverified", "Withheld",
    "act", "acts", "age", "decided", "refund",
]  # fmt: skip

_NOTHING = Decimal(0)
_HUNDRED = Decimal(100)


class Exemption(Named):
    """Why the patient share is removed (CSS, art. L. 160-14 and R. 761-17)."""

    LONG_ILLNESS = "long_illness", "Affection de longue durée"
    MATERNITY = "maternity", "Maternité"
    NEWBORN = "newborn", "Nouveau-né, 30 jours après la naissance"
    INVALIDITY = "invalidity", "Pension d’invalidité"
    DISABLED_CHILD = "disabled_child", "Enfant ou adolescent handicapé"


_EXEMPTION_ARTICLES = {
    Exemption.LONG_ILLNESS: "CSS, art. L. 160-14, 3° et R. 761-17, 3°",
    Exemption.MATERNITY: "CSS, art. L. 160-9 et D. 160-3",
    Exemption.NEWBORN: "CSS, art. R. 160-17, I, 1°",
    Exemption.INVALIDITY: "CSS, art. R. 160-10",
    Exemption.DISABLED_CHILD: "CSS, art. R. 761-17, 4°",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class CareLine:
    """One kind of act on one day, for one person; amounts in euros.

    `expense_eur` is the whole line, `quantity` its acts, boxes or journeys. `patient_age` is in years on the day
    of care, `january_age` on 1 January of that year (the same unless said: give it at eighteen, see `age`).
    `stated_tariff`: the French tariff of one act, or the daily price of one hospital day before abatement, that an
    agent found and answers for, with `stated_reason`.
    """

    given_on: date
    act_code: str
    care: Care
    expense_eur: Decimal
    patient_age: int
    rule_set: RuleSet
    paid_elsewhere_eur: Decimal = _NOTHING
    quantity: int = 1
    hospital_days: int = 0
    january_age: int | None = None
    exemption: Exemption | None = None
    stated_tariff: Decimal | None = None
    stated_reason: str = ""
    withheld: Withheld = field(default_factory=Withheld)


@dataclass(frozen=True, slots=True)
class Step:
    """One step of the explanation, in euros: what the amount was, what it became, by which article and figure."""

    label: str
    article: str
    before: Decimal
    after: Decimal
    parameter: str = ""


@dataclass(frozen=True, slots=True)
class Refund:
    """The sum due and its explanation: the first step starts from the expense, the last ends at the sum due.

    `automatic` is true when every figure used was verified and the law leaves the Fund no choice.
    """

    due: Decimal
    steps: tuple[Step, ...]
    automatic: bool = False
    participation: Decimal = _NOTHING
    franchise: Decimal = _NOTHING


class Unverified(Exception):
    """No verified French tariff for this act on this date: an agent decides, with a reason."""

    def __init__(self, act: Act, on: date) -> None:
        super().__init__(
            f"Aucun tarif vérifié pour « {act.label} » au {on:%d/%m/%Y} : indiquez le tarif français que vous retenez, "
            "ou le montant à rembourser, avec votre motif."
        )
        self.act = act
        self.on = on


def refund(line: CareLine) -> Refund:
    """Compute what is due for a line (CSS, art. R. 761-16 to R. 761-19, R. 160-1 to R. 160-4).

    Limit by the French tariff, patient share, what France would have paid, flat contributions; each rounded half
    up to the cent. Raises Unverified without a verified or stated tariff, ValueError for an impossible line.
    """
    _check(line)
    picked = _picked(line)
    try:
        return _explained(line, picked)
    except parameters.Unknown as gap:
        raise Unverified(picked, line.given_on) from gap


def _explained(line: CareLine, picked: Act) -> Refund:
    tariff, told = _tariff(line, picked)
    chain = _Chain(line.expense_eur)
    _deduct_elsewhere(line, chain)
    expense = chain.amount
    chain.add(
        f"Dépense limitée au {told}" if expense > tariff else f"Dépense retenue en entier, dans la limite du {told}",
        limit_article(picked.care, line.rule_set),
        min(expense, tariff),
        parameter=picked.code,
    )
    base = chain.amount
    french, automatic = _share(line, picked, chain, tariff)
    if picked.care is Care.HOSPITAL:
        french = _charge_days(line, picked, chain, base=base, tariff=tariff, french=french)
    if line.rule_set is RuleSet.SERVICE:
        limit = "Limité à" if chain.amount > french else "Dans la limite de"
        chain.add(
            f"{limit} ce qui aurait été remboursé en France, soit {written(french)}",
            "CSS, art. R. 761-19, al. 2",
            min(chain.amount, french),
            parameter=share_in_france(picked).name,
        )
    participation, franchise = _withhold(line, picked, chain)
    automatic = automatic and line.stated_tariff is None and line.rule_set in (RuleSet.SERVICE, RuleSet.PRIVATE_EU)
    return Refund(chain.amount, tuple(chain.steps), automatic, participation, franchise)


def decided(line: CareLine, *, amount: Decimal, reason: str) -> Refund:
    """Explain an amount that an agent decides, capped to the expense (CSS, art. R. 761-19, al. 1).

    Raises ValueError for a negative amount or an empty reason.
    """
    _check(line)
    if amount < 0 or not reason.strip():
        raise ValueError("a decision has an amount of zero or more, and a reason")
    chain = _Chain(line.expense_eur)
    _deduct_elsewhere(line, chain)
    kept = min(cents(amount), chain.amount)
    chain.add(f"Décision du gestionnaire : {reason.strip()}", _expense_article(line), kept)
    return Refund(kept, tuple(chain.steps))


def age(born_on: date, *, on: date) -> int:
    """Return an age in full years on a date."""
    return on.year - born_on.year - ((on.month, on.day) < (born_on.month, born_on.day))


class _Chain:
    """The explanation as it is written: each step starts where the one before ended."""

    def __init__(self, amount: Decimal) -> None:
        self.amount = cents(amount)
        self.steps: list[Step] = []

    def add(self, label: str, article: str, after: Decimal, *, parameter: str = "") -> None:
        after = cents(after)
        self.steps.append(Step(label, article, self.amount, after, parameter))
        self.amount = after


def _check(line: CareLine) -> None:
    if line.expense_eur < 0 or line.paid_elsewhere_eur < 0 or line.quantity < 1 or line.hospital_days < 0:
        raise ValueError("a line has amounts of zero or more and at least one act")
    if line.stated_tariff is not None and (line.stated_tariff < 0 or not line.stated_reason.strip()):
        raise ValueError("a stated tariff is zero or more, and has a reason")


def _picked(line: CareLine) -> Act:
    """Return the act of the line, or the child's act that replaces it; an act outside the list has no tariff."""
    try:
        picked = act(line.act_code, on=line.given_on)
    except LookupError:
        return Act(line.act_code, line.care.label, line.care, None, None, None, "Acte hors liste", False)
    if picked.child and line.patient_age < 6 and line.stated_tariff is None:
        return act(picked.child, on=line.given_on)
    return picked


def _tariff(line: CareLine, picked: Act) -> tuple[Decimal, str]:
    """Return the French tariff of the whole line, and how the explanation tells it."""
    unit = picked.tariff if picked.verified and not picked.letter else None
    reserve = ""
    if line.stated_tariff is not None:
        unit, reserve = line.stated_tariff, f", tarif retenu par le gestionnaire : {line.stated_reason.strip()}"
    elif picked.coordination:
        reserve = f", hors supplément de coordination de {written(picked.coordination)}"
    if unit is None:
        raise Unverified(picked, line.given_on)
    if picked.care is Care.HOSPITAL:
        if not line.hospital_days:
            raise ValueError("a stay in hospital has days")
        abatement = parameters.value("hospital_abatement", on=line.given_on)
        total = cents(unit * (_HUNDRED - abatement) / _HUNDRED * line.hospital_days)
        days = f"{line.hospital_days} jour{'s' if line.hospital_days > 1 else ''}"
        price = f"{written(unit)}, moins {abatement} %, pour {days} : {written(total)}"
        return total, f"prix de journée français ({price}){reserve}"
    total = cents(unit * line.quantity)
    times = f"{line.quantity} × {written(unit)} = " if line.quantity > 1 else ""
    return total, f"tarif français ({picked.label} : {times}{written(total)}){reserve}"


def _deduct_elsewhere(line: CareLine, chain: _Chain) -> None:
    if line.paid_elsewhere_eur:
        left = max(_NOTHING, line.expense_eur - line.paid_elsewhere_eur)
        chain.add("Part déjà payée par un autre organisme", _expense_article(line), left)


def _share(line: CareLine, picked: Act, chain: _Chain, tariff: Decimal) -> tuple[Decimal, bool]:
    """Take off the patient share; return what France would have paid, and whether all figures are verified."""
    france = share_in_france(picked)
    share = share_abroad(picked) if line.rule_set is RuleSet.SERVICE else france
    figures = [parameters.figure(one.name, on=line.given_on) for one in (share, france)]
    paid, french = (
        _after_share(line, picked, base, figure.value)
        for base, figure in zip((chain.amount, tariff), figures, strict=True)
    )
    if line.exemption:
        label, article = f"{line.exemption.label} : pas de participation", _EXEMPTION_ARTICLES[line.exemption]
        chain.add(label, article, paid)
    else:
        chain.add(f"Participation de l’assuré : {figures[0].value} %", share.article, paid, parameter=share.name)
    return french, all(figure.verified for figure in figures)


def _after_share(line: CareLine, picked: Act, base: Decimal, percent: Decimal) -> Decimal:
    if line.exemption:
        return base
    share = base * percent / _HUNDRED
    if picked.care is Care.HOSPITAL:
        last = parameters.value("share_hospital_last_day", on=line.given_on)
        share = share * min(Decimal(line.hospital_days), last) / line.hospital_days
    return cents(base - share)


def _charge_days(
    line: CareLine, picked: Act, chain: _Chain, *, base: Decimal, tariff: Decimal, french: Decimal
) -> Decimal:
    """Take off the daily charge so far as it exceeds the patient share, here and in what France would have paid."""
    waived = line.exemption in (Exemption.MATERNITY, Exemption.NEWBORN)
    if waived or not parameters.value("hospital_daily_charge_applies", on=line.given_on):
        return french
    name = "hospital_daily_charge_psychiatry" if picked.psychiatry else "hospital_daily_charge"
    charge = parameters.value(name, on=line.given_on) * line.hospital_days
    paid = max(_NOTHING, min(chain.amount, base - charge))
    if paid < chain.amount:
        chain.add("Forfait journalier hospitalier", "CSS, art. L. 174-4", paid, parameter=name)
    return max(_NOTHING, min(french, tariff - charge))


def _withhold(line: CareLine, picked: Act, chain: _Chain) -> tuple[Decimal, Decimal]:
    """Take off the flat contribution, never more than what is left; return (participation, franchise)."""
    asked = contribution(picked.care, on=line.given_on, quantity=line.quantity, withheld=line.withheld)
    if asked is None:
        return _NOTHING, _NOTHING
    january_age = line.patient_age if line.january_age is None else line.january_age
    maternity = line.exemption is Exemption.MATERNITY
    if waived := waiver(on=line.given_on, january_age=january_age, maternity=maternity):
        chain.add(*waived, chain.amount)
        return _NOTHING, _NOTHING
    taken = min(asked.amount, chain.amount)
    chain.add(asked.label, asked.article, chain.amount - taken, parameter=asked.parameter)
    return (taken, _NOTHING) if asked.parameter == "participation_forfaitaire" else (_NOTHING, taken)


def _expense_article(line: CareLine) -> str:
    """Return the article that keeps the sum due within what the person really paid."""
    return "CSS, art. R. 761-19, al. 1" if line.rule_set is RuleSet.SERVICE else limit_article(line.care, line.rule_set)
