"""What an edition would change, told to the person who puts it in force."""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, NamedTuple

from django.db import connection

from escale.domain.tariffs import queries
from escale.domain.tariffs.models import Edition, TariffLine
from escale.domain.tariffs.units import PRICE, Shape, shape
from escale.rules import acts, parameters

SHOWN = 50
MOVED_BY = 10
"""From which move of a price, in percent, it is shown."""


class Change(NamedTuple):
    """One code or figure: what it was on the day before, what it becomes; None where there is nothing."""

    code: str
    label: str
    before: Decimal | None
    after: Decimal | None
    shape: Shape = PRICE

    @property
    def told(self) -> tuple[str, str]:
        """What it was and what it becomes, in words."""
        before, after = ("–" if value is None else self.shape.written(value) for value in (self.before, self.after))
        return before, after

    @property
    def percent(self) -> int | None:
        """By how much the value moves, None where there was none, or where it only says yes or no."""
        if not self.before or self.after is None or self.shape.unit == "switch":
            return None
        return round((self.after - self.before) * 100 / self.before)


@dataclass(frozen=True, kw_only=True)
class Differences:
    """Counts against what is in force on the day of effect, and the changes that deserve a look, largest first."""

    same: int = 0
    new: int = 0
    gone: int = 0
    changed: int = 0
    moved: int = 0
    shown: tuple[Change, ...] = ()


def differences(edition: Edition, *, moved_by: int = MOVED_BY) -> Differences:
    """Compare an edition with what is in force without it; prices that move by more than so many percent are shown."""
    if edition.number:
        before = edition.number - 1
        while before and not Edition.objects.filter(number=before).exists():  # pragma: no cover - numbers follow on
            before -= 1
        law = queries.edition(before)
    else:
        law = queries.edition()
    with parameters.reading(law):
        if edition.lines.exists():
            return _of_lines(edition, moved_by)
        return _of_rows(edition, moved_by)


_COMPARED = """
    SELECT coalesce(after.code, before.code), coalesce(after.label, before.label), before.price, after.price,
           after.code IS NULL, before.code IS NULL, before.label IS DISTINCT FROM after.label
      FROM (SELECT DISTINCT ON (code) code, label, price FROM {lines}
             WHERE edition_id = %(after)s AND (valid_until IS NULL OR valid_until > %(on)s)
             ORDER BY code, valid_from DESC) after
 FULL JOIN (SELECT DISTINCT ON (code) code, label, price FROM {lines}
             WHERE edition_id = %(before)s AND valid_from <= %(on)s AND (valid_until IS NULL OR valid_until > %(on)s)
             ORDER BY code, valid_from DESC) before
     USING (code)
"""


def _of_lines(edition: Edition, moved_by: int) -> Differences:
    on = edition.effective_from
    before = next((one.pk for one in queries.in_charge(on=on) if one.kind == edition.kind), None)
    counted = dict.fromkeys(("same", "new", "gone", "changed", "moved"), 0)
    shown: list[Change] = []
    with connection.cursor() as cursor:
        cursor.execute(
            _COMPARED.format(lines=TariffLine._meta.db_table), {"after": edition.pk, "before": before, "on": on}
        )
        for code, label, was, becomes, is_gone, is_new, is_renamed in cursor:
            change = Change(code, label, was, becomes)
            _count(counted, change, is_gone=is_gone, is_new=is_new, is_renamed=is_renamed)
            if was is not None and becomes is not None and abs(change.percent or 0) > moved_by:
                shown.append(change)
    counted["moved"] = len(shown)
    shown.sort(key=lambda change: (-abs(change.percent or 0), change.code))
    return Differences(**counted, shown=tuple(shown[:SHOWN]))


def _count(counted: dict[str, int], change: Change, *, is_gone: bool, is_new: bool, is_renamed: bool) -> None:
    kind = "gone" if is_gone else "new" if is_new else "same"
    if kind == "same" and (is_renamed or change.before != change.after):
        kind = "changed"
    counted[kind] += 1


def _of_rows(edition: Edition, moved_by: int) -> Differences:
    """Compare the rows of the law one by one: they are few, and each is shown with what it was the day before.

    Reasons hold words and no amount: `reasons.said` tells them.
    """
    counted = dict.fromkeys(("same", "new", "changed", "moved"), 0)
    shown: list[Change] = []
    for row in edition.rows.exclude(table="reason").order_by("table", "key", "valid_from"):
        after = row.row.get("value", row.row.get("tariff"))
        was = _before(row.table, row.key, on=row.valid_from - timedelta(days=1))
        becomes = None if after is None else Decimal(str(after))
        figure = shape(row.key) if row.table == "figure" else PRICE
        change = Change(row.key, figure.label or _named(row.row, row.key), was, becomes, figure)
        kind = "new" if was is None else "changed" if was != becomes else "same"
        counted[kind] += 1
        counted["moved"] += abs(change.percent or 0) > moved_by
        if kind != "same":
            shown.append(change)
    return Differences(**counted, shown=tuple(shown[:SHOWN]))


def _named(row: dict[str, Any], key: str) -> str:
    return str(row.get("label", row.get("name", key)))


def _before(table: str, key: str, *, on: date) -> Decimal | None:
    try:
        if table == "figure":
            return parameters.value(key, on=on)
        return acts.act(key, on=on).tariff if table == "act" else None
    except LookupError:
        return None
