"""Which patient share each kind of care bears, abroad and in France, and by which article."""

from typing import NamedTuple

from escale.rules.acts import Act
from escale.rules.intake import Care
from escale.rules.scope import RuleSet


class Share(NamedTuple):
    """A patient share: the parameter that holds its percentage, and its article."""

    name: str
    article: str


_PRACTITIONERS = Share("share_abroad_practitioners", "CSS, art. R. 761-16, 1°")
_AUXILIARIES = Share("share_abroad_auxiliaries", "CSS, art. R. 761-16, 1°")
_REST = Share("share_abroad_other", "CSS, art. R. 761-16, 2°")
_HOSPITAL = Share("share_hospital", "CSS, art. R. 761-16 et L. 160-13")
_DOCTORS = Share("share_france_doctors", "CSS, art. R. 160-5, 3°")
_DENTISTS = Share("share_france_dentists", "CSS, art. R. 160-5, 3° bis")
_AUXILIARIES_IN_FRANCE = Share("share_france_auxiliaries", "CSS, art. R. 160-5, 4°")

# Kind of care: abroad (R. 761-16), in France (R. 160-5), paragraph of R. 761-18 that fixes its limit.
_SHARES: dict[Care, tuple[Share, Share, int]] = {
    Care.GENERALIST:    (_PRACTITIONERS, _DOCTORS, 1),
    Care.SPECIALIST:    (_PRACTITIONERS, _DOCTORS, 1),
    Care.MIDWIFE:       (_PRACTITIONERS, _DOCTORS, 1),
    Care.MATERNITY:     (_PRACTITIONERS, _DOCTORS, 1),
    Care.FERTILITY:     (_PRACTITIONERS, _DOCTORS, 1),
    Care.IMAGING:       (_PRACTITIONERS, _DOCTORS, 1),
    Care.HEAVY_IMAGING: (_PRACTITIONERS, _DOCTORS, 1),
    Care.DENTAL:        (_PRACTITIONERS, _DENTISTS, 1),
    Care.DENTURE:       (_PRACTITIONERS, _DENTISTS, 1),
    Care.ORTHODONTICS:  (_PRACTITIONERS, _DENTISTS, 1),
    Care.NURSE:         (_AUXILIARIES, _AUXILIARIES_IN_FRANCE, 1),
    Care.PHYSIOTHERAPY: (_AUXILIARIES, _AUXILIARIES_IN_FRANCE, 1),
    Care.AUXILIARY:     (_AUXILIARIES, _AUXILIARIES_IN_FRANCE, 1),
    Care.BIOLOGY:       (_REST, Share("share_france_biology", "CSS, art. R. 160-5, 5°"), 1),
    Care.PHARMACY:      (_REST, Share("share_france_drugs_major", "CSS, art. R. 160-5, 11°"), 2),
    Care.VACCINE:       (_REST, Share("share_france_drugs_major", "CSS, art. R. 160-5, 11°"), 2),
    Care.DEVICE:        (_REST, Share("share_france_devices", "CSS, art. R. 160-5, 8°"), 3),
    Care.HOSPITAL:      (_HOSPITAL, _HOSPITAL, 4),
    Care.THERMAL:       (_REST, Share("share_france_thermal", "CSS, art. R. 160-5, 10°"), 4),
    Care.TRANSPORT:     (_REST, Share("share_france_transport", "CSS, art. R. 160-5, 9°"), 5),
    Care.OTHER:         (_REST, Share("share_france_other", "CSS, art. R. 160-5, 11°"), 1),
}  # fmt: skip

_DRUGS = {
    "full": Share("share_france_drugs_full", "CSS, art. R. 160-7"),
    "moderate": Share("share_france_drugs_moderate", "CSS, art. R. 160-5, 6°"),
    "minor": Share("share_france_drugs_minor", "CSS, art. R. 160-5, 14°"),
}

_PRIVATE_LIMITS = {
    RuleSet.PRIVATE_EU: "CSS, art. R. 160-1",
    RuleSet.PRIVATE_WORLD: "CSS, art. R. 160-4, al. 1",
    RuleSet.PLANNED: "CSS, art. R. 160-2 et R. 160-4",
}


def share_abroad(act: Act) -> Share:
    """Return the share of soldiers in service or on a mission (CSS, art. R. 761-16)."""
    return _SHARES[act.care][0]


def share_in_france(act: Act) -> Share:
    """Return the share had the care been given in France (CSS, art. R. 160-5)."""
    if act.care is Care.PHARMACY and act.drugs in _DRUGS:
        return _DRUGS[act.drugs]
    return _SHARES[act.care][1]


def limit_article(care: Care, rule_set: RuleSet) -> str:
    """Return the article that limits the expense to the French tariff."""
    return _PRIVATE_LIMITS.get(rule_set) or f"CSS, art. R. 761-18, {_SHARES[care][2]}°"
