"""Files that the Fund writes itself (docs/tariffs.md): NGAP letters, the LPP, hospital days, transport."""

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

from escale.gateways.nomenclatures import sheet
from escale.gateways.nomenclatures.sheet import AmendedRow, Price, Refused, Wrong

_NEEDED: Mapping[str, Sequence[str]] = {"code": ("code",), "label": ("libelle",), "price": ("tarif",)}
_DATES: Mapping[str, Sequence[str]] = {"from": ("du",), "until": ("au",)}
_NGAP = {**_DATES, "care": ("nature",), "letter": ("lettre",), "usual": ("coefficients",)}
_LARGEST_COEFFICIENT = 1000


def ngap(files: Sequence[Path]) -> Iterator[AmendedRow | Refused]:
    """Read the NGAP: letters, whose tariff is for a coefficient of one, and acts with a tariff of their own."""
    return _rows(files, "", _NGAP)


def hospital(files: Sequence[Path]) -> Iterator[AmendedRow | Refused]:
    """Read the prices of a day in hospital, before any abatement."""
    return _rows(files, "hospital", _DATES)


def transport(files: Sequence[Path]) -> Iterator[AmendedRow | Refused]:
    """Read the flat rates of a journey."""
    return _rows(files, "transport", _DATES)


def lpp(files: Sequence[Path]) -> Iterator[Price | Refused]:
    """Read the LPP: products by their code, with their tariff; none for those at the price of each case."""
    for path in files:
        for row in sheet.columns(path, _NEEDED, _DATES):
            if isinstance(row, Refused):
                yield row
                continue
            number, cells = row
            try:
                amount = sheet.price(cells["price"])
                valid_from, valid_until = sheet.period(cells.get("from", ""), cells.get("until", ""))
                yield Price(
                    line=number, code=sheet.code(cells["code"]), label=sheet.label(cells["label"]), care="device",
                    price=amount or None, valid_from=valid_from, valid_until=valid_until,
                    note="" if amount else "Sans tarif dans la liste",
                )  # fmt: skip
            except Wrong as fault:
                yield Refused(number, str(fault), path.name)


def _rows(files: Sequence[Path], care: str, optional: Mapping[str, Sequence[str]]) -> Iterator[AmendedRow | Refused]:
    for path in files:
        for row in sheet.columns(path, _NEEDED, optional):
            if isinstance(row, Refused):
                yield row
                continue
            number, cells = row
            try:
                yield _act(number, cells, care)
            except Wrong as fault:
                yield Refused(number, str(fault), path.name)


def _act(number: int, cells: dict[str, str], care: str) -> AmendedRow:
    tariff = sheet.price(cells["price"])
    if not tariff:
        raise Wrong("Le tarif manque.")
    valid_from, valid_until = sheet.period(cells.get("from", ""), cells.get("until", ""))
    label, kind = sheet.label(cells["label"]), care or cells.get("care", "")
    row: dict[str, Any] = {"label": label, "care": kind, "tariff": str(tariff)}
    if cells.get("letter", "").casefold() in {"oui", "x", "1"}:
        row |= {"letter": True, "usual": [_coefficient(text) for text in cells.get("usual", "").split()]}
    return AmendedRow(
        line=number, table="act", key=sheet.code(cells["code"]), row=row, valid_from=valid_from, valid_until=valid_until
    )


def _coefficient(text: str) -> str:
    found = sheet.price(text)
    if found is None or not 0 < found <= _LARGEST_COEFFICIENT:
        raise Wrong(f"« {text[:10]} » n’est pas un coefficient.")
    return f"{Decimal(found).normalize():f}"
