"""Dossiers: the Dossier Unique, one family situation shared with partners."""
