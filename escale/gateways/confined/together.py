"""The words that several looks at a page have seen, put together."""

import re
from typing import Any

_DOUBTFUL = 60
_OWN_DIGITS = re.compile(r"[٠-٩۰-۹๐-๙](?:[.,٫/:-]?[٠-٩۰-۹๐-๙])*")
_AMOUNT = re.compile(r"\d+[.,٫]\d+(?![.,٫/:-]?\d)")


def with_others(found: list[list[Any]], others: list[list[Any]]) -> list[list[Any]]:
    """Add the words that another look found where there was none, or nothing sure."""
    kept = [word for word in found if word[-1] >= _DOUBTFUL or not over(word, others, better=True)]
    added = [word for word in others if word[-1] >= _DOUBTFUL / 2 and not over(word, kept)]
    last = max((word[5] for word in kept), default=0)
    return kept + [[*word[:5], last + word[5], word[6]] for word in added]


def with_numbers(found: list[list[Any]], numbers: list[list[Any]]) -> list[list[Any]]:
    """Put numbers that were read better elsewhere in the place of what lies under them, or within a word of letters."""
    for number in numbers:
        under = [word for word in found if _covers(number, word)]
        lettered = any(word[-1] >= 75 and sum(map(str.isalpha, word[0])) > 1 for word in under)
        around = [word for word in found if len(_OWN_DIGITS.findall(word[0])) == 1 and over(number, [word])]
        if len(around) == 1 and any(map(str.isalpha, around[0][0])) and number[-1] >= _DOUBTFUL:
            around[0][0] = _OWN_DIGITS.sub(number[0], around[0][0])
            continue
        if lettered or number[-1] < max(_DOUBTFUL, sum(word[-1] for word in under) / max(len(under), 1) - 10):
            continue
        line = under[0][5] if under else max((word[5] for word in found), default=0) + 1
        rank = found.index(under[0]) if under else len(found)
        kept = [word for word in found if word not in under]
        found = [*kept[:rank], [*number[:5], line, number[6]], *kept[rank:]]
    return found


def _covers(number: list[Any], word: list[Any]) -> bool:
    """Tell whether the middle of a word lies in a number, or a good part of it where it has no letter."""
    x, y = (word[1] + word[3]) / 2, (word[2] + word[4]) / 2
    if number[1] <= x <= number[3] and number[2] <= y <= number[4]:
        return True
    return not any(map(str.isalpha, word[0])) and over(word, [number])


def over(word: list[Any], others: list[list[Any]], *, better: bool = False) -> bool:
    """Tell whether a word lies where another is, to a good part of either; or where a surer one is."""
    area = max((word[3] - word[1]) * (word[4] - word[2]), 1)
    for other in others:
        if better and other[-1] < word[-1] + 15:
            continue
        width = min(word[3], other[3]) - max(word[1], other[1])
        height = min(word[4], other[4]) - max(word[2], other[2])
        least = max(min(area, (other[3] - other[1]) * (other[4] - other[2])), 1)
        if width > 0 and height > 0 and width * height > 0.3 * least:
            return True
    return False


def joined(found: list[list[Any]]) -> list[list[Any]]:
    """Join the letters of scripts that put no space between words, where they touch."""
    whole: list[list[Any]] = []
    for word in found:
        last = whole[-1] if whole else None
        if last and last[5] == word[5] and -2 <= word[1] - last[3] < _gap(last, word):
            place = [last[1], min(last[2], word[2]), max(last[3], word[3]), max(last[4], word[4])]
            whole[-1] = [last[0] + word[0], *place, last[5], _sure(last, word)]
        else:
            whole.append(word)
    return whole


def _sure(last: list[Any], word: list[Any]) -> int:
    """Return how sure two parts of a word are: as its digits are, if it has any, whatever its letters."""
    parts = [one for one in (last, word) if any(map(str.isdigit, one[0]))]
    if parts:
        return min(int(one[6]) for one in parts)
    return round((len(last[0]) * last[6] + len(word[0]) * word[6]) / len(last[0] + word[0]))


def _gap(last: list[Any], word: list[Any]) -> float:
    """Return how far apart two pieces of a word may be: digits of one number stand wider."""
    within = last[0][-1] in "0123456789๐๑๒๓๔๕๖๗๘๙.," and word[0][0] in "0123456789๐๑๒๓๔๕๖๗๘๙.,"
    return float((0.6 if within else 0.35) * max(word[4] - word[2], last[4] - last[2]))


def confirmed(found: list[list[Any]], numbers: list[list[Any]]) -> list[list[Any]]:
    """Leave out the amounts in digits of a script that were not read by their shape: hardly any is right."""
    read = {number[0] for number in numbers}

    def kept(amount: re.Match[str]) -> str:
        return amount[0] if amount[0].isascii() or amount[0] in read else ""

    return [[_AMOUNT.sub(kept, word[0]) or "|", *word[1:]] for word in found]
