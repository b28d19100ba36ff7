"""The currency of a paper: what stands beside its amounts, and what tells where it comes from (money.yaml)."""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from functools import cache
from itertools import chain
from pathlib import Path
from typing import Any, NamedTuple

import yaml

from escale.rules.findings.folding import folded
from escale.rules.findings.layout import Row

_FILE = Path(__file__).with_suffix(".yaml")
_OF_SCRIPT = {"ja": "JP", "th": "TH"}
_OF_LANGUAGE = {
    "de": "DE", "it": "IT", "nl": "NL", "pl": "PL", "tr": "TR", "cs": "CZ", "hu": "HU", "fi": "FI", "sv": "SE",
    "da": "DK", "no": "NO", "id": "ID", "vi": "VN",
}  # fmt: skip
"""Where a paper comes from that names no other place: francs are always written on those of Switzerland."""
_ADDRESSES = {
    "US": re.compile(
        r"(?<![a-z])(?:a[klrz]|c[aot]|d[ce]|fl|ga|hi|i[adln]|k[sy]|la|m[adeinost]|n[cdehjmvy]|o[hkr]|pa|ri|s[cd]|t[nx]"
        r"|ut|v[at]|w[aivy])\.?,? \d{5}(?:-\d{4})?(?!\d)"
    ),
    "CA": re.compile(r"(?<![a-z\d])[abceghj-nprstvxy]\d[a-z] ?\d[a-z]\d(?![a-z\d])"),
    "GB": re.compile(r"(?<![a-z\d])[a-z]{1,2}\d[a-z\d]? \d[a-z]{2}(?![a-z\d])"),
    "AU": re.compile(r"(?<![a-z])(?:nsw|vic|qld|act|tas),? \d{4}(?!\d)"),
}
"""How addresses are written in countries whose papers are in English."""
_WITHOUT_SPACES = re.compile("[\u0e00-\u0e7f\u3040-\u30ff\u4e00-\u9fff]")
_AMERICAN_TELEPHONE = re.compile(r"(?<![\d+])(?:\([2-9]\d\d\) ?|[2-9]\d\d[-.])[2-9]\d\d[-.]\d{4}(?!\d)")
_BY_LANGUAGE = {
    "fr": (("MAD", "AED"), ("GBP", "EGP")), "en": (("AED", "MAD"), ("GBP", "EGP")), "de": (("GBP", "EGP"),),
    "es": (("GBP", "EGP"),), "it": (("GBP", "EGP"),), "pt": (("GBP", "EGP"), ("BRL", "INR")),
    "": (("GBP", "EGP"),), "ar": (("EGP", "GBP"), ("EGP", "SDG"), ("LBP", "SAR")),
}  # fmt: skip
"""Which of two currencies that share a sign is meant in a language, where nothing else tells."""


_OF_TRAVELLERS = "USD"
"""The dollar that is meant in countries that have none of their own."""
_ARTICLES = {"le"}
"""The signs that are words of a language, unless they are in capitals."""
OF_BOTH_ORDERS = frozenset({"USD", "CAD", "PHP", "BSD", "BZD", "LRD", "XCD", "KES"})
"""The currencies of countries where a date may begin by its month."""


class Sign(NamedTuple):
    """A sign of money in a text, and the currencies it may stand for."""

    start: int
    end: int
    codes: tuple[str, ...]


class Place(NamedTuple):
    """Where a paper comes from, as far as it tells: countries (ISO 3166-1), the surest first, and its language."""

    countries: tuple[str, ...]
    language: str

    @property
    def currencies(self) -> tuple[str, ...]:
        """The currencies of these countries."""
        return tuple(dict.fromkeys(_file()["countries"][one]["currency"] for one in self.countries))

    @property
    def month_first(self) -> bool | None:
        """Whether the month comes before the day in a date, None where nothing tells."""
        if self.countries:
            return bool(_file()["countries"][self.countries[0]].get("month_first", False))
        return False if self.language and self.language != "en" else None


def place(lines: Sequence[Row], language: str, country: str = "") -> Place:
    """Return where a paper comes from: the country that is told, else those whose words it bears."""
    if country in _file()["countries"]:
        return Place((country,), language)
    votes: Counter[str] = Counter()
    for row in lines:
        for code, pattern in _countries():
            votes[code] += len(pattern.findall(row.text))
        if language == "en":
            for code, pattern in _ADDRESSES.items():
                votes[code] += len(pattern.findall(row.text))
    countries = [code for code, count in votes.most_common() if count]
    if language in _OF_SCRIPT:
        countries = list(dict.fromkeys([_OF_SCRIPT[language], *countries]))
    if not countries and language in _OF_LANGUAGE:
        countries = [_OF_LANGUAGE[language]]
    if not countries and language == "en" and any(_AMERICAN_TELEPHONE.search(row.text) for row in lines):
        countries = ["US"]
    return Place(tuple(countries), language)


