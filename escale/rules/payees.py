"""Whom a benefit is paid to: the insured person, whoever bore the cost for a child, a guardian, or nobody yet."""

from dataclasses import dataclass

from escale.rules.named import Named


class Protection(Named):
    """A measure of the judge for an adult (Code civil, art. 440), by what it changes of a payment."""

    ASSISTED = "assisted", "Curatelle"
    ASSISTED_CLOSELY = "assisted_closely", "Curatelle renforcée"
    REPRESENTED = "represented", "Tutelle"


class Payee(Named):
    """Whose account is paid."""

    INSURED = "insured", "Assuré"
    OTHER_PARENT = "other_parent", "Autre parent, qui a supporté la dépense"
    MEASURE = "measure", "Compte de la mesure de protection"
    PERSON = "person", "À déterminer par une personne"


_DIRECTLY = "CSS, art. R. 761-19, al. 3"


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of whom a payment concerns; None where nobody knows.

    `oneself`: whether it is for the insured person's own care; `age`: of whose care it is, in years, on the day of
    payment; `separated`: whether the parents are; `borne_by_other`: whether the other parent bore the cost.
    """

    oneself: bool
    age: int
    died: bool = False
    protection: Protection | None = None
    separated: bool = False
    borne_by_other: bool | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """Whose account is paid, on which ground, and what a person has to do first, if anything; all in French."""

    payee: Payee
    ground: str
    to_do: str = ""


def payee(facts: Facts, *, majority: int) -> Answer:
    """
    Return whom a benefit is paid to; `majority` is in years.

    CSS, art. R. 761-19, al. 3 (paid to the insured person) and L. 161-15 (separated parent); Code civil, art. 467 s.
    (guardians) and 724 s. (heirs).
    """
    if facts.died:
        return Answer(
            Payee.PERSON,
            "Code civil, art. 724 et 730",
            "L’assuré est décédé : la somme revient à la succession. Demandez au notaire, ou aux héritiers, "
            "l’attestation qui dit qui la reçoit et sur quel compte.",
        )
    if facts.protection in {Protection.REPRESENTED, Protection.ASSISTED_CLOSELY}:
        return Answer(
            Payee.MEASURE,
            "Code civil, art. 472 et 503",
            "L’assuré est protégé par un jugement : vérifiez que le compte enregistré est celui de la mesure.",
        )
    child = not facts.oneself and facts.age < majority
    return _of_child(facts) if child and facts.separated else Answer(Payee.INSURED, _DIRECTLY)


def _of_child(facts: Facts) -> Answer:
    if facts.borne_by_other is False:
        return Answer(Payee.INSURED, _DIRECTLY)
    if facts.borne_by_other:
        return Answer(
            Payee.OTHER_PARENT,
            "CSS, art. L. 161-15",
            "Les parents sont séparés et l’autre parent a payé : demandez-lui son compte et la preuve de sa dépense.",
        )
    return Answer(
        Payee.PERSON,
        "CSS, art. L. 161-15",
        "Les parents sont séparés : demandez lequel des deux a payé ces soins avant d’ordonner.",
    )
