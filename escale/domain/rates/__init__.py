"""Rates of exchange: those of official tables, and those that one person enters and another confirms."""
