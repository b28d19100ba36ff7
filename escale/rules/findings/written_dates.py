"""Dates as bills write them, and the days that each may be."""

import re
from collections.abc import Iterator
from datetime import date
from functools import cache, partial
from pathlib import Path
from typing import NamedTuple

import yaml

from escale.rules.findings import calendars
from escale.rules.findings.folding import folded

_FILE = Path(__file__).with_name("months.yaml")
_TIME = r"(?=\d\d[:h]\d\d)"
_CENTURIES = "(?:19|20|13|14|24|25)"
_YEAR_FIRST = re.compile(
    rf"(?<![\d.,/-])({_CENTURIES}\d\d) ?([-/.年]) ?(\d{{1,2}}) ?[-/.月] ?(\d\d{_TIME}|\d{{1,2}}(?!\d))"
)
_YEAR_LAST = re.compile(
    rf"(?<![\d.,/-])(\d{{1,2}}) ?([-/.]) ?(\d{{1,2}}) ?\2 ?"
    rf"({_CENTURIES}\d\d{_TIME}|{_CENTURIES}\d\d(?!\d)|\d\d(?![\d,.]))"
)
_JAPANESE = re.compile(r"(令和|平成|昭和|(?<![a-z])[rhs]) ?(\d{1,2}|元) ?[年./-] ?(\d{1,2}) ?[月./-] ?(\d{1,2})(?!\d)")
_JAPANESE_SHORT = re.compile(r"(?<![\d和成])(\d{1,2}) ?年 ?(\d{1,2}) ?月 ?(\d{1,2}) ?日")
_COMPACT = re.compile(r"(?<!\d)(20[0-4]\d)(0[1-9]|1[0-2])([0-2]\d|3[01])(?!\d)")


class Written(NamedTuple):
    """A date in a text: where it is, and the days it may be, the one with its day before its month first."""

    start: int
    end: int
    days: tuple[date, ...]
    separator: str = ""
    native: bool = False
    """The calendar or the name of the month is of a language of its own."""


def written(text: str, *, thai: bool = False) -> Iterator[Written]:
    """Yield the dates of a folded text, none of which overlaps another; on a Thai paper, short years are Buddhist."""
    taken: list[tuple[int, int]] = []
    for read in (_named, _japanese, _year_first, partial(_year_last, thai=thai), _compact):
        for one in read(text):
            if one.days and not any(one.start < end and start < one.end for start, end in taken):
                taken.append((one.start, one.end))
                yield one


def _year_first(text: str) -> Iterator[Written]:
    for found in _YEAR_FIRST.finditer(text):
        year, month, day = int(found[1]), int(found[3]), int(found[4])
        yield Written(*found.span(), _days((year, month, day)), found[2], found[2] == "年" or not 1900 <= year <= 2300)


def _year_last(text: str, *, thai: bool) -> Iterator[Written]:
    for found in _YEAR_LAST.finditer(text):
        first, second, year = int(found[1]), int(found[3]), _full(found[4], thai=thai)
        days = _days((year, second, first), (year, first, second))
        yield Written(*found.span(), days, found[2], year > 2300 or year < 1900)


def _named(text: str) -> Iterator[Written]:
    day_first, month_first, year_first = _with_names()
    for pattern, order in ((day_first, "dmy"), (month_first, "mdy"), (year_first, "ymd")):
        for found in pattern.finditer(text):
            parts = dict(zip(order, found.groups(), strict=True))
            rank, lunar, thai = _rank(parts["m"])
            year = _full(parts["y"], thai=thai)
            number = int(parts["d"].replace(" ", "") if thai else parts["d"].split()[-1])  # Thai is read put apart
            day = calendars.from_hijri(year, rank, number) if lunar else None
            yield Written(*found.span(), (day,) if day else _days((year, rank, number)), "", True)


def _japanese(text: str) -> Iterator[Written]:
    for found in _JAPANESE.finditer(text):
        year = 1 if found[2] == "元" else int(found[2])
        day = calendars.from_japanese(found[1], year, int(found[3]), int(found[4]))
        yield Written(*found.span(), (day,) if day else (), "年", True)
    for found in _JAPANESE_SHORT.finditer(text):
        year = int(found[1])
        day = calendars.from_japanese("令和", year, int(found[2]), int(found[3])) if year < 20 else None
        yield Written(*found.span(), (day,) if day else _days((2000 + year, int(found[2]), int(found[3]))), "年", True)


def _compact(text: str) -> Iterator[Written]:
    for found in _COMPACT.finditer(text):
        yield Written(*found.span(), _days((int(found[1]), int(found[2]), int(found[3]))))


def _days(*orders: tuple[int, int, int]) -> tuple[date, ...]:
    found = (calendars.gregorian(year, month, day) for year, month, day in orders)
    return tuple(dict.fromkeys(day for day in found if day))


def _full(year: str, *, thai: bool = False) -> int:
    """Return a year of four digits; one of two is of this century, or of the last one where it is far ahead."""
    number = int(year)
    if len(year) > 2:
        return number
    if thai and number > 50:
        return 2500 + number
    return 2000 + number if number < 50 else 1900 + number


@cache
def _with_names() -> tuple[re.Pattern[str], re.Pattern[str], re.Pattern[str]]:
    names = "|".join(sorted(map(_spaced, _names()), key=len, reverse=True))
    before, after = r"(?<![^\W\d_])", r"(?![a-z])"
    year = rf"({_CENTURIES}\d\d{_TIME}|{_CENTURIES}\d\d(?!\d)|\d\d(?!\d))(?!:)"
    between = r"[ \t\-./_,]{0,3}"
    of, of_year = rf"(?:de |of |d'|{folded('เดือน')}\s*)?", "(?:de |del |do )?"
    era = r"(?:[พค]\s*\.?\s*ศ\s*\.?\s*|a\.?d\.?\s*)?"
    return (
        re.compile(
            rf"(?<!\d)(\d \d|\d{{1,2}})(?:er|st|nd|rd|th|o|a|\.)?{between}{of}"
            rf"({names}){after}{between}{of_year}{era}{year}"
        ),
        re.compile(rf"{before}({names}){after}{between}(\d{{1,2}})(?:st|nd|rd|th)?[ \t,.\-/]{{1,3}}{year}"),
        re.compile(rf"(?<!\d)((?:19|20|14)\d\d){between}({names}){after}{between}(\d{{1,2}})(?!\d)"),
    )


def _spaced(name: str) -> str:
    """Return what recognises a name; letters of scripts without spaces may be put apart by whoever read them."""
    if name.isascii():
        return re.escape(name)
    return r"\s?".join(map(re.escape, name.replace(" ", "")))


@cache
def _names() -> dict[str, tuple[int, bool, bool]]:
    """Return the folded names of months: rank, whether it is of the Hijri calendar, whether it is Thai."""
    read = yaml.load(_FILE.read_bytes(), Loader=yaml.CSafeLoader)
    names = {
        folded(name): (rank, False, language == "th")
        for language, months in read.items()
        for rank, spellings in enumerate(months, start=1)
        for name in spellings
    }
    names |= {name.strip("."): said for name, said in names.items() if name.endswith(".")}
    return names | {folded(name): (rank, True, False) for name, rank in calendars.hijri_months().items()}


def _rank(name: str) -> tuple[int, bool, bool]:
    plain = "".join(name.split())
    return next(said for known, said in _names().items() if known.replace(" ", "") == plain)
