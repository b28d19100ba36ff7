"""Why the patient share is removed, by which article, for which care and on which dates."""

from datetime import date, timedelta
from typing import NamedTuple

from escale.rules import parameters
from escale.rules.acts import Act
from escale.rules.deadlines import months_after
from escale.rules.intake import Care
from escale.rules.named import Named


class Exemption(Named):
    """Why the patient share is removed (CSS, art. L. 160-9, L. 160-14 and R. 761-17)."""

    LONG_ILLNESS = "long_illness", "Affection de longue durée"
    OFF_LIST_ILLNESS = "off_list_illness", "Affection grave hors liste"
    MATERNITY = "maternity", "Maternité"
    NEWBORN = "newborn", "Nouveau-né"
    INVALIDITY = "invalidity", "Pension d’invalidité"
    DISABLED_CHILD = "disabled_child", "Enfant ou adolescent handicapé"
    INFERTILITY = "infertility", "Diagnostic et traitement de l’infertilité"
    FERTILITY = "fertility", "Assistance médicale à la procréation"
    TERMINATION = "termination", "Interruption volontaire de grossesse"
    CONTRACEPTION = "contraception", "Contraception, jeune assuré"
    DONOR = "donor", "Don d’éléments ou de produits du corps humain"
    MISTREATED_MINOR = "mistreated_minor", "Soins consécutifs à des sévices subis par un mineur"
    PREVENTION = "prevention", "Examen ou consultation de prévention"
    RESCUE = "rescue", "Transport demandé par le service d’aide médicale urgente"
    URGENT_TRANSPORT = "urgent_transport", "Transport d’urgence avant une hospitalisation pour acte lourd"
    PROSTHESIS = "prosthesis", "Prothèse oculaire ou faciale, orthoprothèse, véhicule pour handicapé"
    BLOOD = "blood", "Sang, plasma, lait humain"


class _Terms(NamedTuple):
    article: str
    cares: frozenset[Care] | None = None
    """Only for this care; None: for all."""
    keeps_minor_drugs: bool = False
    """Medicines of moderate or minor benefit keep their share (R. 160-18)."""


_TRANSPORT = frozenset({Care.TRANSPORT})
_TERMS = {
    Exemption.LONG_ILLNESS:     _Terms("CSS, art. L. 160-14, 3°, R. 160-11 et R. 761-17, 3°"),
    Exemption.OFF_LIST_ILLNESS: _Terms("CSS, art. L. 160-14, 4°, R. 160-12 et R. 761-17, al. 6"),
    Exemption.MATERNITY:        _Terms("CSS, art. L. 160-9 et D. 160-3"),
    Exemption.NEWBORN:          _Terms("CSS, art. R. 160-17, I, 1°", None, True),
    Exemption.INVALIDITY:       _Terms("CSS, art. R. 160-10 et R. 761-17, al. 7", None, True),
    Exemption.DISABLED_CHILD:   _Terms("CSS, art. L. 160-14, 6° et R. 761-17, 4°", _TRANSPORT),
    Exemption.INFERTILITY:      _Terms("CSS, art. R. 160-17, I, 2°", None, True),
    Exemption.FERTILITY:        _Terms("CSS, art. R. 160-17, I, 9°", None, True),
    Exemption.TERMINATION:      _Terms("CSS, art. R. 160-17, I, 4°", None, True),
    Exemption.CONTRACEPTION:    _Terms("CSS, art. R. 160-17, I, 5°", None, True),
    Exemption.DONOR:            _Terms("CSS, art. R. 160-17, I, 3°", None, True),
    Exemption.MISTREATED_MINOR: _Terms("CSS, art. R. 160-17, II"),
    Exemption.PREVENTION:       _Terms("CSS, art. R. 160-17, I, 7° et 8°", None, True),
    Exemption.RESCUE:           _Terms("CSS, art. R. 160-17, I, 10°", _TRANSPORT),
    Exemption.URGENT_TRANSPORT: _Terms("CSS, art. R. 160-16, II, 2", _TRANSPORT),
    Exemption.PROSTHESIS:       _Terms("CSS, art. R. 160-16, V, 1", frozenset({Care.DEVICE})),
    Exemption.BLOOD:            _Terms("CSS, art. R. 160-16, V, 2", None, True),
}  # fmt: skip

# Of the lump sum of an emergency visit (L. 160-13, I): who does not pay it, who pays the reduced one.
FREE_EMERGENCY = frozenset({
    Exemption.MATERNITY, Exemption.NEWBORN, Exemption.INVALIDITY, Exemption.DONOR, Exemption.MISTREATED_MINOR,
})  # fmt: skip
REDUCED_EMERGENCY = frozenset({Exemption.LONG_ILLNESS, Exemption.OFF_LIST_ILLNESS})
# The daily charge of a stay is not theirs (L. 174-4).
FREE_DAYS = frozenset({Exemption.MATERNITY, Exemption.NEWBORN, Exemption.DONOR})
# An emergency journey bears no franchise (L. 160-13, III, 3°).
NO_FRANCHISE = frozenset({Exemption.RESCUE, Exemption.URGENT_TRANSPORT})


def article(exemption: Exemption) -> str:
    """Return the articles of an exemption."""
    return _TERMS[exemption].article


def covers(exemption: Exemption | None, act: Act) -> bool:
    """Tell whether an exemption removes the share of this act (CSS, art. L. 160-14, R. 160-18)."""
    if exemption is None:
        return False
    terms = _TERMS[exemption]
    if terms.keeps_minor_drugs and act.care is Care.PHARMACY and act.drugs in ("moderate", "minor"):
        return False
    return terms.cares is None or act.care in terms.cares


def in_maternity(given_on: date, *, expected_on: date, delivered_on: date | None) -> bool:
    """Tell whether maternity insurance bears all care of a day (CSS, art. L. 160-9 and D. 160-3).

    From four months before the expected birth, or the birth if it comes sooner, to twelve days after it.
    """
    begins_on = months_after(expected_on, -int(parameters.value("maternity_months_before", on=given_on)))
    born_on = delivered_on or expected_on
    lasts = timedelta(days=int(parameters.value("maternity_days_after", on=given_on)))
    return min(begins_on, born_on) <= given_on <= born_on + lasts


def is_newborn(given_on: date, *, born_on: date) -> bool:
    """Tell whether a day lies in the days after birth that the law counts (CSS, art. R. 160-17, I, 1°)."""
    return timedelta(0) <= given_on - born_on <= timedelta(days=int(parameters.value("newborn_days", on=given_on)))


def is_too_old_for_newborn(given_on: date, *, years: int, days: int | None) -> bool:
    """Tell whether a person of an age, in years and in days where known, is no newborn any more on a day."""
    last = newborn_days(given_on)
    return years > 0 or (days is not None and last is not None and days > last)


def newborn_days(on: date) -> int | None:
    """Return the days after birth that the law counts (CSS, art. R. 160-17, I, 1°), None before it counted them."""
    try:
        return int(parameters.value("newborn_days", on=on))
    except parameters.Unknown:
        return None
