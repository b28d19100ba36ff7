"""The public base of medicines (BDPM): names in CIS_bdpm, boxes with their prices and rates in CIS_CIP_bdpm."""

import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from escale.gateways.nomenclatures import sheet
from escale.gateways.nomenclatures.sheet import Price, Refused, Unreadable, Wrong

_SHARES = {"100": "full", "65": "major", "35": "major", "30": "moderate", "15": "minor"}
_DECLARED, _CIP13, _RATE, _PRICE = 5, 6, 8, 10
_RATES = re.compile(r"\s*%|\s")


def bdpm(files: Sequence[Path]) -> Iterator[Price | Refused]:
    """Read both files, told apart by their names; the code is the CIP13, the price the public one, fee included.

    Boxes that nobody pays back have a line without a price. Raises Unreadable when one of the files is missing.
    """
    boxes = next((path for path in files if path.name.upper().startswith("CIS_CIP")), None)
    names = next((path for path in files if path.name.upper().startswith("CIS_BDPM")), None)
    if boxes is None or names is None:
        raise Unreadable("Donnez les deux fichiers de la base : CIS_bdpm.txt et CIS_CIP_bdpm.txt.")
    named = _names(names)
    with sheet.opened(boxes) as content:
        for number, line in enumerate(sheet.lines(content), 1):
            if not line.strip():
                continue
            try:
                yield _price(number, line.split("\t"), named)
            except Wrong as fault:
                yield Refused(number, str(fault), boxes.name)


def _names(path: Path) -> dict[str, str]:
    """Return the name of each medicine by its CIS code."""
    with sheet.opened(path) as content:
        cells = (line.split("\t", 2) for line in sheet.lines(content))
        named = {row[0].strip(): row[1].strip() for row in cells if len(row) > 2 and row[0].strip().isdigit()}
    if not named:
        raise Unreadable(f"{path.name} : aucun médicament n’y est lu.")
    return named


def _price(number: int, cells: list[str], named: dict[str, str]) -> Price:
    if len(cells) <= _PRICE:
        raise Wrong(f"Il manque des colonnes : {len(cells)} lues.")
    cip = cells[_CIP13].strip()
    if not (len(cip) == 13 and cip.isascii() and cip.isdigit()):
        raise Wrong("Le code CIP13 n’a pas treize chiffres.")
    name = named.get(cells[0].strip())
    if name is None:
        raise Wrong("Le médicament de cette boîte n’est pas dans CIS_bdpm.")
    rate = _RATES.sub("", cells[_RATE])
    if rate and rate not in _SHARES:
        raise Wrong(f"Le taux « {cells[_RATE][:20].strip()} » n’est pas connu.")
    amount = sheet.price(cells[_PRICE].strip()) if rate else None
    sheet.day(cells[_DECLARED].strip())
    return Price(
        line=number,
        code=cip,
        label=sheet.label(f"{name}, {cells[2].strip()}"),
        care="pharmacy",
        price=amount or None,
        drugs=_SHARES.get(rate, ""),
        note="" if amount else "Non remboursé en France",
    )
