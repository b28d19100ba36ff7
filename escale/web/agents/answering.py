"""What is done to one case from a form of its page, and told where it was typed."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from escale.domain.accounts.models import Role
from escale.domain.case import Unacceptable
from escale.rules.lifecycle import StepRefused
from escale.web.forms import Form
from escale.web.hats import ActorRequest, View, wearing


def answering(
    *roles: Role,
    asked_for: Callable[[ActorRequest, str], Any],
    page: Callable[..., HttpResponse],
    route: str,
    form: type[Form] = Form,
    about: Callable[[Any], dict[str, Any]] = lambda case: {},
    name: str = "form",
) -> Callable[[Callable[..., str]], View]:
    """
    Make a view of what these hats do to a case: it returns the sentence that they are told on the page of the case.

    `form` takes what is typed, and what it has to know `about` the case; the page calls it by its `name`, and shows it
    again if something is not right.
    """

    def view_of(act: Callable[..., str]) -> View:
        @require_POST
        @wearing(*roles)
        @wraps(act)
        def view(request: ActorRequest, reference: str) -> HttpResponse:
            case = asked_for(request, reference)
            typed = form(request.POST, **about(case))
            if typed.is_valid():
                try:
                    with transaction.atomic():
                        told = act(case, typed, request.actor)
                    messages.success(request, told)
                except Unacceptable as refusal:
                    typed.refuse(refusal.errors)
                except StepRefused as refused:
                    messages.error(request, str(refused))
            if typed.errors:
                return page(request, asked_for(request, reference), **{name: typed})
            return redirect(route, reference)

        return view

    return view_of
