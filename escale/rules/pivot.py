"""Who FranceConnect says somebody is: the identité pivot, read with an open mind, kept with a strict one."""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

from escale.rules.identity import Invalid, folded, person_name

LONGEST = 500
FIRST_YEAR = 1880

_PLACEHOLDERS = frozenset(
    ["sans nom", "sans prenom", "sans", "sn", "sp", "snp", "nom", "prenom", "inconnu", "inconnue", "non renseigne",
     "neant", "aucun", "null", "none", "nan", "undefined", "unknown", "na", "n a", "nc", "nr"]
)  # fmt: skip
_INVISIBLE = frozenset({"Cc", "Cf", "Cn", "Co", "Cs", "Zl", "Zp"})
_DATE = re.compile(r"([0-9]{4})(?:-([0-9]{2})(?:-([0-9]{2}))?)?")
_HYPHEN = re.compile(r"\s*-\s*")
_SEXES = {"male": "male", "female": "female", "unspecified": "", "": ""}


class Birth(NamedTuple):
    """A date of birth, of which the month or the day may be unknown (00): somebody presumed born that year."""

    year: int
    month: int
    day: int

    @property
    def full(self) -> date | None:
        """The day itself, when all of it is known."""
        return date(*self) if self.month and self.day else None


@dataclass(frozen=True, kw_only=True)
class Pivot:
    """The identité pivot, read: what was absent is empty, what could not be read is None."""

    birth_name: str | None
    first_names: str | None
    born: Birth | None
    sex: str | None
    birthplace: str | None
    birthcountry: str | None


def read(claims: Mapping[str, Any]) -> Pivot:
    """Return the identité pivot that userinfo tells (FranceConnect v2); whatever it holds, nothing is raised."""
    return Pivot(
        birth_name=_name(claims.get("family_name")),
        first_names=_first_names(claims.get("given_name"), claims.get("given_name_array")),
        born=_birth(claims.get("birthdate")),
        sex=_sex(claims.get("gender")),
        birthplace=_place(claims.get("birthplace")),
        birthcountry=_place(claims.get("birthcountry")),
    )


def _text(value: Any) -> str | None:
    """Return what is told as one short text, empty if nothing is, None if it is something else."""
    if value is None:
        return ""
    if isinstance(value, list | tuple):
        parts = [_text(part) for part in value]
        return None if None in parts else _text(" ".join(part for part in parts if part))
    if not isinstance(value, str) or len(value) > LONGEST:
        return None
    return None if any(unicodedata.category(sign) in _INVISIBLE for sign in value) else value.strip()


def _name(value: Any) -> str | None:
    text = _text(value)
    if not text:
        return text
    try:
        words = [person_name(word) for word in _HYPHEN.sub("-", text.replace("_", " ")).split()]
    except Invalid:
        return None
    name = " ".join(words)
    key = folded(name)
    nothing = not key or key in _PLACEHOLDERS or (key[0] in "xn" and len(set(key) - {" "}) == 1)
    return "" if nothing else name


def _first_names(told: Any, listed: Any) -> str | None:
    text, names = _text(told), _text(listed)
    if text is None or names is None:
        return None
    one, other = (_name(words.replace(",", " ")) for words in (text, names))
    if one and other and folded(one) != folded(other):
        return None
    return one or other


def _birth(value: Any) -> Birth | None:
    told = _DATE.fullmatch(value.strip()) if isinstance(value, str) else None
    if told is None:
        return None
    birth = Birth(*(int(part or 0) for part in told.groups()))
    try:
        date(birth.year, birth.month or 1, birth.day or 1)
    except ValueError:
        return None
    return birth if birth.year >= FIRST_YEAR else None


def _sex(value: Any) -> str | None:
    text = _text(value)
    return _SEXES.get(text.casefold()) if text is not None else None


def _place(value: Any) -> str | None:
    if isinstance(value, int) and not isinstance(value, bool):
        value = f"{value:05d}"
    text = _text(value)
    return text and text.upper()
