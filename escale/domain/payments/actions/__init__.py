"""What is done with the money: order, give the visa, prepare a batch, sign it, send it, move to another budget."""

from escale.domain.payments.actions.approving import reject, visa
from escale.domain.payments.actions.batching import MOST_IN_A_BATCH, NothingToSend, prepare_batch, sign, withdraw
from escale.domain.payments.actions.ordering import CeilingReached, NoBankAccount, NotPayable, Part, order
from escale.domain.payments.actions.reimputing import decline, give, propose
from escale.domain.payments.actions.sending import send_batch

__all__ = [
    "MOST_IN_A_BATCH", "CeilingReached", "NoBankAccount", "NotPayable", "NothingToSend", "Part", "decline", "give",
    "order", "prepare_batch", "propose", "reject", "send_batch", "sign", "visa", "withdraw",
]  # fmt: skip
