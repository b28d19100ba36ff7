"""The territories where care is received, as they stood on a date, and how a person finds one."""

from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

from escale.rules import parameters
from escale.rules.identity import folded
from escale.rules.named import Named
from escale.rules.parameters import laid_over, per_edition


class Zone(Named):
    """Territories that follow the same rules for care."""

    EU = "eu", "Union européenne"
    EEA = "eea", "Espace économique européen"
    SWITZERLAND = "switzerland", "Suisse"
    UK = "uk", "Royaume-Uni"
    WORLD = "world", "Hors de l’Union européenne"
    POLYNESIA = "polynesia", "Polynésie française"
    NEW_CALEDONIA = "new_caledonia", "Nouvelle-Calédonie"
    SPM = "spm", "Saint-Pierre-et-Miquelon"
    WALLIS = "wallis", "Wallis-et-Futuna"
    TAAF = "taaf", "Terres australes et antarctiques françaises"
    NORTHERN_ISLANDS = "northern_islands", "Saint-Martin et Saint-Barthélemy"
    DROM = "drom", "Département ou région d’outre-mer"
    MAYOTTE = "mayotte", "Mayotte"
    FRANCE = "france", "France métropolitaine"
    SEA = "sea", "En mer"
    UNKNOWN = "unknown", "Pays inconnu"

    @property
    def european(self) -> bool:
        """True where the European coordination of social security applies, or is applied alike."""
        return self in _EUROPEAN


_EUROPEAN = frozenset({Zone.EU, Zone.EEA, Zone.SWITZERLAND, Zone.UK})


@dataclass(frozen=True, slots=True)
class Territory:
    """A country or territory on a date; `code` is ISO 3166-1 alpha-2, or ours where the law cuts finer (CY-N)."""

    code: str
    name: str
    zone: Zone
    currency: str
    iso3: str = ""
    aliases: tuple[str, ...] = ()
    verified: bool = True

    @property
    def slug(self) -> str:
        """The French name as it stands in an address: « cote-d-ivoire »."""
        return folded(self.name).replace(" ", "-")


def territories(*, on: date) -> tuple[Territory, ...]:
    """Return every territory as it stood on a date, sorted by French name, accents ignored."""
    return _territories(_period(on))


def territory(code: str, *, on: date) -> Territory:
    """Return one territory by its code (« DJ », « CY-N »); raises LookupError."""
    try:
        return _by_code(_period(on))[code]
    except KeyError:
        raise LookupError(f"no territory {code!r}") from None


def called(slug: str, *, on: date) -> Territory:
    """Return the territory whose French name stands so in an address; raises LookupError."""
    found = next((one for one in territories(on=on) if one.slug == slug), None)
    if found is None:
        raise LookupError(f"no territory called {slug!r}")
    return found


def search(text: str, *, on: date, limit: int = 10) -> list[Territory]:
    """Return the territories that a person may mean, likeliest first.

    Looks at French names, ISO codes and usual names (« USA », « Tahiti », « Hollande »), accents, hyphens
    and apostrophes ignored; a name begun suffices. Only when nothing matches are typing errors forgiven:
    one in four or five letters, two in more.
    """
    wanted = folded(text)
    if not wanted:
        return []
    ranked: dict[str, tuple[int, str]] = {}
    for key, sort_key, code, alias in _keys(_period(on)):
        rank = _rank(wanted, key, alias)
        if rank is not None and (code not in ranked or rank < ranked[code][0]):
            ranked[code] = (rank, sort_key)
    if not ranked:
        ranked = _near(wanted, on)
    found = _by_code(_period(on))
    return [found[code] for code in sorted(ranked, key=ranked.__getitem__)[:limit]]


def _rank(wanted: str, key: str, alias: bool) -> int | None:
    if key == wanted:
        return 0
    if len(key) > 3 and key.startswith(wanted):
        return 1 + alias
    if len(wanted) > 2 and f" {wanted}" in key:
        return 3 + alias
    return None


