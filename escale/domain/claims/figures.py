"""The figures by which a decision ordered something for a line, kept with its award whatever is decided later."""

import json
from copy import copy
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder

from escale.domain.claims.models import Award, ClaimLine

NAMES = (
    "given_on", "care", "amount", "paid_elsewhere", "act", "quantity", "days", "exemption", "rate", "rate_source",
    "rate_on", "expense", "due", "participation", "franchise", "counted_on", "explanation", "refused", "reason_code",
    "reason",
)  # fmt: skip
_COLUMNS = {column.name: column for column in ClaimLine._meta.concrete_fields}


def kept(line: ClaimLine) -> dict[str, Any]:
    """Return the figures of a line, as its award keeps them."""
    said: dict[str, Any] = json.loads(json.dumps({name: getattr(line, name) for name in NAMES}, cls=DjangoJSONEncoder))
    return said


def as_ordered(award: Award) -> ClaimLine:
    """Return the line of an award as it was decided, whatever became of it since: to be read, never saved."""
    line = copy(award.line)
    for name, value in award.figures.items():
        setattr(line, name, _COLUMNS[name].to_python(value))
    return line
