"""Whether who FranceConnect names is somebody whom the registry knows: the same person, another, or a doubt."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import NamedTuple

from escale.rules import parameters
from escale.rules.care_line import age
from escale.rules.identity import folded
from escale.rules.pivot import Pivot

FRANCE = "99100"

_COG = re.compile(r"[0-9]{5}|2[AB][0-9]{3}")
_ABROAD = re.compile(r"99[0-9]{3}")
_FIRST_DIGITS = {"male": "137", "female": "248"}


@dataclass(frozen=True, kw_only=True)
class Known:
    """Somebody of the registry; the NIR has its 15 characters, or none where it cannot be read."""

    nir: str
    birth_name: str
    used_name: str
    first_names: str
    born_on: date


class Verdict(StrEnum):
    """What a comparison concludes."""

    SAME = "same"
    OTHER = "other"
    DOUBT = "doubt"


class Comparison(NamedTuple):
    """A verdict, the code of what decided it, and the reason in French."""

    verdict: Verdict
    code: str = ""
    reason: str = "Tout concorde."


class Outcome(StrEnum):
    """What becomes of somebody who comes by FranceConnect for the first time."""

    MATCHED = "matched"
    NOBODY = "nobody"
    SEVERAL = "several"
    DOUBT = "doubt"
    TOO_YOUNG = "too_young"


class Match(NamedTuple):
    """An outcome, the person when it is sure, the code of what decided it, and the reason in French."""

    outcome: Outcome
    known: Known | None
    code: str
    reason: str


def lack(pivot: Pivot) -> Comparison | None:
    """Return what is missing to recognise anybody by this identity, None if nothing is."""
    if not pivot.birth_name:
        return _doubt("name_missing", "Le nom de naissance manque ou ne peut pas être lu.")
    if not pivot.first_names:
        return _doubt("first_name_missing", "Le prénom manque ou ne peut pas être lu.")
    if pivot.born is None:
        return _doubt("date_missing", "La date de naissance manque ou ne peut pas être lue.")
    if pivot.born.full is None:
        return _doubt("date_presumed", "Le jour ou le mois de naissance est inconnu.")
    return None


def compare(pivot: Pivot, known: Known) -> Comparison:
    """Tell whether this identity is that of this person: what contradicts comes first, then what leaves a doubt."""
    found = [comparison for check in _CHECKS if (comparison := check(pivot, known))]
    for verdict in (Verdict.OTHER, Verdict.DOUBT):
        for comparison in found:
            if comparison.verdict == verdict:
                return comparison
    return Comparison(Verdict.SAME)


def _doubt(code: str, reason: str) -> Comparison:
    return Comparison(Verdict.DOUBT, code, reason)


def _other(code: str, reason: str) -> Comparison:
    return Comparison(Verdict.OTHER, code, reason)


def _lack(pivot: Pivot, known: Known) -> Comparison | None:
    return lack(pivot)


def _compare_names(pivot: Pivot, known: Known) -> Comparison | None:
    told, kept = folded(pivot.birth_name or ""), folded(known.birth_name)
    if not told or told == kept:
        return None
    if told == folded(known.used_name):
        return _doubt("name_is_used", "Le nom donné est le nom d’usage du registre, et non le nom de naissance.")
    if _glued(told) == _glued(kept):
        return _doubt("name_glued", "Le nom est écrit en un mot d’un côté, en plusieurs de l’autre.")
    return _other("name_differs", "Le nom de naissance est un autre.")


def _compare_first_names(pivot: Pivot, known: Known) -> Comparison | None:
    told, kept = folded(pivot.first_names or "").split(), folded(known.first_names).split()
    if not told:
        return None
    if not kept:
        return _doubt("first_name_unknown", "Le registre ne connaît pas de prénom.")
    shared = min(len(told), len(kept))
    if told[:shared] == kept[:shared]:
        return None
    if told[0] == kept[0]:
        return _doubt("first_names_differ", "Les prénoms qui suivent le premier sont autres.")
    if _glued(" ".join(told)).startswith(kept[0]) or _glued(" ".join(kept)).startswith(told[0]):
        return _doubt("first_name_short", "Le prénom est abrégé, ou écrit en plusieurs mots d’un côté.")
    if set(told) & set(kept):
        return _doubt("first_names_order", "Les prénoms ne sont pas dans le même ordre.")
    return _other("first_name_differs", "Le premier prénom est un autre.")


def _compare_numbers(_pivot: Pivot, known: Known) -> Comparison | None:
    return None if known.nir else _doubt("nir_unreadable", "Le numéro de sécurité sociale ne peut pas être lu.")


def _compare_dates(pivot: Pivot, known: Known) -> Comparison | None:
    if pivot.born is None:
        return None
    born = known.born_on
    pairs = zip(pivot.born, (born.year, born.month, born.day), strict=True)
    if any(told and told != kept for told, kept in pairs):
        return _other("date_differs", "La date de naissance est une autre.")
    if known.nir and known.nir[1:5] != f"{born:%y%m}":
        return _doubt("nir_date", "La date de naissance n’est pas celle que dit le numéro de sécurité sociale.")
    return None


def _compare_sexes(pivot: Pivot, known: Known) -> Comparison | None:
    if pivot.sex is None:
        return _doubt("sex_unreadable", "Le sexe donné ne peut pas être lu.")
    if known.nir and pivot.sex and known.nir[0] not in _FIRST_DIGITS[pivot.sex]:
        return _other("sex_differs", "Le sexe n’est pas celui que dit le numéro de sécurité sociale.")
    return None


def _compare_places(pivot: Pivot, known: Known) -> Comparison | None:
    """Codes of communes and countries have changed, so that another place leaves a doubt and nothing more."""
    kept = known.nir[5:10]
    if not _ABROAD.fullmatch(pivot.birthcountry or ""):
        return _doubt("country_unreadable", "Le pays de naissance manque ou ne peut pas être lu.")
    if pivot.birthcountry != FRANCE:
        differs = kept != pivot.birthcountry
    elif pivot.birthplace == "":
        differs = kept.startswith("99")
    elif pivot.birthplace and _COG.fullmatch(pivot.birthplace):
        differs = kept != pivot.birthplace
    else:
        return _doubt("place_unreadable", "La commune de naissance ne peut pas être lue.")
    if differs:
        return _doubt("place_differs", "Le lieu de naissance n’est pas celui que dit le numéro de sécurité sociale.")
    return None


_CHECKS: Sequence[Callable[[Pivot, Known], Comparison | None]] = (
    _lack, _compare_names, _compare_first_names, _compare_numbers, _compare_dates, _compare_sexes, _compare_places,
)  # fmt: skip


def _glued(text: str) -> str:
    return text.replace(" ", "")


def match(pivot: Pivot, candidates: Sequence[Known], *, today: date) -> Match:
    """
    Return the one person of the registry who has this identity, or why nobody is recognised without a doubt.

    A person is recognised when everything agrees with theirs, and when nobody else may be the same. Below 16, one is
    under a parent's account (CSS, art. L. 160-2).
    """
    missing = lack(pivot)
    if missing:
        return Match(Outcome.DOUBT, None, missing.code, missing.reason)
    assert pivot.born
    assert pivot.born.full  # `lack` has asked for both
    limit = parameters.value("own_account_age", on=today)
    if age(pivot.born.full, on=today) < limit:
        reason = f"Avant {limit} ans, on est sous le compte d’un parent."
        return Match(Outcome.TOO_YOUNG, None, "too_young", reason)
    compared = [(known, compare(pivot, known)) for known in candidates]
    same = [known for known, comparison in compared if comparison.verdict == Verdict.SAME]
    doubts = [comparison for _, comparison in compared if comparison.verdict == Verdict.DOUBT]
    if same and len(same) + len(doubts) > 1:
        return Match(Outcome.SEVERAL, None, "several", "Plusieurs personnes du registre peuvent avoir cette identité.")
    if same:
        return Match(Outcome.MATCHED, same[0], "", "Tout concorde, avec une seule personne.")
    if doubts:
        return Match(Outcome.DOUBT, None, doubts[0].code, doubts[0].reason)
    return Match(Outcome.NOBODY, None, "nobody", "Personne du registre n’a cette identité.")
