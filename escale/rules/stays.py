"""Stay × zone × category × day: who pays, under which article, with which papers; a table of dated rows."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

from escale.rules import parameters
from escale.rules.named import Named
from escale.rules.parameters import laid_over
from escale.rules.territories import Zone


class Stay(Named):
    """Why the person was there."""

    POSTING = "posting", "Affectation"
    MISSION = "mission", "Mission"
    HOLIDAY = "holiday", "Vacances"
    PLANNED_CARE = "planned_care", "Soins programmés"
    STUDIES = "studies", "Études"


class Kind(Named):
    """The stays as the matrix tells them apart: an operation abroad is a kind of mission."""

    POSTING = Stay.POSTING.value, Stay.POSTING.label
    MISSION = Stay.MISSION.value, Stay.MISSION.label
    OPEX = "opex", "Opération extérieure"
    HOLIDAY = Stay.HOLIDAY.value, Stay.HOLIDAY.label
    PLANNED_CARE = Stay.PLANNED_CARE.value, Stay.PLANNED_CARE.label
    STUDIES = Stay.STUDIES.value, Stay.STUDIES.label


class Category(Named):
    """Who is cared for (CSS, art. L. 713-1 and D. 713-1); the values are those of the registry, and one of ours."""

    ACTIVE = "active", "Militaire en activité"
    DEPENDANT = "dependant", "Membre de la famille"
    STUDENT = "student", "Étudiant de la famille"
    RETIRED = "retired", "Militaire retraité ou titulaire d’une pension de réversion"
    OTHER = "other", "Autre assuré"


class RuleSet(Named):
    """The rules by which care is paid back."""

    SERVICE = "service", "Militaires en service ou en mission hors de France"
    PRIVATE_EU = "private_eu", "Séjour privé en Europe"
    PRIVATE_WORLD = "private_world", "Séjour privé hors d’Europe"
    PLANNED = "planned", "Soins programmés"


class Authorisation(Named):
    """Whether the Fund must agree before the care."""

    NONE = "none", "Aucune autorisation préalable"
    HEAVY = "heavy", "Autorisation préalable pour une nuit d’hospitalisation ou un équipement lourd"
    ALWAYS = "always", "Autorisation préalable"


class Cause(Named):
    """What may take care away from this service, wherever it was given."""

    PENSION = "pension", "Soins liés à une pension militaire d’invalidité"
    SERVICE = "service", "Affection imputable au service"


@dataclass(frozen=True, slots=True)
class Terms:
    """One row of the matrix; without `rule_set` another fund is competent. Texts are French."""

    key: str
    rule_set: RuleSet | None
    reason: str
    payer: str
    articles: tuple[str, ...]
    documents: tuple[str, ...]
    """Codes of the papers that prove the right, as in `intake`."""
    cerfa: str
    authorisation: Authorisation
    silence: str
    """What follows from the Fund's silence: a value of `deadlines.Request`, empty where another fund is competent."""
    to_settle: bool
    """A person decides under which rules the care falls."""
    verified: bool
    source: str


@parameters.per_edition(maxsize=4_096)
def terms(*, kind: Kind, zone: Zone, category: Category, long: bool, on: date) -> Terms:
    """Return the row of the matrix for a day; `long`: more than six months in New Caledonia (CSS, art. L. 712-11-1)."""
    (found,) = rows(kind=kind, zone=zone, category=category, long=long, on=on)
    return found


def rows(*, kind: Kind, zone: Zone, category: Category, long: bool, on: date) -> Iterator[Terms]:
    """Yield every row that holds for a case: one, or the table is wrong."""
    for line in _table()["stays"]:
        if _holds(line, kind, zone, category, long):
            own = [row for row in line["rows"] if parameters.current([row], on=on)]
            laid = parameters.current(laid_over("stay", line["key"], ()), on=on) or {}
            yield from (_terms(line["key"], {**row, **laid}) for row in own)


def switches() -> tuple[date, ...]:
    """Return the days on which some row of the matrix begins or ends, sorted."""
    dated = [row for line in _table()["stays"] for row in (*line["rows"], *laid_over("stay", line["key"], ()))]
    return tuple(sorted({row[end] for row in dated for end in ("from", "until") if end in row}))


def alert(zone: Zone) -> str:
    """Return what must be said of a place whatever the stay, in French; empty for most."""
    return str(_table()["alerts"].get(zone.name, ""))


def stop(cause: Cause) -> dict[str, Any]:
    """Return why care of this cause is not for this service, its articles, and the key of the fund to turn to."""
    found: dict[str, Any] = _table()["causes"][cause.value]
    return found


def _table() -> dict[str, Any]:
    return parameters.table("stays")


def _holds(line: dict[str, Any], kind: Kind, zone: Zone, category: Category, long: bool) -> bool:
    return (
        kind.value in line.get("stay", (kind.value,))
        and zone.name in _zones(line["key"])
        and category.value in line.get("category", (category.value,))
        and line.get("length") in (None, "long" if long else "short")
    )


@cache
def _zones(key: str) -> frozenset[str]:
    """Return the names of the zones of a line, groups opened."""
    line = next(line for line in _table()["stays"] if line["key"] == key)
    groups = _table()["zones"]
    return frozenset(zone for name in line["zone"] for zone in groups.get(name, [name]))


def _terms(key: str, row: dict[str, Any]) -> Terms:
    return Terms(
        key=key,
        rule_set=None if row.get("redirect") else RuleSet(row["rule_set"]),
        reason=row["reason"],
        payer=row.get("payer", ""),
        articles=tuple(row["articles"]),
        documents=tuple(row.get("documents", ())),
        cerfa=row.get("cerfa", ""),
        authorisation=Authorisation(row.get("authorisation", "none")),
        silence=row.get("silence", ""),
        to_settle=row.get("to_settle", False),
        verified=row.get("confidence", "law") in ("law", "official"),
        source=parameters.cited(row) if "source" in row else "",
    )