def _near(wanted: str, on: date) -> dict[str, tuple[int, str]]:
    allowed = 0 if len(wanted) < 4 else 1 if len(wanted) < 6 else 2
    letters = _letters(wanted)
    ranked: dict[str, tuple[int, str]] = {}
    for key, sort_key, code, _ in _keys(_period(on)):
        if abs(len(key) - len(wanted)) > allowed or (letters ^ _letters(key)).bit_count() > 2 * allowed:
            continue
        errors = _errors(wanted, key)
        if errors <= allowed and (code not in ranked or errors < ranked[code][0]):
            ranked[code] = (errors, sort_key)
    return ranked


def _errors(a: str, b: str) -> int:
    """Count typing errors between two words: letter added, left out, changed, or two neighbours swapped."""
    before: list[int] = []
    row = list(range(len(b) + 1))
    for i, letter in enumerate(a, 1):
        before, last, row = row, before, [i]
        for j, other in enumerate(b, 1):
            cost = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (letter != other))
            if i > 1 and j > 1 and letter == b[j - 2] and a[i - 2] == other:
                cost = min(cost, last[j - 2] + 1)
            row.append(cost)
    return row[-1]


@cache
def _letters(key: str) -> int:
    """Return the set of letters of a word as bits: a cheap bound of how far two words are."""
    bits = 0
    for letter in key:
        bits |= 1 << (ord(letter) % 32)
    return bits


@per_edition(maxsize=64)
def switches() -> tuple[date, ...]:
    """Return the days on which some territory changed, in the edition being read, sorted."""
    rows = [row for code in _codes() for row in (*_own_rows(code), *laid_over("territory", code, ()))]
    return tuple(sorted({row[end] for row in rows for end in ("from", "until") if end in row}))


def _period(on: date) -> date:
    """Return the first day of the period, without any change, that holds a date."""
    return max((day for day in switches() if day <= on), default=date.min)


@cache
def _packaged() -> dict[str, dict[str, Any]]:
    return {row["code"]: row for row in parameters.table("territories")["territories"]}


def _codes() -> tuple[str, ...]:
    return tuple(dict.fromkeys((*_packaged(), *parameters.added("territory"))))


def _own_rows(code: str) -> tuple[parameters.Row, ...]:
    return tuple(_packaged().get(code, {}).get("rows", ()))


def _facts(code: str, on: date) -> dict[str, Any]:
    """Return what is known of a territory on a date: the edition's row changes only what it says."""
    laid = parameters.current(laid_over("territory", code, ()), on=on) or {}
    return {**_packaged().get(code, {}), **(parameters.current(_own_rows(code), on=on) or {}), **laid}


@per_edition(maxsize=64)
def _territories(on: date) -> tuple[Territory, ...]:
    known = [facts for code in _codes() if {"name", "currency"} <= (facts := _facts(code, on) | {"code": code}).keys()]
    found = [
        Territory(
            code=row["code"],
            name=row["name"],
            zone=Zone[row.get("zone", "WORLD").upper()],
            currency=row["currency"],
            iso3=row.get("iso3", ""),
            aliases=tuple(row.get("aliases", ())),
            verified=row.get("confidence") != "default",
        )
        for row in known
    ]
    return tuple(sorted(found, key=lambda one: folded(one.name)))


@per_edition(maxsize=64)
def _by_code(on: date) -> dict[str, Territory]:
    return {one.code: one for one in _territories(on)}


@per_edition(maxsize=64)
def _keys(on: date) -> tuple[tuple[str, str, str, bool], ...]:
    """Return what each territory may be called: search key, sort key, code, and whether it is not its own name."""
    return tuple(
        (folded(key), folded(one.name), one.code, key != one.name)
        for one in _territories(on)
        for key in (one.name, one.code, one.iso3, *one.aliases)
        if key
    )