def beside(row: Row, start: int, end: int) -> Sign | None:
    """Return the sign that stands just after a number of a row, or just before it."""
    after = _after().match(row.text, end)
    before = [found for found in _before().finditer(row.text, max(0, start - 24), start) if found.end() <= start]
    near = [found for found in before[-1:] if not row.text[found.end() : start].strip(" \t:()[]=")]
    near += [after] if after else []
    signs = [sign for found in near if (sign := _sign(row, found))]
    return min(signs, key=lambda sign: len(sign.codes), default=None)


def alone(row: Row) -> Sign | None:
    """Return the last sign of a row that has no number."""
    found = [sign for match in _before().finditer(row.text) if (sign := _sign(row, match))]
    return found[-1] if found else None


def anywhere(rows: Iterable[Row]) -> Counter[str]:
    """Return how many times each currency is written as a code in capitals, or by a sign that is of it alone."""
    votes: Counter[str] = Counter()
    for row in rows:
        for word in row.words:
            plain = word.text.strip(".,:;()[]*/")
            if plain in _codes() and plain not in _COMMON:
                votes[plain] += 1
            elif len(codes := _signs().get(folded(plain), ())) == 1 and not plain.isascii():
                votes[codes[0]] += 1
    return votes


def settled(codes: Sequence[str], place: Place, elsewhere: Counter[str]) -> tuple[str, ...]:
    """Return which of the currencies of a sign it is: that of the country, or one told elsewhere; else all of them."""
    if len(codes) < 2:
        return tuple(codes)
    for known in (place.currencies, [code for code, _count in elsewhere.most_common()]):
        if chosen := next((code for code in known if code in codes), None):
            return (chosen,)
    if place.countries and codes[0] == _OF_TRAVELLERS and place.language not in _OF_SCRIPT:  # there, ฿ is read $
        return (_OF_TRAVELLERS,)
    told = next((code for code, but in _BY_LANGUAGE.get(place.language, ()) if {code, but} <= set(codes)), None)
    if told:
        return (told,)
    return tuple(codes)


def _sign(row: Row, found: re.Match[str]) -> Sign | None:
    text = "".join(found["sign"].split())
    start = found.start("sign")
    raw = row.raw(start, found.end("sign")).strip()
    if text.upper() in _codes() and len(text) == 3 and text not in _signs():
        return Sign(start, found.end("sign"), (text.upper(),))
    if len(text) <= 2 and text.isalpha() and text.isascii() and not any(map(str.isupper, raw)):
        return None
    if text in _ARTICLES and not raw.isupper():
        return None
    told = next((codes for sign, codes in _AS_WRITTEN.items() if sign in raw), _signs()[text])
    return Sign(start, found.end("sign"), told)


_AS_WRITTEN = {"د.إ": ("AED",), "دإ": ("AED",), "د.أ": ("JOD",), "دأ": ("JOD",)}
"""The signs that are told apart by what folding takes away."""
_COMMON = {"ALL", "TOP", "PEN", "TRY", "COP", "MOP", "LAK", "SOS", "STN", "CUP", "MAD", "BAM", "GEL", "AMD"}


@cache
def _file() -> dict[str, Any]:
    content: dict[str, Any] = yaml.load(_FILE.read_bytes(), Loader=yaml.CSafeLoader)
    return content


@cache
def _signs() -> dict[str, tuple[str, ...]]:
    signs: dict[str, tuple[str, ...]] = {}
    for codes, written in _file()["signs"].items():
        for sign in written:  # once folded, د.إ and د.أ are one sign of two currencies
            plain = "".join(folded(sign).split())
            signs[plain] = tuple(dict.fromkeys((*signs.get(plain, ()), *codes.split())))
    return signs


@cache
def _codes() -> frozenset[str]:
    return frozenset(_file()["codes"])


@cache
def _alternatives() -> str:
    signs = {*map(folded, chain.from_iterable(_file()["signs"].values())), *(code.casefold() for code in _codes())}
    return "|".join(
        re.escape(sign).replace(r"\ ", r"\s*").replace(r"\.", r"\s*\.\s*")
        for sign in sorted(signs, key=len, reverse=True)
    )


@cache
def _after() -> re.Pattern[str]:
    return re.compile(rf"[\s.\-,=/*]{{0,4}}(?P<sign>{_alternatives()})(?![a-z0-9ء-ي])")


@cache
def _before() -> re.Pattern[str]:
    return re.compile(rf"(?<![a-z])(?P<sign>{_alternatives()})(?![a-z])")


@cache
def _countries() -> list[tuple[str, re.Pattern[str]]]:
    return [(code, re.compile("|".join(map(_telling, said["words"])))) for code, said in _file()["countries"].items()]


def _telling(word: str) -> str:
    """Return what recognises a word that tells a country, or a dialling code before a telephone number."""
    if word.startswith("+"):
        return rf"(?<!\d)(?:\(?\{word}\)?|00{word[1:]})(?=[ (.-]{{0,2}}\d(?:[ .()-]{{0,2}}\d){{5}})"
    plain = re.escape(folded(word))
    return plain if _WITHOUT_SPACES.match(word) else rf"(?<![^\W\d_]){plain}(?![^\W_])"
