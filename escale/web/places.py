"""The territory that a person means by what they typed."""

from django.utils import timezone

from escale.rules import scope
from escale.rules.identity import folded
from escale.rules.scope import Territory


def found(text: str) -> list[Territory]:
    """Return the territories that this text may mean, likeliest first."""
    return scope.search(text, on=timezone.localdate())


def exact(text: str, found: list[Territory]) -> Territory | None:
    """Return the only one of these territories that is called so, if there is one."""
    wanted = folded(text)
    called = [place for place in found if wanted in map(folded, (place.name, place.code, place.iso3, *place.aliases))]
    return called[0] if len(called) == 1 else None


def names() -> list[str]:
    """Return the name of every territory, to help typing."""
    return [place.name for place in scope.territories(on=timezone.localdate())]
