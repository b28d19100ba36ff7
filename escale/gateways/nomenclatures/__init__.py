"""The official files of tariffs, read line by line: plain prices out, and what is wrong with each other line."""

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from escale.gateways.nomenclatures.amended import figures
from escale.gateways.nomenclatures.bdpm import bdpm
from escale.gateways.nomenclatures.ccam import ccam
from escale.gateways.nomenclatures.house_files import hospital, lpp, ngap, transport
from escale.gateways.nomenclatures.sheet import AmendedRow, Price, Refused, Unreadable

__all__ = ["READERS", "AmendedRow", "Price", "Refused", "Unreadable"]

READERS: dict[str, Callable[[Sequence[Path]], Iterator[Price | AmendedRow | Refused]]] = {
    "figures": figures,
    "ccam": ccam,
    "ngap": ngap,
    "bdpm": bdpm,
    "lpp": lpp,
    "hospital": hospital,
    "transport": transport,
}
"""The reader of each kind: files in, lines out in their order; raises Unreadable when a whole file is not its kind."""
