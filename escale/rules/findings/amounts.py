"""The amounts of a paper, and which of them is its total."""

from collections import Counter
from collections.abc import Sequence
from decimal import Decimal
from itertools import pairwise
from typing import NamedTuple

from escale.rules.findings import money
from escale.rules.findings.layout import Row
from escale.rules.findings.numbers import NUMBER, value
from escale.rules.findings.vocabulary import Label, labels, parts_of_money, telephone
from escale.rules.findings.written_dates import written

_WORTH = {"total": 5.0, "paid": 3.2, "subtotal": -1.0, "tax": -3.0, "change": -3.0, "number": -6.0, "": 0.0}
_ENOUGH_OTHERS = 3
_STRONG = 12  # letters: « total à payer » is surer than « total »
_FAINT = -9.0
_UNLABELLED, _SMALL = 0.45, 0.6  # how sure a total is at most: without a label, under half of another amount
_LEAST = 10  # what a number is that nothing but a label tells to be money


class Amount(NamedTuple):
    """A number that may be an amount: as it is written, the label beside it, its sign, where it is, and its worth."""

    text: str
    label: str
    sign: tuple[str, ...]
    row: Row
    start: int
    end: int
    worth: float = 0.0
    value: Decimal = Decimal(0)


def find(rows: Sequence[Row]) -> list[Amount]:
    """Return the numbers of a paper that may be amounts: neither dates, times, telephones nor references."""
    found: list[Amount] = []
    above: list[tuple[Row, list[tuple[str, float, float, int]]]] = []
    for row in rows:
        dates = [(one.start, one.end) for one in written(row.text)]
        here = labels(row)
        for match in NUMBER.finditer(row.text):
            start, end = match.span()
            if any(begin < end and start < stop for begin, stop in dates) or _is_reference(row, start):
                continue
            if not _decimal(match[0]) and parts_of_money().match(row.text, end):
                continue
            sign = money.beside(row, start, end)
            if (
                sign is None
                and not _decimal(match[0])
                and _within_letters(row.text[start - 1 : start] if start else "", row.text[end : end + 1])
            ):
                continue
            label, length = _label(row, start, end, here, above)
            if sign is None and above and not any(map(str.isdigit, above[-1][0].text)):
                sign = money.alone(above[-1][0])
            worth = _WORTH.get(label, 0.0) + (0.8 if label == "total" and length >= _STRONG else 0.0)
            worth += _looks(row, start, end, sign is not None)
            found.append(Amount(match[0], label, sign.codes if sign else (), row, start, end, worth))
        above.append((row, [(one.kind, *_sides(row, one.start, one.end), one.end - one.start) for one in here]))
    return found


def total(found: Sequence[Amount], *, places: int) -> tuple[Amount, float] | None:
    """Return the amount that is the total of a paper, with its value and how sure it is, of 1; None where none may be.

    What counts is its label, its sign, its size and place, and that the others add up to it.
    """
    valued = [one._replace(value=amount) for one in found if (amount := value(one.text, places)) is not None]
    known = [
        one
        for one in valued
        if one.value > 0
        and one.worth > _FAINT
        and (one.sign or _decimal(one.text) or (one.label and one.value >= _LEAST))
    ]
    if not known:
        known = [one for one in valued if one.value >= _LEAST and one.worth > _FAINT]
        if not known:
            return None
    times = Counter(one.value for one in known)
    sums = _sums(known)
    largest = max((one.value for one in known if one.label not in ("change", "number")), default=Decimal(0))
    judged = []
    for rank, one in enumerate(known):
        worth = one.worth + min(times[one.value] - 1, 2) * 0.6
        worth += 1.6 if one.value in sums else 0.0
        worth += 1.2 if one.value == largest else 0.0
        worth += rank / len(known) * 0.6
        worth -= 3.0 if _is_cut(one, known) else 0.0
        judged.append((worth, one))
    judged.sort(key=lambda pair: (pair[0], pair[1].value))
    best, chosen = judged[-1]
    rival = max((worth for worth, one in judged if one.value != chosen.value), default=best - 4)
    sure = min(max(best / 10, 0.05), 0.75) + min(max(best - rival, 0) / 8, 0.25)
    if chosen.label not in ("total", "paid") or _is_cut(chosen, known):
        sure = min(sure, _UNLABELLED)
    elif chosen.value * 2 < largest and chosen.value not in sums:
        sure = min(sure, _SMALL)
    return chosen, round(sure * max(chosen.row.confidence(chosen.start, chosen.end), 0.5), 2)


