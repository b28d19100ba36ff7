"""« J’ai perdu mon mot de passe ou ma seconde preuve » : the message alone never opens the door."""

from contextlib import suppress
from uuid import uuid4

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from escale.domain.accounts import actions as accounts
from escale.domain.accounts.actions.passwords import LENGTH
from escale.domain.enrolment import actions as enrolments
from escale.domain.enrolment import queries
from escale.domain.enrolment.models import Enrolment, Purpose
from escale.rules.lifecycle import StepRefused
from escale.web.access import browser, links
from escale.web.access.creating import READ
from escale.web.access.enrol_forms import LetterForm, RecoveryForm, RestoreForm
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
    form = RestoreForm(request.POST if request.method == "POST" else None, least=_least(enrolment))
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
            messages.success(request, _("Votre mot de passe est changé, et vos autres sessions sont fermées."))
            return enter(request, account, factor=True)
    return _ways(request, enrolment, form)


@sensitive_post_parameters()
@require_POST
@never_cache
def come_back(request: HttpRequest) -> HttpResponse:
    """Give an account back to whoever has the code of a letter or of a counter, and has just read a message."""
    enrolment = links.read(request, Purpose.RECOVER)
    if enrolment is None:
        return render(request, "access/recover_over.html")
    form = LetterForm(request.POST, least=_least(enrolment))
    if form.is_valid():
        try:
            account = enrolments.come_back(read=enrolment, **form.cleaned_data, place=browser.place(request))
        except enrolments.WrongCode:
            form.add_error("code", _("Ce code n’est pas celui de votre dernier courrier, ou il ne sert plus."))
        except accounts.WeakPassword as weakness:
            form.add_error("password", str(weakness))
        except accounts.TooManyAttempts as refusal:
            form.add_error(None, too_many(refusal))
            return slowed(_ways(request, enrolment, form), refusal)
        except StepRefused:
            return render(request, "access/recover_over.html")
        else:
            messages.success(
                request,
                _("Votre compte vous est rendu. Ses autres sessions sont fermées, et ses secondes preuves retirées."),
            )
            return enter(request, account, by_letter=True)
    return _ways(request, enrolment, form)


def _ways(request: HttpRequest, enrolment: Enrolment, form: RestoreForm | LetterForm) -> HttpResponse:
    by_letter = isinstance(form, LetterForm)
    context = {
        "form": form,
        "proof": RestoreForm(least=_least(enrolment)) if by_letter else form,
        "letter": form if by_letter else LetterForm(least=_least(enrolment)),
        "ways": queries.ways_back(enrolment),
    }
    return render(request, "access/recover_ways.html", context)


def _least(enrolment: Enrolment) -> int:
    """Return how long a password must be for whoever comes back."""
    account = queries.owner(enrolment.email)
    return accounts.password_length(account) if account else LENGTH


@require_POST
def by_letter(request: HttpRequest) -> HttpResponse:
    """Have a code posted to whoever has no second proof any more."""
    if links.served(request, Purpose.RECOVER):
        return redirect("access:letter_leaves")
    enrolment = links.read(request, Purpose.RECOVER)
    if enrolment is None:
        return render(request, "access/recover_over.html")
    if not queries.ways_back(enrolment).by_letter:
        return redirect("access:restore")
    with suppress(StepRefused):  # clicked twice at once
        enrolments.confirm(enrolment=enrolment)
    return redirect("access:letter_leaves")


@require_safe
def letter_leaves(request: HttpRequest) -> HttpResponse:
    """Say that a letter leaves, and what to do with it."""
    return render(request, "access/recover_letter.html")
