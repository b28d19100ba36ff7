"""The recovery of what was paid by mistake: how long one may, when one has to wait, and in how many parts."""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_CEILING, ROUND_HALF_UP, Decimal

from escale.rules import deadlines, parameters
from escale.rules.deadlines import Residence, months_after
from escale.rules.named import Named

_CENT = Decimal("0.01")


class Cause(Named):
    """Why a sum was not due."""

    TWICE = "twice", "Soins déjà remboursés"
    NOT_PAID = "not_paid", "Soins qui n’avaient pas été payés"
    NO_RIGHTS = "no_rights", "Droits non ouverts à la date des soins"
    TARIFF = "tariff", "Tarif, taux ou cours de change erroné"
    NO_ORIGINALS = "no_originals", "Originaux demandés lors d’un contrôle et non reçus"
    OTHER_PAYER = "other_payer", "Part prise en charge par un autre organisme"
    NOT_DUE = "not_due", "Prestation qui n’est pas remboursable"


@dataclass(frozen=True, slots=True)
class Rectification:
    """When the insured person asked, when the Fund answered, and when its answer was received, if they were."""

    asked_on: date
    answered_on: date | None = None
    received_on: date | None = None


@dataclass(frozen=True, slots=True)
class Part:
    """One payment of a plan: its rank from 1, the last day to make it, and its amount in euros."""

    rank: int
    due_on: date
    amount: Decimal


def claimable_until(paid_on: date, *, fraud: bool = False) -> date | None:
    """Return the last day to claim back what was paid on a day; None for a fraud (CSS, art. L. 160-11, al. 3)."""
    years = int(parameters.value("overpayment_claim_years", on=paid_on))
    return None if fraud else months_after(paid_on, 12 * years)


def rectifiable_until(received_on: date) -> date:
    """Return the last day to ask for a rectification (CSS, art. R. 133-9-2, I, 2°, a)."""
    return received_on + timedelta(days=_days("overpayment_rectification_days", on=received_on))


def silent_on(asked_on: date) -> date:
    """Return the day on which silence on a rectification refuses it (CSS, art. R. 133-9-2, II, 1°)."""
    return months_after(asked_on, _months("overpayment_silence_months", on=asked_on))


def recoverable_from(received_on: date, rectification: Rectification | None = None) -> date | None:
    """
    Return the first day on which the Fund may help itself to the sums (CSS, art. L. 133-4-1 and R. 133-9-2).

    The day after the delay to ask for a rectification; if one was asked, some days after its answer was received (None
    before), or some months after the refusal born of silence.
    """
    if rectification is None:
        last = rectifiable_until(received_on)
    elif answered_in_time(rectification):
        if rectification.received_on is None:
            return None
        last = rectification.received_on + timedelta(days=_days("overpayment_reply_days", on=rectification.received_on))
    else:
        silent = silent_on(rectification.asked_on)
        last = months_after(silent, _months("overpayment_recovery_months", on=silent))
    return last + timedelta(days=1)


def answered_in_time(rectification: Rectification) -> bool:
    """Tell whether the Fund answered before its silence did."""
    answered = rectification.answered_on
    return answered is not None and answered <= silent_on(rectification.asked_on)


def appealable_until(
    received_on: date, residence: Residence, rectification: Rectification | None = None
) -> date | None:
    """
    Return the last day to bring the matter before the commission (CSS, art. R. 142-1 and R. 133-9-2, III).

    A rectification asked in time interrupts the delay: it runs anew from the reception of the answer (None before), or
    from the silence.
    """
    if rectification is None or rectification.asked_on > rectifiable_until(received_on):
        return deadlines.appeal_until(received_on, residence)
    told = rectification.received_on if answered_in_time(rectification) else silent_on(rectification.asked_on)
    return deadlines.appeal_until(told, residence) if told else None


def plan_agreed_until(accepted_on: date) -> date:
    """Return the last day to agree on a plan whose principle was accepted (CSS, art. R. 133-9-2, I, 2°, b)."""
    return months_after(accepted_on, _months("overpayment_plan_agreed_months", on=accepted_on))


def called_until(called_on: date) -> date:
    """Return the last day to pay after a formal notice (CSS, art. R. 133-9-2, V)."""
    return months_after(called_on, _months("overpayment_call_months", on=called_on))


