"""Letters and digits of all scripts brought to one writing, so that words and numbers can be recognised."""

import unicodedata
from functools import lru_cache

_ARABIC = str.maketrans({
    "أ": "ا", "إ": "ا", "آ": "ا", "ٱ": "ا", "ى": "ي", "ی": "ي", "ې": "ي", "ئ": "ي", "ک": "ك", "ة": "ه", "ہ": "ه",
    "ە": "ه", "ؤ": "و", "ـ": None, "٫": ".", "٬": ",", "،": ",", "؛": ";", "۔": ".",
})  # fmt: skip
_MARKS = str.maketrans({
    "’": "'", "‘": "'", "`": "'", "´": "'", "–": "-", "—": "-", "−": "-", "‐": "-", "‑": "-", "。": ".", "、": ",",
    "・": ".", "\u200e": None, "\u200f": None, "\u202a": None, "\u202b": None, "\u202c": None, "\u00ad": None,
    "\ufeff": None, "ı": "i", "ø": "o", "đ": "d",
})  # fmt: skip
_MARCH = "มี.", "มi."  # in short, March is January but for this vowel
_LOOKALIKES = str.maketrans({"o": "0", "l": "1", "i": "1", "|": "1", "s": "5", "b": "8", "z": "2"})
_WITHIN_NUMBERS = set(".,'-/:")


def ascii_digits(text: str) -> str:
    """Write the digits of every script (٣ ۳ ३ ๓ ３) as 0 to 9; the rest stays, character for character."""
    return "".join(str(unicodedata.decimal(one)) if one.isdecimal() else one for one in text)


@lru_cache(maxsize=8192)
def folded(text: str) -> str:
    """Return a text without accents, vowel marks and cases, with Arabic letters and separators brought to one form."""
    plain = ascii_digits(unicodedata.normalize("NFKC", text)).translate(_MARKS).translate(_ARABIC).casefold()
    plain = plain.replace(*_MARCH)
    return "".join(one for one in unicodedata.normalize("NFKD", plain) if unicodedata.category(one) != "Mn")


def number_like(word: str) -> str:
    """Return a folded word with the letters that were seen for digits put right, where it is a number but for them.

    « 1o8,5o » is 108,50; « b12 » stays: a number has as many digits as letters, and a separator or most of it digits.
    """
    digits = sum(map(str.isdigit, word))
    strange = [one for one in word if not one.isdigit() and one not in _WITHIN_NUMBERS]
    if not strange or not digits or not all(ord(one) in _LOOKALIKES for one in strange):
        return word
    marked = any(one in ".," for one in word[1:-1])
    if len(strange) < digits and (marked or digits >= 4 * len(strange)) and (word[0].isdigit() or word[-1].isdigit()):
        return word.translate(_LOOKALIKES)
    return word
