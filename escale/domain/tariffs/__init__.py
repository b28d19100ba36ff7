"""Tariffs and figures of the law put in force by two people, edition by edition, and the search of an act."""