def _label(
    row: Row, start: int, end: int, here: Sequence[Label], above: list[tuple[Row, list[tuple[str, float, float, int]]]]
) -> tuple[str, int]:
    """Return the label of a number: beside it, else alone on the row above it, else at the head of its column."""
    beside = [one for one in here if one.kind in _WORTH]
    before = [one for one in beside if one.end <= start]
    after = [one for one in beside if one.start >= end]
    if before:
        nearest = max(before, key=lambda one: one.end)
        return nearest.kind, nearest.end - nearest.start
    if after and (row.right_to_left or not any(NUMBER.finditer(row.text, after[0].end))):
        nearest = min(after, key=lambda one: one.start)
        return nearest.kind, nearest.end - nearest.start
    left, right = _sides(row, start, end)
    for gone, (other, said) in enumerate(reversed(above[-2:])):
        if other.page != row.page:
            break
        for kind, begin, stop, length in said:
            if kind in _WORTH and begin < right and stop > left:
                return kind, length - 6 * gone
        if said and not NUMBER.search(other.text) and len(row.words) <= 3 and gone == 0 and said[-1][0] in _WORTH:
            return said[-1][0], said[-1][3] - 6
    return "", 0


def _looks(row: Row, start: int, end: int, signed: bool) -> float:
    """Return what the look of a number is worth: a sign, decimals, its size, its place; against it, many digits."""
    text = row.text[start:end]
    worth = 1.2 if signed else 0.0
    worth += 0.7 if _decimal(text) else 0.0
    worth += min(max(row.size - 1, 0), 1.5)
    worth += 0.4 if row.place > 0.4 else 0.0
    worth -= 2.5 if row.text[max(0, start - 2) : start].strip() == "-" else 0.0  # what is taken off
    plain = text.isdigit()
    if plain and not signed:
        worth -= 1.2 if len(text) < 3 else 0.6
        worth -= 3.0 if text.startswith("0") or len(text) > 7 else 0.0
        worth -= 1.0 if 1900 <= int(text) <= 2100 else 0.0
    return worth


def _is_reference(row: Row, start: int) -> bool:
    """Tell whether a number follows the label of a telephone, an account, a terminal… and no other label since."""
    before = row.text[max(0, start - 40) : start].rsplit("\t", 1)[-1] if start else ""
    found = list(telephone().finditer(before))
    if not found:
        return False
    since = before[found[-1].end() :]
    return not any(map(str.isalpha, since)) and len(since) < 25


def _is_cut(one: Amount, known: Sequence[Amount]) -> bool:
    """Tell whether only a part of an amount was read: one digit, or no decimals where all others have theirs."""
    if one.value.as_tuple().exponent != 0:
        return False
    others = [other for other in known if other.value != one.value]
    marked = all(other.value.as_tuple().exponent != 0 for other in others)
    return one.value < _LEAST or (marked and len(others) >= _ENOUGH_OTHERS)


def _sums(known: Sequence[Amount]) -> set[Decimal]:
    """Return the values that those before them add up to: of all lines in a row, or of two amounts (net and tax)."""
    values = [one.value for one in known if one.label not in ("change", "number")][:80]
    sums: set[Decimal] = set()
    for rank in range(len(values)):
        running, count = Decimal(0), 0
        for one in values[rank:]:
            if count >= 2 and one == running:
                sums.add(one)
            running, count = running + one, count + 1
    for one, other in pairwise(values):
        if one != other and one + other in values:
            sums.add(one + other)
    return sums


def _sides(row: Row, start: int, end: int) -> tuple[float, float]:
    left, _top, right, _bottom = row.box(start, end)
    return left, right


def _decimal(text: str) -> bool:
    return len(text) > 3 and text[-3] in ".," and text[-2:].isdigit()


def _within_letters(before: str, after: str) -> bool:
    """Tell whether a number is a part of a word; scripts without spaces have it touch one on each side."""
    if before.isascii() and before.isalpha():
        return True
    return (after.isascii() and after.isalpha()) or (before.isalpha() and after.isalpha())
