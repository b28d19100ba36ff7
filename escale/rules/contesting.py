"""How a decision is contested: before whom, within what delay, by where the person lives; else no delay runs."""

from collections.abc import Iterable
from datetime import date

from escale.rules import deadlines, parameters
from escale.rules.deadlines import Residence
from escale.rules.recourse import COMMISSION, FUND
from escale.rules.refusal import Appeal, Reason

MEDICAL_COMMISSION = f"Commission médicale de recours amiable, {FUND.address}"

FROM_READING = (
    "Ces délais courent à partir du jour où vous lisez pour la première fois, dans votre compte, la décision "
    "contestée ; ce jour y est indiqué."
)

_ONLINE = f"en ligne, depuis cette demande dans votre compte, ou par lettre à l’adresse suivante : {COMMISSION}"
_SEALED = (
    "en ligne, depuis cette demande dans votre compte, sans rien y écrire ni y joindre de médical, ou par lettre ; vos "
    "documents médicaux partent par lettre seulement, sous pli fermé portant la mention « secret médical », à "
    f"l’adresse suivante : {MEDICAL_COMMISSION}"
)


def commissions(reasons: Iterable[Reason | None], *, veiled: bool = False) -> frozenset[Appeal]:
    """Return the commissions that hear of lines decided for these reasons, or for none.

    CSS, art. R. 142-1 and R. 142-8. `veiled`: both, since the one that hears a case would tell why it was refused.
    """
    return frozenset(Appeal if veiled else (one.appeal if one else Appeal.AMICABLE for one in reasons))


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
        silence = _silence("silence_appeal_months", on, "CSS, art. R. 142-1 et R. 142-6")
        told.append(_before("la commission de recours amiable", months, _ONLINE, silence))
    if Appeal.MEDICAL in appeals:
        silence = _silence("silence_medical_appeal_months", on, "CSS, art. R. 142-8, R. 142-8-5 et R. 711-21")
        medical = _before("la commission médicale de recours amiable", months, _SEALED, silence)
        told.append(f"Pour ce qui repose sur un avis médical, {_lower(medical)} Son avis s’impose à la Caisse.")
    if len(appeals) > 1:
        told.append(
            "Un même recours peut porter sur les deux points : adressez-le à la commission de recours amiable, qui "
            f"attend alors l’avis médical ; {_silence('silence_mixed_appeal_months', on, 'CSS, art. R. 142-9-1')}."
        )
    told.append(_then_to_court(residence, on))
    return tuple(told)


def _before(commission: str, months: int, how: str, silence: str) -> str:
    return (
        f"Vous pouvez saisir {commission} dans un délai de {months} mois, {how}. Joignez une copie de "
        f"cette décision ; {silence}."
    )


def _silence(name: str, on: date, articles: str) -> str:
    return f"le silence de la commission pendant {_months(name, on)} vaut rejet ({articles})"


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
