"""What every SEPA bank asks of a transfer: its letters, its identifiers, its accounts and its days."""

import re
import string
import unicodedata
from datetime import date, timedelta
from functools import cache
from zoneinfo import ZoneInfo

import holidays
import schwifty
from schwifty import registry
from schwifty.exceptions import InvalidCountryCode

# EPC217-08, SEPA Requirements for an Extended Character Set: the basic Latin set, and how to come back to it
_FOREIGN = re.compile(r"[^A-Za-z0-9/\-?:().,'+ ]")
_LETTER = re.compile("[A-Za-z]")
_IDENTIFIER = re.compile(r"(?!/)(?!.*//)[A-Za-z0-9/\-?:().,'+ ]{1,35}(?<!/)")
_SLASHES = re.compile("//+")
_UNSEEN = frozenset({"Mn", "Me", "Cf"})  # categories of Unicode: what is laid over a letter, and what directs the text
_IBAN = re.compile(r"[A-Z]{2}(?!00|01|99)[0-9]{2}[A-Z0-9]{11,30}")
_IBAN_DIGITS = {ord(letter): str(int(letter, 36)) for letter in string.ascii_uppercase}
_BIC = re.compile(r"[A-Z0-9]{4}[A-Z]{2}[A-Z0-9]{2}([A-Z0-9]{3})?")
_LATIN = str.maketrans({
    "œ": "oe", "Œ": "OE", "æ": "ae", "Æ": "AE", "ß": "ss", "ẞ": "SS", "ø": "o", "Ø": "O", "ł": "l", "Ł": "L",
    "đ": "d", "Đ": "D", "ð": "d", "Ð": "D", "þ": "th", "Þ": "TH", "ħ": "h", "Ħ": "H", "ı": "i", "ŋ": "n", "Ŋ": "N",
    "’": "'", "‘": "'", "ʼ": "'", "ʻ": "'", "`": "'", "´": "'", "‐": "-", "‑": "-", "–": "-", "—": "-", "_": "-",
    "«": "'", "»": "'", '"': "'", "“": "'", "”": "'", "&": "+", ";": ",", "[": "(", "]": ")", "{": "(", "}": ")",
    "…": "...", "\N{NO-BREAK SPACE}": " ", "\N{NARROW NO-BREAK SPACE}": " ",
})  # fmt: skip
_GREEK_AND_CYRILLIC = {
    **dict(zip("αβγδεζηικλμνξοπρσςτυφω", "avgdeziiklmnxoprsstyfo", strict=True)), "θ": "th", "χ": "ch", "ψ": "ps",
    **dict(zip("абвгдезийклмнопрстуфхъыьэ", "abvgdeziyklmnoprstufhayye", strict=True)), "ж": "zh", "ц": "ts",
    "ч": "ch", "ш": "sh", "щ": "sht", "ю": "yu", "я": "ya",
}  # fmt: skip
_LATIN |= str.maketrans(_GREEK_AND_CYRILLIC | {
    letter.upper(): latin.upper() for letter, latin in _GREEK_AND_CYRILLIC.items() if letter != "ς"
})  # fmt: skip
_LONGEST_TEXT = 140
# EPC409-09, List of SEPA Scheme Countries, by the first letters of their accounts (ISO 13616): overseas territories
# have those of their State, and the French Pacific too, which takes euros in the same form (SEPA COM Pacifique)
_EEA = frozenset({
    "AT", "BE", "BG", "CY", "CZ", "DE", "DK", "EE", "ES", "FI", "FR", "GR", "HR", "HU", "IE", "IS", "IT", "LI", "LT",
    "LU", "LV", "MT", "NL", "NO", "PL", "PT", "RO", "SE", "SI", "SK",
})  # fmt: skip
_BEYOND = frozenset({"AD", "AL", "CH", "GB", "GI", "MC", "MD", "ME", "MK", "RS", "SM", "VA"})

PARIS = ZoneInfo("Europe/Paris")
"""Where the days of our banks begin."""


def sepa_text(text: str, longest: int = _LONGEST_TEXT) -> str:
    """Return a text in the Latin letters that every SEPA bank accepts, cut to its longest; no slash ends it."""
    spelt = unicodedata.normalize("NFKD", text.translate(_LATIN)).translate(_LATIN)
    seen = "".join(sign for sign in spelt if sign.isascii() or unicodedata.category(sign) not in _UNSEEN)
    plain = _SLASHES.sub("/", _FOREIGN.sub(".", " ".join(seen.split())))
    return plain.strip("/ ")[:longest].strip("/ ")


def has_letters(text: str) -> bool:
    """Tell whether something can be read of a text once it is in those letters."""
    return bool(_LETTER.search(sepa_text(text)))


def is_identifier(text: str) -> bool:
    """Tell whether a reference is one that a bank gives back untouched: 35 characters, no slash at an end, nor two."""
    return bool(_IDENTIFIER.fullmatch(text))


def is_iban(iban: str) -> bool:
    """Tell whether an IBAN without spaces has the form of its country (ISO 13616) and its key (ISO 7064, MOD 97-10)."""
    if not _IBAN.fullmatch(iban) or not (form := _form(iban[:2])) or not form.fullmatch(iban[4:]):
        return False
    return int((iban[4:] + iban[:4]).translate(_IBAN_DIGITS)) % 97 == 1


def is_in_sepa(iban: str) -> bool:
    """Tell whether a SEPA credit transfer may reach the country of an IBAN."""
    return iban[:2] in _EEA | _BEYOND


def is_bic(bic: str) -> bool:
    """Tell whether a BIC has the form of one (ISO 9362)."""
    return bool(_BIC.fullmatch(bic))


def bank_wanted(iban: str) -> bool:
    """Tell whether the bank of an account has to be named: it is in SEPA, but not in the European Economic Area."""
    return iban[:2] not in _EEA


def bic_of(iban: str) -> str:
    """Return the BIC of the bank of a valid IBAN; empty where the register does not know it."""
    return str(schwifty.IBAN(iban, allow_invalid=True).bic or "")


def is_open(day: date) -> bool:
    """Tell whether transfers are settled on a day (T2, the Eurosystem's; it was called TARGET2)."""
    return day.weekday() < 5 and day not in _closed(day.year)


def execution_day(after: date) -> date:
    """Return the first day after another on which a bank may execute a transfer."""
    day = after + timedelta(days=1)
    while not is_open(day):
        day += timedelta(days=1)
    return day


@cache
def _form(country: str) -> re.Pattern[str] | None:
    """Return the form of what follows the key in the IBANs of a country; None where they have none."""
    try:
        return registry.get_iban_spec(country).regex
    except InvalidCountryCode:
        return None


@cache
def _closed(year: int) -> frozenset[date]:
    return frozenset(holidays.financial_holidays("ECB", years=year))
