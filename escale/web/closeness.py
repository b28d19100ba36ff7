"""Each request asks once only whom of the insured its actor is close to."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from escale.domain.registry.models import closeness


def asked_once(answer: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Have what a request shows rest on one answer; what it decides asks again."""

    def asking_once(request: HttpRequest) -> HttpResponse:
        with closeness.asked_once():
            return answer(request)

    return asking_once
