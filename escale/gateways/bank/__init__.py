"""The bank: SEPA credit transfers written and handed over (ISO 20022, pain.001), and what it answers, read."""

from escale.gateways.bank.frames import UnreadableFile
from escale.gateways.bank.inbox import collect, put_away
from escale.gateways.bank.reading import Kind, Report, read
from escale.gateways.bank.sepa import execution_day, is_bic, is_open, sepa_text
from escale.gateways.bank.told import Told, What
from escale.gateways.bank.writing import (
    Debtor,
    InvalidBatch,
    Transfer,
    credit_transfers,
    faults,
    reaches,
    write_credit_transfers,
)
from escale.gateways.bank.written import Written, written
from escale.gateways.outbox import deliver

__all__ = [
    "Debtor", "InvalidBatch", "Kind", "Report", "Told", "Transfer", "UnreadableFile", "What", "Written", "collect",
    "credit_transfers", "deliver", "execution_day", "faults", "is_bic", "is_open", "put_away", "read",
    "reaches", "sepa_text", "write_credit_transfers", "written",
]  # fmt: skip
