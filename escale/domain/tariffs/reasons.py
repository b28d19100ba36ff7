"""What is asked of the coded reasons: how each is worded, what waits for a second person, what an edition says."""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import NamedTuple

from django.utils.translation import gettext as _

from escale.domain.tariffs.lifecycle import Status
from escale.domain.tariffs.models import AmendedRow, Edition
from escale.rules import refusal
from escale.rules.refusal import Appeal, Category, Reason


class Standing(NamedTuple):
    """A reason as it is worded on a day, and the edition that waits to word it otherwise, if there is one."""

    reason: Reason
    waiting: int | None


class Said(NamedTuple):
    """A reason as an edition words it, from when, and as it was worded the day before; None for a new one."""

    after: Reason
    since: date
    before: Reason | None


def standings(*, on: date) -> list[Standing]:
    """Return the reasons that may be given on a day, by category, under the edition of the law being read (1 query)."""
    rows = AmendedRow.objects.filter(table="reason", edition__status=Status.PROPOSED).order_by("-edition_id")
    waiting = dict(rows.values_list("key", "edition_id"))
    return [Standing(one, waiting.get(one.code)) for one in refusal.reasons(on=on)]


def named(editions: Iterable[Edition]) -> dict[int, str]:
    """Return, for each of these editions that words reasons, their codes (1 query)."""
    rows = AmendedRow.objects.filter(edition__in=[one.pk for one in editions], table="reason").order_by("key")
    held: dict[int, list[str]] = {}
    for pk, code in rows.values_list("edition_id", "key"):
        held.setdefault(pk, []).append(code)
    return {pk: f"{_('Motifs de refus')} : {', '.join(codes)}" for pk, codes in held.items()}


def said(edition: Edition) -> list[Said]:
    """Return the reasons that an edition words, beside what they were (1 query)."""
    rows = edition.rows.filter(table="reason").order_by("key", "valid_from")
    return [Said(_reason(row), row.valid_from, _before(row)) for row in rows]


def _reason(row: AmendedRow) -> Reason:
    return Reason(
        row.key,
        row.row["label"],
        Category(row.row["category"]).label,
        row.row["articles"],
        Appeal(row.row.get("appeal", Appeal.AMICABLE)),
    )


def _before(row: AmendedRow) -> Reason | None:
    if row.key not in refusal.codes():
        return None
    found = refusal.reason(row.key, on=row.valid_from - timedelta(days=1))
    return None if found.since == row.valid_from else found
