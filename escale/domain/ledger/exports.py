"""The ledger taken away: rows for spreadsheets and auditors, which name nobody."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

from django.utils import timezone

from escale.domain.ledger import queries
from escale.domain.ledger.models import EntryLine
from escale.rules.accounting import JournalCode

_COLUMNS = (
    "JournalCode", "JournalLib", "EcritureNum", "EcritureDate", "CompteNum", "CompteLib", "CompAuxNum", "CompAuxLib",
    "PieceRef", "PieceDate", "EcritureLib", "Debit", "Credit", "EcritureLet", "DateLet", "ValidDate", "Montantdevise",
    "Idevise", "Budget",
)  # fmt: skip
"""LPF, art. A. 47 A-1, VII: the file of entries that a control asks for; then the budget."""
_AT_A_TIME = 2_000


def entries(month: date) -> Iterator[tuple[str, ...]]:
    """Yield the lines of a month in the columns of the file of entries; persons are numbers."""
    yield _COLUMNS
    lines = EntryLine.objects.filter(month=month).select_related("entry").order_by("entry_id", "pk")
    for line in lines.iterator(chunk_size=_AT_A_TIME):
        entry, party = line.entry, line.party_number
        yield (
            entry.journal, JournalCode(entry.journal).label, str(entry.number), _day(entry.on),
            line.account, line.label, party, "Assuré" if party else "", entry.piece, _day(entry.true_on), entry.text,
            _euros(line.debit), _euros(line.credit), "", "", _day(timezone.localdate(entry.posted_at)), "", "",
            line.budget,
        )  # fmt: skip


def trial_balance(month: date, *, budget: str = "") -> Iterator[tuple[str, ...]]:
    """Yield where each account stands in a month: what is above zero is in debit."""
    yield "CompteNum", "CompteLib", "SoldeInitial", "Debit", "Credit", "SoldeFinal"
    for one in queries.trial_balance(month, budget=budget):
        sums = (one.opening, one.debit, one.credit, one.closing)
        yield one.account.code, one.account.label, *map(_euros, sums)


def _day(day: date) -> str:
    return f"{day:%Y%m%d}"


def _euros(amount: Decimal) -> str:
    return f"{amount:.2f}".replace(".", ",")
