"""What is done with the money: order, give the visa, send in batches, hear what comes back, order again."""

from escale.domain.case import Unacceptable
from escale.domain.payments.actions.approving import refuse_denied, reject, visa, visa_all
from escale.domain.payments.actions.batching import MOST_IN_A_BATCH, NothingToSend, prepare_batch, sign
from escale.domain.payments.actions.by_hand import give_up_by_hand, lines_of, make, note_reference, prepare_by_hand
from escale.domain.payments.actions.ordering import CeilingReached, NoBankAccount, NotPayable, Part, order
from escale.domain.payments.actions.reconciling import contest, explain, reconcile
from escale.domain.payments.actions.reimputing import decline, give, propose
from escale.domain.payments.actions.reissuing import reissue, reissue_all
from escale.domain.payments.actions.retrieving import NotRetrieved, retrieve_batch
from escale.domain.payments.actions.returning import hear_again, read_bank_file, receive
from escale.domain.payments.actions.sending import send_batch, send_what_waited, withdraw

__all__ = [
    "MOST_IN_A_BATCH", "CeilingReached", "NoBankAccount", "NotPayable", "NotRetrieved", "NothingToSend", "Part",
    "Unacceptable", "contest", "decline", "explain", "give", "give_up_by_hand", "hear_again", "lines_of", "make",
    "note_reference", "order", "prepare_batch", "prepare_by_hand", "propose", "read_bank_file", "receive", "reconcile",
    "refuse_denied", "reissue", "reissue_all", "reject", "retrieve_batch", "send_batch", "send_what_waited", "sign",
    "visa", "visa_all", "withdraw",
]  # fmt: skip
