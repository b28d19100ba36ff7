"""What is asked of the coded reasons: how each is worded, what waits for a second person, what an edition says."""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import NamedTuple

from django.utils.translation import gettext as _

from escale.domain.tariffs.lifecycle import Status
from escale.domain.tariffs.models import AmendedRow, Edition
from escale.rules import refusal
from escale.rules.refusal import Appeal, Category, Reason
from escale.rules.scope import RuleSet


class Standing(NamedTuple):
    """A reason as it is worded on a day, the edition that waits to word it otherwise, and whether it is yet to come."""

    reason: Reason
    waiting: int | None
    coming: bool = False


class Said(NamedTuple):
    """A reason as an edition words it, from when, until when, and as it was the day before; None for a new one."""

    after: Reason
    since: date
    until: date | None
    before: Reason | None


def standings(*, on: date) -> list[Standing]:
    """Return the reasons of a day, by category, then those to come, in the law being read (1 query)."""
    rows = AmendedRow.objects.filter(table="reason", edition__status=Status.PROPOSED).order_by("-edition_id")
    waiting = dict(rows.values_list("key", "edition_id"))
    given = refusal.reasons(on=on)
    others = [refusal.reason(code, on=on) for code in refusal.codes() if code not in {one.code for one in given}]
    coming = [one for one in others if one.since and one.since > on]
    return [
        *(Standing(one, waiting.get(one.code)) for one in given),
        *(Standing(one, waiting.get(one.code), coming=True) for one in coming),
    ]


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
    return [Said(_reason(row), row.valid_from, row.valid_until, _before(row)) for row in rows]


def _reason(row: AmendedRow) -> Reason:
    return Reason(
        row.key,
        row.row["label"],
        Category(row.row["category"]).label,
        row.row["articles"],
        Appeal(row.row.get("appeal", Appeal.AMICABLE)),
        articles_of=tuple((RuleSet(rules), own) for rules, own in row.row.get("articles_of", {}).items()),
    )


def _before(row: AmendedRow) -> Reason | None:
    if row.key not in refusal.codes():
        return None
    found = refusal.reason(row.key, on=row.valid_from - timedelta(days=1))
    return None if found.since == row.valid_from else found
