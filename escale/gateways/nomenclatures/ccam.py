"""The CCAM as the CNAM publishes it: one line for each act, activity and phase, its tariff in euros (sector 1)."""

import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from escale.gateways.nomenclatures import sheet
from escale.gateways.nomenclatures.sheet import Price, Refused, Wrong

_NEEDED = {
    "code": ("code", "code acte"),
    "label": ("libelle", "texte", "libelle long", "acte"),
    "activity": ("activite",),
    "phase": ("phase",),
    "price": (
        "tarif secteur1 optam", "tarif secteur 1 optam", "tarif secteur 1 optam en euro",
        "tarif secteur 1", "tarif",
    ),
}  # fmt: skip
_OPTIONAL = {
    "group": ("regroupement", "code regroupement"),
    "note": ("mention", "remboursement exceptionnel", "conditions de remboursement"),
    "from": ("date debut", "date d effet", "valid from"),
    "until": ("date fin", "valid until"),
}
_CODE = re.compile(r"[A-Z]{4}[0-9]{3}")
_DENTAL = frozenset({"TDS", "AXI", "SDE", "END", "AID", "ASC", "DEN", "IN1", "INO"})
_DENTURE = frozenset({
    "ADM", "PDT", "CT0", "CT1", "IC0", "IC1", "ICO", "IMP", "CM0", "PF0", "PF1", "PFC", "PFM", "CZ0", "PAR", "PAM",
    "PT0", "PA0", "PA1", "BR1", "RA0", "RF0", "RPN", "RE1", "RS0", "SU0", "SU1",
})  # fmt: skip
_HEAVY = re.compile(r"(tomo)?scintigraphie|scanographie|remnographie|radio-?tomoscintigraphie", re.IGNORECASE)


def ccam(files: Sequence[Path]) -> Iterator[Price | Refused]:
    """Read the CCAM in CSV, as published or saved from the CNAM's spreadsheet: titles above, chapters between.

    An act done by the first activity in one phase keeps its code (« HHFA016 »); any other is written with its
    activity, then its phase (« HHFA016-4 », « HHFA016-1-2 »). A price of zero or none is no tariff.
    """
    for path in files:
        for row in sheet.columns(path, _NEEDED, _OPTIONAL):
            if isinstance(row, Refused):
                yield row
                continue
            number, cells = row
            if not cells["activity"] and not cells["phase"] and not _CODE.fullmatch(cells["code"]):
                continue  # the title of a chapter, or a note under an act
            try:
                yield _price(number, cells)
            except Wrong as fault:
                yield Refused(number, str(fault), path.name)


def _price(number: int, cells: dict[str, str]) -> Price:
    code, label = cells["code"].upper(), sheet.label(cells["label"])
    if not _CODE.fullmatch(code):
        raise Wrong("Un code de la CCAM a quatre lettres et trois chiffres.")
    activity, phase = cells["activity"], cells["phase"]
    if activity not in {"1", "2", "3", "4", "5"} or phase not in {"0", "1", "2", "3"}:
        raise Wrong("L’activité va de 1 à 5, la phase de 0 à 3.")
    amount, note = sheet.price(cells["price"]), cells.get("note", "")
    valid_from, valid_until = sheet.period(cells.get("from", ""), cells.get("until", ""))
    suffix = f"-{activity}-{phase}" if phase != "0" else f"-{activity}" if activity != "1" else ""
    return Price(
        line=number,
        code=code + suffix,
        activity=activity,
        phase=phase,
        label=label,
        care=_care(cells.get("group", ""), label),
        price=amount or None,
        valid_from=valid_from,
        valid_until=valid_until,
        note=note[:200] or ("" if amount else "Sans tarif dans la nomenclature"),
    )


def _care(group: str, label: str) -> str:
    """Return the kind of care of an act by its group, and heavy imaging by what the act is."""
    if group in _DENTURE:
        return "denture"
    if group in _DENTAL:
        return "dental"
    if group == "ACO":
        return "maternity"
    if _HEAVY.match(label):
        return "heavy_imaging"
    return "imaging" if group in {"ADI", "ADE"} else "specialist"
