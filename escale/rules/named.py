"""Words of the law that have a French name."""

from enum import StrEnum
from typing import Self


class Named(StrEnum):
    """An enumeration whose members are written `NAME = value, label`; the label is French."""

    label: str

    def __new__(cls, value: str, label: str = "") -> Self:
        member = str.__new__(cls, value)
        member._value_ = value
        member.label = label
        return member
