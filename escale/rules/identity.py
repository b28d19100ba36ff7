"""What identifies a person and their bank account: NIR, names, IBAN; pure checks, told in French."""

import re
import unicodedata
from typing import NamedTuple

import schwifty
from schwifty import registry
from schwifty.exceptions import InvalidCountryCode, InvalidStructure, SchwiftyException
from stdnum.exceptions import InvalidChecksum, ValidationError
from stdnum.fr import nir as stdnum_nir

NAME_LENGTH = 100
MASKED_IBAN_LENGTH = len("FR•• •••• 0189")

_HYPHENS = str.maketrans(dict.fromkeys("\u2010\u2011\u2012\u2013\u2212", "-"))
_LIGATURES = str.maketrans(
    {"œ": "oe", "æ": "ae", "ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "ı": "i", "ħ": "h"}
)
_SPACES = re.compile("[ \u00a0\u202f]+")
_WORD = re.compile(r"[^\W\d_]+")
_SHORTEST_NAME = 2
_SEPARATORS = re.compile(r"[\s.\-\u2010-\u2015]+")
_NIR_SHAPE = re.compile(r"[123478][0-9]{4}(?:[0-9]{2}|2[AB])[0-9]{8}")
_IBAN_START = re.compile(r"[A-Z]{2}[0-9]{2}")
_ACCOUNT_NUMBER = re.compile(r"[A-Z0-9]{6,34}")
_IBAN_IN_WORDS = re.compile(r"\b[A-Z]{2}[0-9]{2}(?: ?[A-Z0-9]{4}){2,7}(?: ?[A-Z0-9]{1,3})?\b")
_MONTHS = frozenset([*range(1, 13), *range(20, 43), *range(50, 100)])


class Invalid(ValueError):
    """What was typed cannot be kept; the message, in French, says what to do."""


class Bank(NamedTuple):
    """The bank that holds an account."""

    name: str
    bic: str


def nir(text: str) -> str:
    """Return the 15 characters of a NIR without spaces, Corsica's 2A and 2B kept (CSS, art. R. 115-1).

    First digit 1, 2 (registered), 3, 4, 7 or 8 (provisional numbers); month 01-12, or the registry's
    own codes 20-42 and 50-99 for an unknown month; key modulo 97. Raises Invalid.
    """
    compact = _compact(text)
    if not compact:
        raise Invalid("Saisissez le numéro de sécurité sociale.")
    if len(compact) == 13:
        raise Invalid("Il manque la clé : saisissez les 15 caractères du numéro, les 2 derniers chiffres compris.")
    if len(compact) != 15:
        raise Invalid(
            f"Le numéro de sécurité sociale compte 15 caractères ; vous en avez saisi {len(compact)}. "
            "Recopiez-le depuis la carte Vitale."
        )
    if not _NIR_SHAPE.fullmatch(compact) or int(compact[3:5]) not in _MONTHS:
        raise Invalid("Ce numéro de sécurité sociale n’est pas possible. Recopiez-le depuis la carte Vitale.")
    try:
        stdnum_nir.validate(compact)
    except InvalidChecksum:
        raise Invalid(
            "La clé (les 2 derniers chiffres) ne correspond pas au numéro. Vérifiez chaque chiffre sur la carte Vitale."
        ) from None
    except ValidationError:
        raise Invalid("Ce numéro de sécurité sociale n’est pas possible. Recopiez-le depuis la carte Vitale.") from None
    return compact


def masked_nir(nir: str) -> str:
    """Return a NIR of which only the first digit and the key can be read; of one that is lost, say so."""
    return "illisible, à signaler" if not nir else f"{nir[0]} •• •• •• ••• ••• {nir[-2:]}"


def iban(text: str) -> str:
    """Return a valid IBAN in capitals, without spaces (ISO 13616: country, length, structure, key); raises Invalid."""
    compact = _compact(text)
    if not compact:
        raise Invalid("Saisissez l’IBAN du compte.")
    try:
        return str(schwifty.IBAN(compact))
    except InvalidStructure:
        raise Invalid("Cet IBAN n’a pas la forme attendue pour son pays. Recopiez-le depuis votre RIB.") from None
    except SchwiftyException:
        raise Invalid(
            "Cet IBAN contient une erreur de saisie. Recopiez-le depuis votre RIB, lettres comprises."
        ) from None


def account_number(text: str) -> str:
    """Return the number of an account anywhere, in capitals, without spaces: an IBAN has its key; raises Invalid."""
    compact = _compact(text)
    if not _ACCOUNT_NUMBER.fullmatch(compact):
        raise Invalid("Recopiez le numéro du compte : de 6 à 34 lettres et chiffres.")
    return iban(compact) if _is_like_an_iban(compact) else compact


def masked_iban(iban: str) -> str:
    """Return an IBAN, or another number, of which only the country and the last four characters can be read."""
    country = iban[:2] if _is_like_an_iban(iban) else "••"
    return f"{country}•• •••• {iban[-4:]}"


def masked_ibans(text: str) -> str:
    """Return a text in which no IBAN can be read whole, however it is spaced."""
    return _IBAN_IN_WORDS.sub(lambda found: masked_iban(found[0].replace(" ", "")), text)


def without_number(text: str, number: str) -> str:
    """Return a text in which an account number is masked, however it is spaced."""
    spaced = r"[ .-]?".join(number)
    return re.sub(spaced, masked_iban(number), text, flags=re.IGNORECASE) if number else text


def without_name(text: str, name: str) -> str:
    """Return a text in which the words of a name, whatever their accents and capitals, are an ellipsis."""
    named = {folded(word) for word in _WORD.findall(name) if len(word) >= _SHORTEST_NAME}
    return _WORD.sub(lambda found: "…" if folded(found[0]) in named else found[0], text)


def bank(iban: str) -> Bank | None:
    """Return the name and BIC of the bank of a valid IBAN, None where the register does not know it."""
    if not iban:
        return None
    account = schwifty.IBAN(iban, allow_invalid=True)
    if not account.bank_name:
        return None
    return Bank(account.bank_name, str(account.bic or ""))


def person_name(text: str) -> str:
    """Return a name as civil registers write it: NFC, single spaces, particles and diacritics kept; raises Invalid."""
    name = _SPACES.sub(" ", unicodedata.normalize("NFC", text).translate(_HYPHENS)).strip()
    if not name:
        raise Invalid("Saisissez le nom.")
    if len(name) > NAME_LENGTH:
        raise Invalid(f"Ce nom est trop long : {NAME_LENGTH} caractères au plus.")
    for character in name:
        if not _belongs_to_a_name(character):
            raise Invalid(
                f"Retirez {_told(character)} : un nom s’écrit en lettres, espaces, traits d’union et apostrophes."
            )
    if not any(character.isalpha() for character in name):
        raise Invalid("Un nom contient au moins une lettre.")
    return name


def folded(text: str) -> str:
    """Return the search key of a text: lower case, no accent, ligatures opened, single spaces for punctuation."""
    decomposed = unicodedata.normalize("NFKD", text.casefold().translate(_LIGATURES))
    kept = (c if c.isalnum() else " " for c in decomposed if not unicodedata.combining(c))
    return " ".join("".join(kept).split())


def _compact(text: str) -> str:
    """Return a number in capitals, without what people put between its characters."""
    return _SEPARATORS.sub("", unicodedata.normalize("NFKC", text)).upper()


def _is_like_an_iban(number: str) -> bool:
    """Tell whether a number begins as the IBANs of a country that has some (ISO 13616)."""
    try:
        return bool(_IBAN_START.match(number) and registry.get_iban_spec(number[:2]))
    except InvalidCountryCode:
        return False


def _belongs_to_a_name(character: str) -> bool:
    if character in " -'’.":
        return True
    category = unicodedata.category(character)
    if category in {"Lm", "Mn"}:
        return True
    return category[0] == "L" and unicodedata.name(character, "").startswith("LATIN")


def _told(character: str) -> str:
    category = unicodedata.category(character)
    if category[0] in "CZ":
        return "le caractère invisible ou le retour à la ligne"
    if category[0] == "L":
        return f"« {character} », qui n’est pas une lettre latine"
    return f"« {character} »"
