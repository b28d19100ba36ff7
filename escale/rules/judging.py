"""What a person still has to judge before a line may be paid: what the law leaves open, or what nobody said."""

from escale.rules import exemptions, parameters
from escale.rules.acts import Act
from escale.rules.care_line import CareLine
from escale.rules.exemptions import Exemption
from escale.rules.limits import needs_authorisation
from escale.rules.scope import RuleSet

DAYS_UNKNOWN = (
    "Plusieurs actes sur une ligne : dites sur combien de jours ils ont été donnés, car la participation forfaitaire "
    "et la franchise se comptent par jour (CSS, art. D. 160-8 et D. 160-11)."
)


def notes(line: CareLine, act: Act) -> tuple[str, ...]:
    """Return, in French, what a person still has to judge before a line may be paid."""
    return (*_of_the_stay(line), *_of_the_exemption(line, act))


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
