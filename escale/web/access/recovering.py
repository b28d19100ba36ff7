"""« J’ai perdu mon mot de passe ou mon second facteur » : the message alone never opens the door."""

from uuid import uuid4

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from escale.domain.accounts import actions as accounts
from escale.domain.enrolment import actions as enrolments
from escale.domain.enrolment import queries
from escale.domain.enrolment.models import Enrolment, Purpose
from escale.rules.lifecycle import StepRefused
from escale.web.access import browser, links
from escale.web.access.creating import READ
from escale.web.access.enrol_forms import RecoveryForm, RestoreForm
from escale.web.access.views import enter, slowed, too_many


@sensitive_post_parameters()
@require_http_methods(READ)
@never_cache
def recover(request: HttpRequest) -> HttpResponse:
    """Take the address of an account; the answer is the same whether or not there is one."""
    form = RecoveryForm(request.POST if request.method == "POST" else None, initial={"request_key": uuid4()})
    if request.method == "POST" and form.is_valid():
        try:
            email = form.cleaned_data["email"]
            enrolments.ask_recovery(email=email, request_key=form.key(), place=browser.place(request))
        except accounts.TooManyAttempts as refusal:
            form.add_error(None, too_many(refusal))
            return slowed(render(request, "access/recover.html", {"form": form}), refusal)
        return redirect("access:recover_asked")
    return render(request, "access/recover.html", {"form": form})


@require_safe
def asked(request: HttpRequest) -> HttpResponse:
    """Say that a message comes, in the same words for everybody."""
    return render(request, "access/recover_asked.html")


@require_safe
def follow(request: HttpRequest, token: str) -> HttpResponse:
    """Open the link of a message."""
    return links.follow(request, token, Purpose.RECOVER, to="access:restore")


@sensitive_post_parameters()
@require_http_methods(READ)
@never_cache
def restore(request: HttpRequest) -> HttpResponse:
    """Change a password with a second proof, or offer the other ways in."""
    enrolment = links.read(request, Purpose.RECOVER)
    if enrolment is None:
        return render(request, "access/recover_over.html")
    form = RestoreForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            account = enrolments.restore(enrolment=enrolment, **form.cleaned_data, place=browser.place(request))
        except accounts.WrongProof:
            form.add_error("code", _("Ce code n’est pas le bon, ou a déjà servi."))
        except accounts.WeakPassword as weakness:
            form.add_error("password", str(weakness))
        except accounts.TooManyAttempts as refusal:
            form.add_error(None, too_many(refusal))
            return slowed(_ways(request, enrolment, form), refusal)
        except StepRefused:
            return render(request, "access/recover_over.html")
        else:
            links.forget(request, Purpose.RECOVER)
            messages.success(request, _("Votre mot de passe est changé, et vos autres sessions sont fermées."))
            return enter(request, account, factor=True)
    return _ways(request, enrolment, form)


def _ways(request: HttpRequest, enrolment: Enrolment, form: RestoreForm) -> HttpResponse:
    return render(request, "access/recover_ways.html", {"form": form, "ways": queries.ways_back(enrolment)})


@require_POST
def by_letter(request: HttpRequest) -> HttpResponse:
    """Have a code posted to whoever has no second proof any more."""
    enrolment = links.read(request, Purpose.RECOVER)
    links.forget(request, Purpose.RECOVER)
    try:
        if enrolment:
            enrolments.confirm(enrolment=enrolment)
            return redirect("access:letter_leaves")
    except StepRefused:
        pass
    return render(request, "access/recover_over.html")


@require_safe
def letter_leaves(request: HttpRequest) -> HttpResponse:
    """Say that a letter leaves, and what to do with it."""
    return render(request, "access/recover_letter.html")
