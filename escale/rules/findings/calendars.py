"""Days of other calendars, in ours: Buddhist, Hijri (Umm al-Qura) and Japanese years."""

from datetime import date
from functools import cache

from hijridate import Gregorian, Hijri

_BUDDHIST = 543
_ERAS = {"令和": 2018, "r": 2018, "平成": 1988, "h": 1988, "昭和": 1925, "s": 1925}
"""The year before the first of each era."""
_HIJRI_MONTHS = (
    ("محرم", "muharram"), ("صفر", "safar"), ("ربيع الأول", "rabi al-awwal"),
    ("ربيع الآخر", "ربيع الثاني", "rabi al-thani"),
    ("جمادى الأولى", "jumada al-awwal"), ("جمادى الآخرة", "جمادى الثانية", "jumada al-thani"), ("رجب", "rajab"),
    ("شعبان", "shaban"), ("رمضان", "ramadan"), ("شوال", "shawwal"), ("ذو القعدة", "ذي القعدة", "dhu al-qadah"),
    ("ذو الحجة", "ذي الحجة", "dhu al-hijjah"),
)  # fmt: skip


def gregorian(year: int, month: int, day: int) -> date | None:
    """Return the day of a year of ours, Hijri (1343 to 1500) or Buddhist (2400 to 2643); None if there is none."""
    if 1343 <= year <= 1500:
        return from_hijri(year, month, day)
    try:
        return date(year - _BUDDHIST if 2400 <= year <= 2643 else year, month, day)
    except ValueError:
        return None


def from_hijri(year: int, month: int, day: int) -> date | None:
    """Return the day of a date of the Hijri calendar, as Umm al-Qura counts it; None if there is none."""
    try:
        return Hijri(year, month, day).to_gregorian()
    except (ValueError, OverflowError):
        return None


def to_hijri(on: date) -> tuple[int, int, int]:
    """Return the year, month and day of the Hijri calendar."""
    year, month, day = Gregorian.fromdate(on).to_hijri().datetuple()
    return year, month, day


def to_buddhist(on: date) -> int:
    """Return the year of the Buddhist calendar, as in Thailand."""
    return on.year + _BUDDHIST


def from_japanese(era: str, year: int, month: int, day: int) -> date | None:
    """Return the day of a date of a Japanese era (« 令和 » or R…); None if there is none."""
    first = _ERAS.get(era)
    try:
        return date(first + year, month, day) if first else None
    except ValueError:
        return None


def to_japanese(on: date) -> tuple[str, int]:
    """Return the era and its year, for a day since 1926; the first days of an era belong to it by its year alone."""
    era = next(name for name in ("令和", "平成", "昭和") if on.year > _ERAS[name])
    return era, on.year - _ERAS[era]


@cache
def hijri_months() -> dict[str, int]:
    """Return the names of the months of the Hijri calendar, and their ranks."""
    return {name: rank for rank, names in enumerate(_HIJRI_MONTHS, start=1) for name in names}
