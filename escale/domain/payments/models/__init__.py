"""The orders of payment, the batches in which they leave, what moves them to another budget, and what comes back."""

from escale.domain.payments.models.batches import Batch
from escale.domain.payments.models.orders import PaymentLine, PaymentOrder
from escale.domain.payments.models.reimputations import Reimputation
from escale.domain.payments.models.returns import BankEvent, BankFile, Discrepancy, Fact, Outcome

__all__ = [
    "BankEvent", "BankFile", "Batch", "Discrepancy", "Fact", "Outcome", "PaymentLine", "PaymentOrder", "Reimputation",
]  # fmt: skip
