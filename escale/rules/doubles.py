"""The signs that a bill was sent twice, or is not what it seems: they warn, they never decide."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from escale.rules import parameters
from escale.rules.identity import folded
from escale.rules.named import Named

_COMPANY = frozenset(
    [
        "sarl",
        "sa",
        "sas",
        "sasu",
        "eurl",
        "selarl",
        "scp",
        "sci",
        "ltd",
        "limited",
        "inc",
        "llc",
        "llp",
        "plc",
        "gmbh",
        "ag",
        "kg",
        "bv",
        "nv",
        "spa",
        "srl",
        "sl",
        "slu",
        "sro",
        "oy",
        "ab",
        "as",
        "pty",
        "pte",
        "co",
        "company",
        "corp",
        "corporation",
        "ste",
        "societe",
        "et",
        "and",
        "und",
        "y",
        "e",
        "de",
        "du",
        "des",
        "la",
        "le",
        "les",
        "l",
        "d",
        "the",
        "of",
        "dr",
        "dra",
        "docteur",
        "doctor",
        "prof",
        "professeur",
        "mr",
        "mme",
        "m",
        "cabinet",
    ]
)
_ONE_DAY = timedelta(days=1)
_TELLING_DIGITS = 4
_LONG_ENOUGH = 5
_SURELY = 93


class Kind(Named):
    """What is seen."""

    SAME_BYTES = "same_bytes", "Même fichier"
    SAME_PICTURE = "same_picture", "Même image"
    SAME_BILL = "same_bill", "Même facture"
    TRAVEL = "travel", "Deux pays le même jour"
    POSTED = "posted", "Affectation ailleurs"
    ROUND = "round", "Montant rond"
    CROWD = "crowd", "Praticien de nombreux assurés"
    ALTERED = "altered", "Fichier retouché"


class Weight(Named):
    """How much a sign says by itself."""

    STRONG = "strong", "Indice fort"
    MEDIUM = "medium", "Indice moyen"
    WEAK = "weak", "Indice faible"


@dataclass(frozen=True, slots=True)
class Care:
    """A line as it is compared: `family` names the household, `cared_for` the patient whatever the household.

    `amount` is in `currency`, `euros` at the rate of its day, None where no rate is known. An unknown territory and the
    open sea are written as nothing.
    """

    line: int
    claim: int
    family: int
    cared_for: str
    provider: str
    given_on: date
    amount: Decimal
    currency: str
    euros: Decimal | None
    territory: str


@dataclass(frozen=True, slots=True)
class Sign:
    """One sign: its kind, its weight, and the facts that `why` puts into words: codes, days and amounts only."""

    kind: Kind
    weight: Weight
    facts: Mapping[str, str]


def provider(name: str) -> str:
    """Return a provider's name to compare: no accents, no word of company or of courtesy, words in order."""
    words = "".join(sign if sign.isalnum() else " " for sign in folded(name).replace("’", " ")).split()
    return " ".join(sorted({word for word in words if word not in _COMPANY}) or sorted(set(words)))


def same_provider(one: str, other: str) -> bool:
    """Tell whether two such names may be of one provider: the same words, or all those of the shorter in the other."""
    first, second = set(one.split()), set(other.split())
    shorter = min(first, second, key=len)
    return first == second or (len("".join(shorter)) > _LONG_ENOUGH and (first <= second or second <= first))


def bill(one: Care, other: Care) -> Sign | None:
    """
    Return the sign that two lines are of one bill: same provider, same amount in any currency, same day or the next.

    Outside the family of whoever received the care, a price that everybody pays says nothing: only an amount that no
    chance gives twice, on the same day.
    """
    apart = abs(one.given_on - other.given_on)
    if one.line == other.line or apart > _ONE_DAY or not same_provider(one.provider, other.provider):
        return None
    equal = one.currency == other.currency and one.amount == other.amount
    if not equal and not (one.currency != other.currency and _close(one, other)):
        return None
    near = one.family == other.family or one.cared_for == other.cared_for
    if near:
        weight = Weight.STRONG if equal and not apart else Weight.WEAK if apart and not equal else Weight.MEDIUM
        weight = Weight.WEAK if one.claim == other.claim else weight
    elif equal and not apart and _is_telling(one):
        weight = Weight.MEDIUM
    else:
        return None
    facts = {"on": str(other.given_on), "amount": _plain(other.amount), "currency": other.currency}
    here = {"here": _plain(one.amount), "paid_in": one.currency, "here_on": str(one.given_on)}
    here["family"] = "yes" if near else ""
    return Sign(Kind.SAME_BILL, weight, facts | here)


def travel(one: Care, other: Care) -> Sign | None:
    """Return the sign that one person was treated in two countries on one day; borders are crossed: it is no proof."""
    if one.claim == other.claim or one.cared_for != other.cared_for or one.given_on != other.given_on:
        return None
    if not one.territory or not other.territory or one.territory == other.territory:
        return None
    return Sign(Kind.TRAVEL, Weight.MEDIUM, {"on": str(one.given_on), "here": one.territory, "there": other.territory})


def posted(one: Care, postings: Iterable[str]) -> Sign | None:
    """Return the sign that the day of care was one of a posting elsewhere; a posting is no proof of presence."""
    there = sorted(set(postings))
    if not one.territory or not there or one.territory in there:
        return None
    facts = {"on": str(one.given_on), "here": one.territory, "there": there[0]}
    return Sign(Kind.POSTED, Weight.WEAK, facts)


def round_amount(one: Care) -> Sign | None:
    """Return the sign that a large amount has one digit that is not zero."""
    least = parameters.value("double_round_least", on=one.given_on)
    if one.euros is None or one.euros < least or _digits(one.amount) > 1:
        return None
    return Sign(Kind.ROUND, Weight.WEAK, {"amount": _plain(one.amount), "currency": one.currency})


def crowd(*, people: int, days: int, on: date) -> Sign | None:
    """Return the sign that one provider treats many insured persons within so many days."""
    if people < parameters.value("double_crowd_people", on=on):
        return None
    return Sign(Kind.CROWD, Weight.WEAK, {"people": str(people), "days": str(days)})


def altered(traces: Iterable[str]) -> Sign | None:
    """Return the sign that a file went through an editor, told by what the editor wrote in it."""
    found = sorted(traces)
    return Sign(Kind.ALTERED, Weight.WEAK, {"traces": ",".join(found)}) if found else None


def same_bytes() -> Sign:
    """Return the sign that one file stands in two claims."""
    return Sign(Kind.SAME_BYTES, Weight.STRONG, {})


def same_picture(resemblance: float) -> Sign:
    """Return the sign that two pages look the same, from a correlation of their ink; two bills of one form may."""
    share = min(100, int(resemblance * 100))
    return Sign(Kind.SAME_PICTURE, Weight.STRONG if share >= _SURELY else Weight.MEDIUM, {"share": str(share)})


def _close(one: Care, other: Care) -> bool:
    if one.euros is None or other.euros is None:
        return False
    margin = parameters.value("double_amount_margin", on=max(one.given_on, other.given_on)) / 100
    return abs(one.euros - other.euros) <= margin * max(one.euros, other.euros)


def _is_telling(one: Care) -> bool:
    return _digits(one.amount) >= _TELLING_DIGITS


def _digits(amount: Decimal) -> int:
    return len(amount.normalize().as_tuple().digits)


def _plain(amount: Decimal) -> str:
    return f"{amount.normalize():f}"