def longest_plan(*, on: date) -> int:
    """Return in how many months at most a debt is paid back (CSS, art. R. 133-9-2, I, 2°, b)."""
    return _months("overpayment_plan_months", on=on)


def plan(amount: Decimal, *, months: int, first_on: date) -> tuple[Part, ...]:
    """
    Share an amount in euros in equal monthly parts, the odd cents in the first ones; the parts make the amount.

    The first is due on `first_on`, the next on the same day of each month, or on its last (CSS, art. R. 133-9-2).

    :raises ValueError: for no month, for more months than the law gives, or for less than a cent a month.
    """
    cents = int(amount / _CENT)
    if not 1 <= months <= longest_plan(on=first_on) or cents < months:
        raise ValueError(f"{amount} in {months} months")
    each, odd = divmod(cents, months)
    return tuple(Part(rank + 1, months_after(first_on, rank), (each + (rank < odd)) * _CENT) for rank in range(months))


def fraud_supplement(amount: Decimal, *, on: date) -> Decimal:
    """Return in euros what a fraud adds to a debt (CSS, art. L. 133-4-1, al. 2)."""
    percent = parameters.value("overpayment_fraud_percent", on=on)
    return (amount * percent / 100).quantize(_CENT, ROUND_HALF_UP)


def abandonable_under(*, on: date) -> Decimal:
    """Return the amount in euros under which a debt may be abandoned, rounded up (CSS, art. D. 133-2)."""
    part = parameters.value("overpayment_abandon_percent", on=on) / 100
    return (parameters.value("monthly_ceiling", on=on) * part).quantize(Decimal(1), ROUND_CEILING)


def notification(*, received: str, appeal: str, on: date) -> tuple[str, ...]:
    """
    Return what a notification must say besides its cause, its sums and their dates (CSS, art. R. 133-9-2, I, 2°).

    `received` is the day from which the delays run, in French; `appeal` says how to appeal (rules/recourse.py).
    """
    ask, silent = _days("overpayment_rectification_days", on=on), _months("overpayment_silence_months", on=on)
    wait, instead = _months("overpayment_recovery_months", on=on), _instead(on=on)
    return (
        f"Dans les {ask} jours qui suivent {received}, vous pouvez demander la rectification des informations qui "
        "changent le montant de l’indu, par des observations écrites, dans votre compte ou par lettre, ou orales, par "
        "téléphone ou au guichet, et en justifier par tous moyens (CSS, art. L. 133-4-1).",
        "Si vous ne le faites pas, la Caisse peut ensuite retenir ces sommes sur vos prestations à venir, sauf si, "
        f"dans ce même délai, vous {instead}",
        f"Si vous le faites, notre silence pendant {silent} mois vaut rejet de votre demande ; les sommes ne peuvent "
        f"être recouvrées que {wait} mois plus tard, sauf si, dans ce délai, vous {instead}",
        appeal,
    )


def answer(*, received: str, appeal: str, on: date) -> tuple[str, ...]:
    """
    Return what an answer that refuses a rectification, or part of it, must say besides its reasons.

    As `notification`, of the reception of the answer (CSS, art. R. 133-9-2, III, 2° and 3°).
    """
    reply = _days("overpayment_reply_days", on=on)
    return (
        f"À l’expiration d’un délai de {reply} jours à compter de {received}, la Caisse peut retenir les sommes qui "
        f"restent dues sur vos prestations à venir, sauf si, dans ce même délai, vous {_instead(on=on)}",
        appeal,
    )


def _instead(*, on: date) -> str:
    """Say what keeps the Fund from helping itself."""
    longest, agreed = longest_plan(on=on), _months("overpayment_plan_agreed_months", on=on)
    return (
        f"remboursez ces sommes ou acceptez le principe d’un échéancier, de {longest} mois au plus. Faute d’échéancier "
        f"conclu dans le délai de {agreed} mois qui suit votre accord, les sommes sont recouvrées aussitôt."
    )


def _days(name: str, *, on: date) -> int:
    return int(parameters.value(name, on=on))


def _months(name: str, *, on: date) -> int:
    return int(parameters.value(name, on=on))
