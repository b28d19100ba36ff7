"""The languages in which papers come, territory by territory (Unicode CLDR)."""

from functools import cache

from babel import Locale
from babel.languages import get_territory_language_info

_OFFICIAL = {"official", "de_facto_official"}


@cache
def spoken(territory: str) -> tuple[str, ...]:
    """Return the languages (ISO 639) of a territory by its code (« CY-N »): official ones, else the main one."""
    known = get_territory_language_info(territory.partition("-")[0])
    official = [code for code, told in known.items() if told["official_status"] in _OFFICIAL]
    main = sorted(known, key=lambda code: float(known[code]["population_percent"] or 0))[-1:]
    return tuple(sorted({code.partition("_")[0] for code in official or main}))


@cache
def name(language: str) -> str:
    """Return the French name of a language, or its code where it has none."""
    return str(Locale("fr").languages.get(language, language))
