"""Lines of care for properties: whatever was drawn, made such that it can be."""

from dataclasses import replace
from typing import Any

from escale.rules.limits import picked
from escale.rules.possible import faults
from escale.rules.reimbursement import CareLine

MENDED: dict[str, dict[str, Any]] = {
    "act_code": {"patient_age": 1},
    "days": {"days": None},
    "emergency": {"emergency": False},
    "exemption": {"exemption": None},
}


def possible(line: CareLine) -> CareLine:
    """Return a line as it can be: the care of its act, and nothing that contradicts itself."""
    line = replace(line, care=picked(line).care)
    for field, _message in [*faults(line, picked(line))]:
        line = replace(line, **MENDED[field])
    return line
