"""What a person still has to judge before a line may be paid: what the law leaves open, or what nobody said."""

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal

from escale.rules import exemptions, parameters
from escale.rules.acts import Act
from escale.rules.care_line import CareLine, Choice
from escale.rules.exemptions import Exemption
from escale.rules.limits import needs_authorisation, unit_tariff
from escale.rules.scope import RuleSet
from escale.rules.shares import MAY_BE_HEAVY, is_heavy

DAYS_UNKNOWN = (
    "Plusieurs actes sur une ligne : dites sur combien de jours ils ont été donnés, car la participation forfaitaire "
    "et la franchise se comptent par jour (CSS, art. D. 160-8 et D. 160-11)."
)

_CUMULATED = (
    "Actes cumulés : faits dans le même temps par le même praticien, ils atteignent ensemble le tarif d’un acte lourd. "
    "Dites-le s’ils l’ont été (CSS, art. R. 160-16, I, avant-dernier al.)."
)
_HALF = (
    "Plusieurs actes de la CCAM le même jour, par le même praticien : le second n’a souvent que moitié de son tarif. "
    "Vérifiez le tarif à retenir."
)
_CCAM = re.compile(r"[A-Z]{4}\d{3}")


def notes(line: CareLine, act: Act) -> tuple[str, ...]:
    """Return, in French, what a person still has to judge before a line may be paid."""
    return (*_of_the_stay(line), *_of_the_exemption(line, act))


def together(lines: Sequence[tuple[CareLine, Act]]) -> list[tuple[str, ...]]:
    """Return, for each line worked out by a French tariff, what acts of one day and one practitioner leave to judge."""
    found: list[tuple[str, ...]] = []
    for line, act in lines:
        beside = [(other, its) for other, its in lines if _same_visit(line, other)]
        found.append(tuple(_of_acts_together(line, act, beside)))
    return found


def _of_acts_together(line: CareLine, act: Act, beside: list[tuple[CareLine, Act]]) -> Iterator[str]:
    if line.choice is not Choice.FRENCH:
        return
    if _cumulates(line, act) and not is_heavy(line, act, unit_tariff(line, act)):
        acts = [(_at_once(other), unit_tariff(other, its)) for other, its in beside if _cumulates(other, its)]
        total = sum((count * unit for count, unit in acts), Decimal(0))
        threshold = parameters.value("heavy_act_threshold", on=line.given_on)
        if sum(count for count, _unit in acts) > 1 and total >= threshold:
            yield _CUMULATED
    if _CCAM.fullmatch(act.code) and sum(_at_once(other) for other, its in beside if _CCAM.fullmatch(its.code)) > 1:
        yield _HALF


def _same_visit(line: CareLine, other: CareLine) -> bool:
    """Tell whether two lines may be of one visit: the provider may not be known."""
    return (line.given_on, line.provider, line.choice) == (other.given_on, other.provider, other.choice)


def _at_once(line: CareLine) -> int:
    """Return how many acts of a line fall on one day, at most."""
    return -(-line.quantity // (line.days or 1))


def _cumulates(line: CareLine, act: Act) -> bool:
    """Tell whether the tariff of an act may add up with others to that of a heavy act (CSS, art. R. 160-16, I)."""
    apart = line.in_hospital or line.emergency or exemptions.covers(line.exemption, act)
    return act.care in MAY_BE_HEAVY and not apart


def _of_the_stay(line: CareLine) -> list[str]:
    told = []
    if line.rule_set is RuleSet.PRIVATE_WORLD:
        told.append("La Caisse peut rembourser ces soins, sans y être tenue (CSS, art. R. 160-4, al. 1).")
        if line.unforeseen is None:
            told.append("Le caractère inopiné des soins est à apprécier.")
    if line.rule_set is RuleSet.PLANNED and needs_authorisation(line):
        if not line.european:
            told.append("La Caisse peut rembourser ces soins à titre exceptionnel (CSS, art. R. 160-4, al. 3).")
        if line.authorised is None:
            told.append("L’autorisation ou l’avis du contrôle médical est à vérifier.")
    return told


def _of_the_exemption(line: CareLine, act: Act) -> list[str]:
    if not exemptions.covers(line.exemption, act):
        return []
    if line.exemption is Exemption.NEWBORN and _outlasts(line):
        return [
            "L’exonération du nouveau-né vaut jusqu’au trentième jour après la naissance : vérifiez pour quels jours "
            "du séjour elle joue (CSS, art. R. 160-17, I, 1°)."
        ]
    of_age = line.patient_age >= parameters.value("majority_age", on=line.given_on)
    if line.exemption is Exemption.MISTREATED_MINOR and of_age:
        return ["Vérifiez que les sévices remontent à la minorité, et l’avis du contrôle médical (R. 160-17, II)."]
    return []


def _outlasts(line: CareLine) -> bool:
    """Tell whether a newborn's stay may go beyond the days that the law counts after the birth."""
    last = exemptions.newborn_days(line.given_on)
    if not line.hospital_days:
        return False
    return last is None or line.patient_days is None or line.patient_days + line.hospital_days - 1 > last
