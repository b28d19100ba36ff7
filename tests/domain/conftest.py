"""In the domain, it is always the same morning."""

import pytest


@pytest.fixture(autouse=True)
def this_morning(frozen: object) -> None:
    """Freeze the clock."""
