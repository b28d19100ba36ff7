"""The manners of the house, that every room keeps."""

from pathlib import Path

HOUSE = Path(__file__).parents[2]
