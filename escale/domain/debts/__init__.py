"""Debts: what the Fund paid by mistake and claims back, told as the law wants, rectified, spread, recovered."""
