"""Numbers as bills write them, and the amounts that they may be."""

import re
from decimal import Decimal

NUMBER = re.compile(
    r"(?<![\d#+])(?<!\*\*)(?<!\d[.,/:-])(?:"
    r"\d{1,3}(?:[ '.,]\d{3})+(?: ?[.,] ?\d{1,3})?(?![\d])|"  # 1 234 567,89
    r"\d{1,2}(?:,\d{2})+,\d{3}(?:\.\d{1,2})?|"  # 12,34,567.89
    r"\d+ ?[.,] ?\d{2,3}(?!\d)|"
    r"\d+[.,]\d|"
    r"\d{1,9}"
    r")(?![\d%°])(?! ?%)(?![/:]\d)(?!-\d)(?![.,]\d)"
)
_LAKH = re.compile(r"\d{1,2}(?:,\d{2})+,\d{3}(?:\.\d{1,2})?")
_LARGEST = Decimal(10) ** 10


def value(text: str, places: int) -> Decimal | None:
    """Return the amount that a written number is, in a currency of so many decimals; None if it can be none.

    Where one separator stands before three digits, it groups thousands, unless the currency has three decimals. Dot,
    comma, apostrophe and space are all separators; « 12,34,567.00 » is grouped as in India.
    """
    text = text.replace(" .", ".").replace(" ,", ",").replace(". ", ".").replace(", ", ",").strip()
    if _LAKH.fullmatch(text):
        return Decimal(text.replace(",", ""))
    last = max(text.rfind("."), text.rfind(","))
    mark = text[last] if last >= 0 else ""
    whole, rest = (text[:last], text[last + 1 :]) if mark else (text, "")
    if mark and (mark in whole or (len(rest) == 3 and not _decimal_of_three(whole, places))):
        whole, rest = text, ""
    groups = re.split(r"[ '.,]", whole)
    if not all(one.isdigit() for one in groups) or (rest and not rest.isdigit()):
        return None
    if len(groups) > 1 and (any(len(one) != 3 for one in groups[1:]) or not 1 <= len(groups[0]) <= 3):
        return None
    amount = Decimal("".join(groups) + (f".{rest}" if rest else ""))
    return amount if amount < _LARGEST else None


def _decimal_of_three(whole: str, places: int) -> bool:
    """Tell whether three digits are decimals: another separator groups already, or the currency has three."""
    return places == 3 or any(one in whole for one in " '.,") or whole in ("", "0")


def written(amount: Decimal, *, group: str, mark: str, places: int) -> str:
    """Write an amount with these separators: the inverse of `value`."""
    return f"{amount:,.{places}f}".replace(",", "@").replace(".", mark).replace("@", group)
