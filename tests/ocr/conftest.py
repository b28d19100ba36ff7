"""Here the look into a paper is what is told."""

import pytest


@pytest.fixture(autouse=True)
def quick_looks() -> None:
    """Each look is a process started anew, as in the house."""
