"""Each request reads the law in force when it came, from its first line to its last."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from escale.domain.tariffs import queries as tariffs
from escale.rules import parameters


def in_force(answer: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Have the law read in its latest edition all along a request: one small query."""

    def under_the_law(request: HttpRequest) -> HttpResponse:
        with parameters.reading(tariffs.edition()):
            return answer(request)

    return under_the_law
