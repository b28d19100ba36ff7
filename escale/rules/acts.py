"""The acts that agents pick from, with the French tariff that applied on the day of care."""

import re
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from functools import cache
from typing import Any

from escale.rules import parameters
from escale.rules.intake import Care

_CENT = Decimal("0.01")
_NOTATION = re.compile(r"([A-Z]+)\s+([0-9]+(?:[.,][0-9]+)?)")
_LARGEST_COEFFICIENT = 1000
_TRAITS = ("letter", "child", "under", "drugs", "psychiatry", "supplement")


@dataclass(frozen=True, slots=True)
class Act:
    """An act on a date: `tariff` in euros for one act (for one day, in hospital), None where none is known.

    `letter`: a key letter alone; write its coefficient after it (« AMK 9.5 »). `coordination`: the part of the
    published tariff left out, because it is kept for the coordinated pathway. `child`: the act that replaces it
    before six years of age, `under` the age in years from which it is not given any more, 0 where there is none.
    `drugs`: which patient share of medicines applies in France. `supplement`: paid beside an act, none by itself.
    """

    code: str
    label: str
    care: Care
    tariff: Decimal | None
    valid_from: date | None
    valid_until: date | None
    source: str
    verified: bool
    letter: bool = False
    coordination: Decimal = Decimal(0)
    child: str = ""
    under: int = 0
    drugs: str = "major"
    psychiatry: bool = False
    supplement: bool = False
    edition: int = 0
    version: str = ""
    """Which dated tariff this is, in French: « depuis le 22/12/2024 », and the edition that laid it."""


def act(code: str, *, on: date) -> Act:
    """Return an act as it stood on a date, by its code or its notation (« G », « AMK 9.5 », « B 80 »); LookupError."""
    return _act(code.strip().upper(), on)


@parameters.per_edition(maxsize=64)
def acts(care: Care | None = None, *, on: date) -> tuple[Act, ...]:
    """Return the acts an agent may pick, of one kind of care or all, key letters with their usual coefficients."""
    codes = (code for code, row in _listed().items() if care is None or row["care"] == care.value)
    return tuple(_act(one, on) for code in codes for one in (code, *_usual(code)))


@parameters.per_edition(maxsize=16_384)
def _act(code: str, on: date) -> Act:
    row = _listed().get(code)
    if row is not None:
        return _dated(code, row, on)
    notation = _NOTATION.fullmatch(code)
    row = _listed().get(notation[1]) if notation else None
    if notation is None or row is None or not row.get("letter"):
        raise LookupError(f"no act {code!r}")
    return _times(_dated(notation[1], row, on), Decimal(notation[2].replace(",", ".")))


def _dated(code: str, row: parameters.Row, on: date) -> Act:
    current = parameters.current(parameters.laid_over("act", code, row.get("rows", ())), on=on)
    sources = parameters.table("acts")["sources"]
    traits: dict[str, Any] = {name: row[name] for name in _TRAITS if name in row}
    if current is None:
        source = "Aucun tarif vérifié à cette date" if "rows" in row else sources["none"]
        return Act(code, row["label"], Care(row["care"]), None, None, None, source, False, **traits)
    supplement = Decimal(str(current.get("coordination", 0)))
    if supplement and parameters.value("coordination_supplement_applies", on=on):
        supplement = Decimal(0)
    return Act(
        code=code,
        label=row["label"],
        care=Care(row["care"]),
        tariff=Decimal(str(current["tariff"])) - supplement,
        valid_from=current.get("from"),
        valid_until=current.get("until"),
        source=parameters.cited({**current, "source": sources.get(current["source"], current["source"])}),
        verified=parameters.verified(current),
        edition=current.get("edition", 0),
        version=parameters.version(current),
        coordination=supplement,
        **traits,
    )


def _times(letter: Act, coefficient: Decimal) -> Act:
    if not 0 < coefficient <= _LARGEST_COEFFICIENT:
        raise LookupError(f"no coefficient {coefficient} for {letter.code}")
    written = f"{coefficient.normalize():f}"
    tariff = letter.tariff and (letter.tariff * coefficient).quantize(_CENT, ROUND_HALF_UP)
    return Act(
        code=f"{letter.code} {written}",
        label=f"{letter.label}, coefficient {written.replace('.', ',')}",
        care=letter.care,
        tariff=tariff,
        valid_from=letter.valid_from,
        valid_until=letter.valid_until,
        source=letter.source,
        verified=letter.verified,
        edition=letter.edition,
        version=letter.version,
    )


def _usual(code: str) -> list[str]:
    return [f"{code} {coefficient}" for coefficient in _listed()[code].get("usual", ())]


@parameters.per_edition(maxsize=16)
def _listed() -> dict[str, parameters.Row]:
    """Return the packaged acts, and those that the edition brings: their rows tell their label and kind of care."""
    listed: dict[str, parameters.Row] = dict(_packaged())
    brought = (key for key in parameters.added("act") if key not in listed)
    return listed | {key: parameters.laid_over("act", key, ())[0] for key in brought}


@cache
def _packaged() -> dict[str, parameters.Row]:
    return {row["code"]: row for row in parameters.table("acts")["acts"]}
