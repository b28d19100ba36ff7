"""What every SEPA bank asks of a transfer: its letters, its identifiers, its accounts and its days."""

import re
import string
import unicodedata
from datetime import date, timedelta
from functools import cache

import holidays
import schwifty

# EPC217-08, SEPA Requirements for an Extended Character Set: the basic Latin set, and how to come back to it
_FOREIGN = re.compile(r"[^A-Za-z0-9/\-?:().,'+ ]")
_LETTER = re.compile("[A-Za-z]")
_DIACRITIC = re.compile("[\u0300-\u036f]")
_IDENTIFIER = re.compile(r"(?!/)(?!.*//)[A-Za-z0-9/\-?:().,'+ ]{1,35}(?<!/)")
_IBAN = re.compile(r"[A-Z]{2}[0-9]{2}[A-Z0-9]{11,30}")
_IBAN_DIGITS = {ord(letter): str(int(letter, 36)) for letter in string.ascii_uppercase}
_BIC = re.compile(r"[A-Z0-9]{4}[A-Z]{2}[A-Z0-9]{2}([A-Z0-9]{3})?")
_LATIN = str.maketrans({
    "œ": "oe", "Œ": "OE", "æ": "ae", "Æ": "AE", "ß": "ss", "ẞ": "SS", "ø": "o", "Ø": "O", "ł": "l", "Ł": "L",
    "đ": "d", "Đ": "D", "ð": "d", "Ð": "D", "þ": "th", "Þ": "TH", "ħ": "h", "Ħ": "H", "ı": "i", "ŋ": "n", "Ŋ": "N",
    "’": "'", "‘": "'", "ʼ": "'", "ʻ": "'", "`": "'", "´": "'", "‐": "-", "‑": "-", "–": "-", "—": "-", "_": "-",
    "«": "'", "»": "'", '"': "'", "“": "'", "”": "'", "&": "+", ";": ",", "[": "(", "]": ")", "{": "(", "}": ")",
    "…": "...", "\N{NO-BREAK SPACE}": " ", "\N{NARROW NO-BREAK SPACE}": " ",
})  # fmt: skip
_LONGEST_TEXT = 140
_EEA = frozenset({
    "AT", "BE", "BG", "CY", "CZ", "DE", "DK", "EE", "ES", "FI", "FR", "GR", "HR", "HU", "IE", "IS", "IT", "LI", "LT",
    "LU", "LV", "MT", "NL", "NO", "PL", "PT", "RO", "SE", "SI", "SK",
})  # fmt: skip


def sepa_text(text: str, longest: int = _LONGEST_TEXT) -> str:
    """Return a text in the Latin letters that every SEPA bank accepts, cut to its longest length."""
    plain = _DIACRITIC.sub("", unicodedata.normalize("NFKD", text.translate(_LATIN)))
    return _FOREIGN.sub(".", " ".join(plain.split()))[:longest].strip()


def has_letters(text: str) -> bool:
    """Tell whether something can be read of a text once it is in those letters."""
    return bool(_LETTER.search(sepa_text(text)))


def is_identifier(text: str) -> bool:
    """Tell whether a reference is one that a bank gives back untouched: 35 characters, no slash at an end, nor two."""
    return bool(_IDENTIFIER.fullmatch(text))


def is_iban(iban: str) -> bool:
    """Tell whether an IBAN without spaces has its key (ISO 7064, MOD 97-10)."""
    if not _IBAN.fullmatch(iban):
        return False
    return int((iban[4:] + iban[:4]).translate(_IBAN_DIGITS)) % 97 == 1


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
def _closed(year: int) -> frozenset[date]:
    return frozenset(holidays.financial_holidays("ECB", years=year))
