"""The explanation of a refund: steps from the expense to the sum due, and the causes of what is not paid back."""

from dataclasses import dataclass
from decimal import Decimal

from escale.rules import parameters
from escale.rules.currency import cents
from escale.rules.named import Named


class Cause(Named):
    """Why a part of what was paid is not paid back."""

    ELSEWHERE = "elsewhere", "Déjà payé par un autre organisme"
    PRESCRIPTION = "prescription", "Demandé trop tard"
    CONDITION = "condition", "Conditions de la prise en charge non remplies"
    TARIFF = "tariff", "Au-delà du tarif français"
    STATE_OF_STAY = "state_of_stay", "Non remboursé dans l’État de séjour"
    SHARE = "share", "Participation de l’assuré"
    DAILY_CHARGE = "daily_charge", "Forfait journalier hospitalier"
    CAP = "cap", "Au-delà de ce qui aurait été remboursé en France"
    PARTICIPATION = "participation", "Participation forfaitaire"
    FRANCHISE = "franchise", "Franchise médicale"
    DECISION = "decision", "Décision du gestionnaire"
    REFUSED = "refused", "Refusé"
    SETTLED = "settled", "Part déjà réglée du même traitement"


@dataclass(frozen=True, slots=True)
class Step:
    """One step of the explanation, in euros: what the amount was, what it became, by which article and figure.

    `version` tells which dated row of the figure was used (« depuis le 15/05/2024, édition 3 »). Each step is rounded
    once, half up, to the cent: its rounding belongs to its cause.
    """

    label: str
    article: str
    before: Decimal
    after: Decimal
    parameter: str = ""
    version: str = ""
    cause: str = ""


def figure(step: Step) -> str:
    """Name the figure that a step used, in French; the act that it is the tariff of; nothing where there is none."""
    if step.parameter in parameters.names():
        return str(parameters.table(step.parameter)["label"]).split(" (1 ")[0]  # what the switch means is for jurists
    return f"tarif de l’acte {step.parameter}" if step.parameter else ""


@dataclass(frozen=True, slots=True)
class Refund:
    """The sum due and its explanation: the first step starts from the expense, the last ends at the sum due.

    `automatic` is true when every figure used was verified and the law leaves the Fund no choice; `notes` says in
    French what a person still has to judge.
    """

    due: Decimal
    steps: tuple[Step, ...]
    automatic: bool = False
    participation: Decimal = Decimal(0)
    franchise: Decimal = Decimal(0)
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Cut:
    """A part of what was paid that is not paid back, in euros, with its cause and its articles."""

    cause: Cause
    label: str
    article: str
    amount: Decimal


class Chain:
    """The explanation as it is written: each step starts where the one before ended."""

    def __init__(self, amount: Decimal) -> None:
        self.amount = cents(amount)
        self.steps: list[Step] = []

    def add(
        self, cause: Cause, label: str, article: str, after: Decimal, *, parameter: str = "", version: str = ""
    ) -> None:
        """Write a step that leads to an amount, rounded half up to the cent."""
        after = cents(after)
        self.steps.append(Step(label, article, self.amount, after, parameter, version, cause.value))
        self.amount = after


def causes(refund: Refund) -> tuple[Cut, ...]:
    """Return why what was paid is not paid back, cause by cause: the amounts add up exactly to the difference."""
    amounts: dict[Cause, Decimal] = {}
    articles: dict[Cause, list[str]] = {}
    for step in refund.steps:
        if step.before != step.after:
            cause = Cause(step.cause)
            amounts[cause] = amounts.get(cause, Decimal(0)) + step.before - step.after
            articles.setdefault(cause, []).append(step.article)
    return tuple(
        Cut(cause, cause.label, " ; ".join(dict.fromkeys(articles[cause])), amount) for cause, amount in amounts.items()
    )
