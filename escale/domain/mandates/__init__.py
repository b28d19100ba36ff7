"""Mandates: who acts for whom, for which acts, between which days."""
