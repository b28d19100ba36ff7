"""Which patient share each kind of care bears, abroad and in France, and by which article."""

from decimal import Decimal
from fractions import Fraction
from typing import NamedTuple

from escale.rules import exemptions, parameters
from escale.rules.acts import Act
from escale.rules.care_line import CareLine
from escale.rules.currency import cents, written
from escale.rules.intake import Care
from escale.rules.scope import RuleSet

_NOTHING = Decimal(0)
_HUNDRED = Decimal(100)


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
    "full": Share("share_france_drugs_full", "CSS, art. R. 160-8"),
    "moderate": Share("share_france_drugs_moderate", "CSS, art. R. 160-5, 6°"),
    "minor": Share("share_france_drugs_minor", "CSS, art. R. 160-5, 14°"),
}

_PRIVATE_LIMITS = {
    RuleSet.PRIVATE_EU: "CSS, art. R. 160-1",
    RuleSet.PRIVATE_WORLD: "CSS, art. R. 160-4, al. 1",
    RuleSet.PLANNED: "CSS, art. R. 160-2 et R. 160-4",
}

# Acts of the list of R. 162-52 that may be heavy ones; denture, biology and the rest never are (R. 160-16, IV).
MAY_BE_HEAVY = frozenset({Care.GENERALIST, Care.SPECIALIST, Care.MIDWIFE, Care.DENTAL, Care.MATERNITY, Care.FERTILITY})
_IMAGING = frozenset({Care.IMAGING, Care.HEAVY_IMAGING})


class Borne(NamedTuple):
    """What the patient bears of a base, in euros, and why; `heavy`: at most the lump sum of heavy acts."""

    amount: Decimal
    label: str
    article: str
    parameter: str = ""
    version: str = ""
    verified: bool = True
    heavy: bool = False
    percent: Decimal = _NOTHING
    of_days: tuple[Decimal, int] = (Decimal(1), 1)
    """On how many days of a stay the percentage is borne, and how many there are."""
    lump: Decimal | None = None
    """The most that is borne of a heavy act."""
    fixed: Decimal | None = None
    """What is borne whatever the base."""

    @property
    def kept(self) -> Fraction:
        """What is paid of the base, before it is rounded and before any lump sum."""
        return 1 - Fraction(self.percent) / 100 * Fraction(self.of_days[0]) / self.of_days[1]


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


def borne(
    line: CareLine, act: Act, *, base: Decimal, unit: Decimal, abroad: bool, heavy_left: Decimal | None = None
) -> Borne:
    """Return what the patient bears of a base (CSS, art. R. 761-16 and R. 761-17; in France R. 160-5 to R. 160-17).

    `unit`: the tariff of one act, in euros. `heavy_left`: what is left to bear of the lump sum of heavy acts, when
    others of the same consultation have borne some. Raises parameters.Unknown where a figure has no value.
    """
    if line.emergency:
        return _emergency(line, base)
    if line.exemption and exemptions.covers(line.exemption, act):
        return Borne(_NOTHING, f"{line.exemption.label} : pas de participation", exemptions.article(line.exemption))
    if line.heavy and line.in_hospital:
        return Borne(
            _NOTHING, "Séjour pour acte lourd : participation due au titre du séjour", "CSS, art. R. 160-16, I, 2"
        )
    if line.in_hospital and _after_the_last_day(line):
        return Borne(_NOTHING, "Séjour de plus de trente jours : pas de participation", "CSS, art. R. 160-16, V, 3")
    heavy = is_heavy(line, act, unit)
    if heavy and act.care in _IMAGING:
        return Borne(_NOTHING, "Imagerie de tarif élevé : pas de participation", "CSS, art. R. 160-16, II, 1")
    share = _share(line, act, abroad=abroad)
    percent = parameters.figure(share.name, on=line.given_on)
    amount = base * percent.value / _HUNDRED
    of_days = (Decimal(1), 1)
    if act.care is Care.HOSPITAL:
        of_days = (days_borne(line), line.hospital_days)
        amount = amount * of_days[0] / of_days[1]
    amount, limit = _up(base, amount), None
    if heavy:
        lump = parameters.figure("share_heavy_acts", on=line.given_on)
        limit = lump.value if heavy_left is None else heavy_left
        if amount > limit:
            label = f"Participation de l’assuré limitée à {written(lump.value)} : acte lourd"
            if limit < lump.value:
                label = f"Participation déjà supportée pour un autre acte lourd, {written(lump.value)} en tout"
            article = f"CSS, art. R. 160-16, I, {2 if act.care is Care.HOSPITAL else 1}"
            terms = (percent.value, of_days, limit)
            return Borne(limit, label, article, "share_heavy_acts", lump.version, lump.verified, heavy, *terms)
    label = f"Participation de l’assuré : {percent.value} %"
    if of_days[0] < of_days[1]:
        label = f"{label} sur {of_days[0]} jour{'s' if of_days[0] > 1 else ''}, jusqu’au trentième du séjour"
    told = Borne(amount, label, share.article, share.name, percent.version, percent.verified, heavy)
    return told._replace(percent=percent.value, of_days=of_days, lump=limit)


def is_heavy(line: CareLine, act: Act, unit: Decimal) -> bool:
    """Tell whether an act or a stay is heavy: by its tariff, or because an agent says so (CSS, art. R. 160-16)."""
    if line.heavy and (act.care is Care.HOSPITAL or act.care in MAY_BE_HEAVY):
        return True
    if act.care not in MAY_BE_HEAVY and act.care not in _IMAGING:
        return False
    return unit >= parameters.value("heavy_act_threshold", on=line.given_on)


def days_borne(line: CareLine) -> Decimal:
    """Return how many days of a stay bear the share: until the thirtieth (CSS, art. R. 160-16, V, 3)."""
    last = parameters.value("share_hospital_last_day", on=line.given_on)
    return max(_NOTHING, min(Decimal(line.hospital_days), last - line.hospital_days_before))


def _after_the_last_day(line: CareLine) -> bool:
    """Tell whether an act during a stay was given after the last day that bears a share (CSS, art. R. 160-16, V, 3)."""
    return line.hospital_days_before >= parameters.value("share_hospital_last_day", on=line.given_on)


def _share(line: CareLine, act: Act, *, abroad: bool) -> Share:
    if abroad:
        return share_abroad(act)
    if line.in_hospital and act.care is not Care.HOSPITAL:
        return Share(_HOSPITAL.name, "CSS, art. R. 160-5, 1°")
    return share_in_france(act)


def _emergency(line: CareLine, base: Decimal) -> Borne:
    """Return the lump sum of an emergency visit that no stay follows (CSS, art. L. 160-13, I, al. 6)."""
    article = "CSS, art. L. 160-13, I"
    if line.exemption in exemptions.FREE_EMERGENCY:
        return Borne(_NOTHING, f"{line.exemption.label} : pas de forfait pour le passage aux urgences", article)
    name = "emergency_charge_reduced" if line.exemption in exemptions.REDUCED_EMERGENCY else "emergency_charge"
    charge = parameters.figure(name, on=line.given_on)
    label = f"Forfait pour un passage aux urgences : {written(charge.value)}"
    told = Borne(min(base, charge.value), label, article, name, charge.version, charge.verified)
    return told._replace(fixed=charge.value)


def _up(base: Decimal, share: Decimal) -> Decimal:
    """Return the share such that what is left of the base is rounded half up to the cent, once."""
    return base - cents(base - share)
