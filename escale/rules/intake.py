"""What a claim must hold: the kinds of care, and the papers each asks for according to place and stay."""

from collections.abc import Iterable, Set
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

from escale.rules import parameters, stays
from escale.rules.named import Named
from escale.rules.parameters import laid_over
from escale.rules.stays import Category, Kind, Stay, Terms
from escale.rules.territories import Zone


class Care(Named):
    """Kinds of care, as an insured person tells them apart."""

    GENERALIST = "generalist", "Consultation d’un médecin généraliste"
    SPECIALIST = "specialist", "Consultation ou acte d’un médecin spécialiste"
    MIDWIFE = "midwife", "Sage-femme"
    DENTAL = "dental", "Soins dentaires"
    DENTURE = "denture", "Prothèse dentaire"
    ORTHODONTICS = "orthodontics", "Orthodontie"
    NURSE = "nurse", "Soins infirmiers"
    PHYSIOTHERAPY = "physiotherapy", "Kinésithérapie"
    AUXILIARY = "auxiliary", "Orthophonie, orthoptie, pédicurie-podologie"
    BIOLOGY = "biology", "Analyses de biologie médicale"
    IMAGING = "imaging", "Radiographie, échographie"
    HEAVY_IMAGING = "heavy_imaging", "Scanner, IRM, scintigraphie, TEP"
    PHARMACY = "pharmacy", "Médicaments"
    VACCINE = "vaccine", "Vaccins"
    DEVICE = "device", "Optique, appareillage, petit matériel médical"
    HOSPITAL = "hospital", "Hospitalisation"
    TRANSPORT = "transport", "Transport sanitaire"
    MATERNITY = "maternity", "Suivi de grossesse, accouchement"
    FERTILITY = "fertility", "Assistance médicale à la procréation"
    THERMAL = "thermal", "Cure thermale"
    OTHER = "other", "Autre soin"


@dataclass(frozen=True, slots=True)
class Paper:
    """A supporting document: `label` names it, `why` tells the insured person what it must show, both in French."""

    code: str
    label: str
    why: str
    mandatory: bool
    per_bill: bool = False
    medical: bool = False
    """Only physicians read it, whatever the sender ticks (CSP, art. L. 1110-4)."""
    article: str = ""


def papers(
    *,
    zone: Zone,
    stay: Stay,
    cares: Set[Care],
    on: date,
    category: Category = Category.ACTIVE,
    opex: bool = False,
    accident: bool = False,
    panoramic: bool = False,
    control: bool = False,
    language: str = "",
) -> tuple[Paper, ...]:
    """Return the papers of a claim sent on a date, mandatory ones first (CSS, art. R. 761-20; R. 160-1 to R. 160-4).

    `category`: who was cared for. `opex`: the mission is an operation. What is known beside: an `accident`, a
    `panoramic` dental image on a bill, a `control` that wants the consul's visa, the `language` of the bills
    (ISO 639-1; empty: not known).
    """
    kind = Kind.OPEX if opex and stay is Stay.MISSION else Kind(stay.value)
    terms = stays.terms(kind=kind, zone=zone, category=category, long=False, on=on)
    told = {"accident": accident, "panoramic": panoramic, "control": control}
    facts = {name for name, holds in told.items() if holds}
    facts.add("language_unknown" if not language else "" if reads(language, on=on) else "untranslated")
    asked = []
    for key in _papers():
        row = _row(key, on)
        met = next((one for one in row.get("when", ()) if _holds(one, key, terms, stay, category, cares, facts)), None)
        if met:
            asked.append(_paper(key, row, on, mandatory=_asks(met["mandatory"], on)))
    return tuple(sorted(asked, key=lambda paper: not paper.mandatory))


def paper(key: str, *, on: date) -> Paper:
    """Return a paper of the table as it stood on a date, asked or not; raises KeyError."""
    return _paper(key, _row(key, on), on, mandatory=False)


def catalogue(*, on: date) -> tuple[Paper, ...]:
    """Return all the papers that a claim may be asked for on a date, whatever its place and its care."""
    rows = {key: _row(key, on) for key in _papers()}
    return tuple(_paper(key, row, on, mandatory=False) for key, row in rows.items() if row.get("when"))


def missing(*, papers: Iterable[Paper], provided: Set[str]) -> tuple[Paper, ...]:
    """Return the mandatory papers whose code is not among those provided."""
    return tuple(paper for paper in papers if paper.mandatory and paper.code not in provided)


def is_medical(code: str) -> bool:
    """Tell whether only physicians may read such a paper, whether or not it was asked for."""
    return any(row.get("medical", False) and row.get("code", key) == code for key, row in _papers().items())


def reads(language: str, *, on: date) -> bool:
    """Tell whether the Fund reads a language (ISO 639-1) without a translation (CSS, art. R. 761-20, al. 4)."""
    return language in _accepted(on)


def languages_read(*, on: date) -> tuple[str, ...]:
    """Return the French names of the languages that the Fund reads without a translation."""
    names = parameters.table("languages")["names"]
    return tuple(names.get(language, language) for language in _accepted(on))


def _accepted(on: date) -> tuple[str, ...]:
    row = parameters.current(laid_over("language", "accepted", parameters.table("languages")["accepted"]), on=on)
    return tuple(row["languages"]) if row else ()


@cache
def _papers() -> dict[str, dict[str, Any]]:
    return {row["key"]: row for row in parameters.table("papers")["papers"]}


def _row(key: str, on: date) -> dict[str, Any]:
    """Return a paper on a date: a dated row, then the edition's, change only what they say."""
    row = _papers()[key]
    dated = parameters.current(row.get("rows", ()), on=on) or {}
    return {**row, **dated, **(parameters.current(laid_over("paper", key, ()), on=on) or {})}


def _holds(
    when: dict[str, Any], key: str, terms: Terms, stay: Stay, category: Category, cares: Set[Care], facts: Set[str]
) -> bool:
    """Tell whether a condition holds: every part that it names does."""
    return (
        (not when.get("right") or key in terms.documents)
        and ("cerfa" not in when or terms.cerfa in when["cerfa"])
        and ("rule_set" not in when or terms.rule_set in when["rule_set"])
        and ("authorisation" not in when or terms.authorisation in when["authorisation"])
        and ("stay" not in when or stay in when["stay"])
        and ("category" not in when or category in when["category"])
        and ("care" not in when or any(care in cares for care in when["care"]))
        and ("fact" not in when or when["fact"] in facts)
    )


def _asks(mandatory: bool | str, on: date) -> bool:
    """Return whether a condition makes its paper mandatory: it says so, or names the figure that does."""
    return mandatory if isinstance(mandatory, bool) else bool(parameters.value(mandatory, on=on))


def _paper(key: str, row: dict[str, Any], on: date, *, mandatory: bool) -> Paper:
    return Paper(
        code=row.get("code", key),
        label=row["label"],
        why=row["why"].format(languages=_listed(languages_read(on=on))),
        mandatory=mandatory,
        per_bill=row.get("per_bill", False),
        medical=row.get("medical", False),
        article=row.get("article", ""),
    )


def _listed(names: tuple[str, ...]) -> str:
    """Return words as a French sentence lists them: « français, anglais ou espagnol »."""
    *first, last = names or ("français",)
    return f"{', '.join(first)} ou {last}" if first else last
