"""How a decision is contested: before whom, within what delay, by where the person lives; else no delay runs."""

from datetime import date

from escale.rules import deadlines, parameters
from escale.rules.deadlines import Residence
from escale.rules.recourse import COMMISSION, FUND
from escale.rules.refusal import Appeal

MEDICAL_COMMISSION = (
    f"Commission médicale de recours amiable, {FUND.address}, sous pli fermé portant la mention « secret médical »"
)

OF_PHYSICIANS = (
    "Si le désaccord porte sur un avis médical, c’est la commission médicale de recours amiable qui en connaît (CSS, "
    "art. R. 142-8) : le courrier de décision dit comment."
)
"""What is added on a page to the ways of `recourse.appeal`, and in no e-mail."""


def ways(*, appeals: frozenset[Appeal], residence: Residence, on: date, discretionary: bool = False) -> tuple[str, ...]:
    """Return, in French, each way to contest a decision of a day, and its delay (CSS, art. R. 142-1-A, III).

    `appeals`: the commissions that what was refused is for; both are told if both are, and if nothing was.
    `discretionary`: the Fund was free to pay nothing (CSS, art. R. 160-4): whether a commission hears it is a figure.
    """
    months = deadlines.appeal_months(residence, on=on)
    if discretionary and not parameters.value("unforeseen_abroad_appeal", on=on):
        return (_straight_to_court(residence, on),)
    told = []
    if Appeal.AMICABLE in appeals or not appeals:
        told.append(_before(
            "la commission de recours amiable", months, COMMISSION,
            f"son silence pendant {_months('silence_appeal_months', on)} vaut rejet (CSS, art. R. 142-1 et R. 142-6)",
        ))  # fmt: skip
    if Appeal.MEDICAL in appeals:
        told.append("Pour ce qui repose sur un avis médical, " + _lower(_before(
            "la commission médicale de recours amiable", months, MEDICAL_COMMISSION,
            f"son silence pendant {_months('silence_medical_appeal_months', on)} vaut rejet (CSS, art. R. 142-8, "
            "R. 142-8-5 et R. 711-21). Son avis s’impose à la Caisse",
        )))  # fmt: skip
    if len(appeals) > 1:
        told.append(
            "Un même recours peut porter sur les deux points : adressez-le à la commission de recours amiable, qui "
            f"attend alors l’avis médical ; son silence pendant {_months('silence_mixed_appeal_months', on)} vaut "
            "rejet (CSS, art. R. 142-9-1)."
        )
    told.append(_then_to_court(residence, on))
    return tuple(told)


def _before(commission: str, months: int, address: str, silence: str) -> str:
    return (
        f"Vous pouvez saisir {commission} dans un délai de {months} mois : en ligne, depuis cette demande dans votre "
        f"compte, ou par lettre à l’adresse suivante : {address}. Joignez une copie de cette décision ; {silence}."
    )


def _lower(sentence: str) -> str:
    return sentence[0].lower() + sentence[1:]


def _then_to_court(residence: Residence, on: date) -> str:
    return (
        f"Si votre recours est rejeté, ou sans réponse, vous pouvez saisir {_court(residence)} dans un délai de "
        f"{_months('court_months', on)} (CSS, art. R. 142-1-A, III et R. 142-10)."
    )


def _straight_to_court(residence: Residence, on: date) -> str:
    return (
        "La Caisse peut rembourser les soins d’un séjour occasionnel hors d’Europe, sans y être tenue (CSS, art. "
        f"R. 160-4) : aucune commission n’en connaît. Vous pouvez saisir {_court(residence)} dans un délai de "
        f"{_months('court_months', on)} (CSS, art. R. 142-1-A, III et R. 142-10)."
    )


def _court(residence: Residence) -> str:
    place = "de Toulon" if residence is Residence.ABROAD else "de votre domicile"
    return f"le tribunal judiciaire {place}, pôle social"


def _months(name: str, on: date) -> str:
    return f"{parameters.value(name, on=on):f} mois"
