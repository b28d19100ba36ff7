"""What a line of care cannot be: told at the field that is wrong, in French, before anything is computed."""

from collections.abc import Iterator
from dataclasses import fields
from decimal import Decimal

from escale.rules import exemptions, parameters
from escale.rules.acts import Act
from escale.rules.care_line import CareLine, Choice, gives_choice
from escale.rules.exemptions import Exemption
from escale.rules.intake import Care

_VISIT_OR_STAY = (
    "Un passage aux urgences compte ici s’il n’est pas suivi d’une hospitalisation : retenez l’un ou l’autre."
)
_TOO_OLD = "Plus de trente jours après la naissance, l’exonération du nouveau-né ne joue plus (R. 160-17, I, 1°)."
_IN_TOWN = (
    "L’exonération du nouveau-né vaut pour son hospitalisation et les soins donnés dans un établissement de santé "
    "(R. 160-17, I, 1°)."
)


class Impossible(ValueError):
    """A line that cannot be: `field` names what is wrong of the `CareLine`, the message is a French sentence."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message)
        self.field = field


def check(line: CareLine, act: Act) -> None:
    """Raise Impossible for the first thing that cannot be of a line."""
    for field, message in faults(line, act):
        raise Impossible(field, message)


def faults(line: CareLine, act: Act) -> Iterator[tuple[str, str]]:
    """Yield what cannot be of a line: the field, and why in French; `act` is that which the line names."""
    yield from _numbers(line)
    if (line.stated_tariff is not None or line.decided_eur is not None) and not line.stated_reason.strip():
        yield "stated_reason", "Un tarif retenu ou un montant décidé demande un motif."
    if line.choice is Choice.STATE_OF_STAY and not gives_choice(line.rule_set, european=bool(line.european)):
        message = "Les tarifs de l’État de séjour ne se choisissent que pour un séjour privé en Europe (R. 160-1)."
        yield "choice", message
    if act.care is not line.care:
        told = f"« {act.label} » relève de « {act.care.label} », non de « {line.care.label} » : accordez les deux."
        yield "care", told
    if act.under and line.patient_age >= act.under:
        told = f"« {act.label} » : la personne soignée avait {line.patient_age} ans, choisissez un autre acte."
        yield "act_code", told
    yield from _emergency(line)
    yield from _exemption(line, act)


def _numbers(line: CareLine) -> Iterator[tuple[str, str]]:
    for one in fields(line):
        value = getattr(line, one.name)
        if one.name == "january_age":  # before the birth, for who was born in the year
            continue
        if isinstance(value, Decimal | int) and not isinstance(value, bool) and value < 0:
            yield one.name, "Un montant ou un nombre n’est jamais négatif."
    if line.quantity < 1:
        yield "quantity", "Une ligne a au moins un acte."
    if line.days is not None and not 1 <= line.days <= line.quantity:
        yield "days", "Des actes tiennent en un jour au moins, et en autant de jours qu’il y a d’actes au plus."


def _emergency(line: CareLine) -> Iterator[tuple[str, str]]:
    if line.emergency and (line.hospital_days or line.in_hospital):
        yield "emergency", _VISIT_OR_STAY


def _exemption(line: CareLine, act: Act) -> Iterator[tuple[str, str]]:
    if line.exemption is Exemption.CONTRACEPTION:
        until = parameters.value("contraception_age", on=line.given_on)
        if line.patient_age >= until:
            yield "exemption", f"La contraception n’est sans participation que jusqu’à {until} ans (R. 160-17, I, 5°)."
    if line.exemption is not Exemption.NEWBORN:
        return
    if exemptions.is_too_old_for_newborn(line.given_on, years=line.patient_age, days=line.patient_days):
        yield "exemption", _TOO_OLD
    if not (act.care is Care.HOSPITAL or line.in_hospital or line.emergency):
        yield "exemption", _IN_TOWN
