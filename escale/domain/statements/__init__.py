"""Statements: what the bank paid, told line by line to whoever it was paid to, and to whom they ask."""
