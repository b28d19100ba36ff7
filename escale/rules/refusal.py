"""Why a request may be refused: the coded reasons, in the three categories that the service announces."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from escale.rules import parameters
from escale.rules.named import Named
from escale.rules.parameters import Row, added, laid_over, per_edition
from escale.rules.stays import Cause, RuleSet
from escale.rules.territories import Zone


class Category(Named):
    """The three categories in which the service announces why it refuses."""

    NOT_REIMBURSABLE = "not_reimbursable", "Prestations non remboursables"
    NO_RIGHTS = "no_rights", "Droits non ouverts"
    OUT_OF_SCOPE = "out_of_scope", "Documents hors périmètre du téléservice"


class Appeal(Named):
    """Which commission hears who contests a refusal (CSS, art. R. 142-1 and R. 142-8)."""

    AMICABLE = "amicable", "Commission de recours amiable"
    MEDICAL = "medical", "Commission médicale de recours amiable"


@dataclass(frozen=True)
class Reason:
    """One coded reason: what the person reads, and the articles on which the refusal stands.

    `since` tells from when it is worded so, `cited` where its words come from; `articles_of`, the articles under the
    rules of a stay, where they differ.
    """

    code: str
    label: str
    category: str
    articles: str
    appeal: Appeal = Appeal.AMICABLE
    since: date | None = None
    cited: str = ""
    articles_of: tuple[tuple[RuleSet, str], ...] = ()


def reason(code: str, *, on: date, rule_set: RuleSet | None = None) -> Reason:
    """Return the reason of this code as it is worded on a day; :raises LookupError: if there is none.

    Under the rules of a stay, its articles are those of that stay (CSS, art. R. 160-1 s. and R. 761-18 s.). One that is
    not in force that day has the words of its latest row: what was refused for it can always be told.
    """
    rows = _rows(code)
    found = _current(rows, on=on) or next(iter(rows), None)
    if found is None:
        raise LookupError(f"no reason {code!r}")
    return _reason(code, found, rule_set)


@per_edition(maxsize=512)
def reasons(*, on: date) -> tuple[Reason, ...]:
    """Return the reasons that may be given on a day, by category, then by code."""
    found = ((code, _current(_rows(code), on=on)) for code in codes())
    known = [_reason(code, row) for code, row in found if row]
    return tuple(sorted(known, key=lambda one: (one.category, one.code)))


def codes() -> tuple[str, ...]:
    """Return every code that there ever was, sorted."""
    return tuple(sorted({*_packaged(), *added("reason")}))


def elsewhere(zone: Zone, *, cause: Cause | None = None, on: date) -> Reason:
    """Return why a claim is refused whose care, given there or of this cause, is for another fund.

    CSS, art. L. 712-11-1 and D. 713-7; what a military pension pays for is imputable to the service too.
    """
    if cause:
        return reason("R07", on=on)
    return reason("R05" if zone in _LOCAL_REGIMES else "R04", on=on)


_LOCAL_REGIMES = frozenset({Zone.MAYOTTE, Zone.SPM, Zone.NEW_CALEDONIA})


def _packaged() -> dict[str, tuple[Row, ...]]:
    return {one["code"]: tuple(one["rows"]) for one in parameters.table("refusal_reasons")["reasons"]}


def _rows(code: str) -> tuple[Row, ...]:
    return laid_over("reason", code, _packaged().get(code, ()))


def _current(rows: Iterable[Row], *, on: date) -> Row | None:
    """Return the last words that have begun; none once they have ended: those before them do not come back."""
    begun = next((row for row in rows if row.get("from", date.min) <= on), None)
    return begun if begun and on < begun.get("until", date.max) else None


def _reason(code: str, row: Row, rule_set: RuleSet | None = None) -> Reason:
    articles_of = {RuleSet(rules): str(articles) for rules, articles in row.get("articles_of", {}).items()}
    return Reason(
        code=code,
        label=row["label"],
        category=Category(row["category"]).label,
        articles=articles_of[rule_set] if rule_set in articles_of else row["articles"],
        appeal=Appeal(row.get("appeal", Appeal.AMICABLE)),
        since=row.get("from"),
        cited=parameters.cited(row),
        articles_of=tuple(articles_of.items()),
    )
