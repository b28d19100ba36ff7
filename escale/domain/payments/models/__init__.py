"""The orders of payment, the batches in which they leave, and what moves them from one budget to another."""

from escale.domain.payments.models.batches import Batch
from escale.domain.payments.models.orders import PaymentLine, PaymentOrder
from escale.domain.payments.models.reimputations import Reimputation

__all__ = ["Batch", "PaymentLine", "PaymentOrder", "Reimputation"]
