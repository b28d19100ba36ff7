"""What is done with statements: let them be sent to one's complementary insurer, send them, stop."""

from escale.domain.statements.actions.insurers import name_insurer
from escale.domain.statements.actions.sharing import end_all, end_some, give, longest_until, withdraw
from escale.domain.statements.actions.transmitting import follow_payment, transmit

__all__ = ["end_all", "end_some", "follow_payment", "give", "longest_until", "name_insurer", "transmit", "withdraw"]
