"""Payments: the orders, the accountant's visa, and the batches sent to the bank."""
