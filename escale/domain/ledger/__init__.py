"""Ledger: the double entry of the Fund's payments, month by month, written once."""
