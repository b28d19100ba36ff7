"""« Pas encore de compte CNMSS » : from the page that anybody may fill to the account that a code opens."""

from contextlib import suppress
from uuid import uuid4

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from escale.domain.accounts import actions as accounts
from escale.domain.enrolment import actions as enrolments
from escale.domain.enrolment.models import Purpose
from escale.rules.identity import masked_nir
from escale.rules.lifecycle import StepRefused
from escale.web.access import browser, joining, links
from escale.web.access.enrol_forms import CodeForm, RequestForm
from escale.web.access.views import enter, slowed, too_many

READ = ["GET", "HEAD", "POST"]


@require_safe
def create(request: HttpRequest) -> HttpResponse:
    """Show the two doors: FranceConnect, or a code by letter."""
    return render(request, "access/create.html")


@sensitive_post_parameters()
@require_http_methods(READ)
@never_cache
def ask(request: HttpRequest) -> HttpResponse:
    """Take a request for an account; the answer is the same whoever asks."""
    form = RequestForm(request.POST if request.method == "POST" else None, initial={"request_key": uuid4()})
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            enrolments.ask(
                email=said["email"],
                nir=said["nir"],
                birth_name=said["birth_name"],
                first_names=said["first_names"],
                born=form.born(),
                request_key=form.key(),
                place=browser.place(request),
            )
        except accounts.TooManyAttempts as refusal:
            form.add_error(None, too_many(refusal))
            return slowed(render(request, "access/create_ask.html", {"form": form}), refusal)
        return redirect("access:create_asked")
    return render(request, "access/create_ask.html", {"form": form})


@require_safe
def asked(request: HttpRequest) -> HttpResponse:
    """Say what comes next, in the same words for everybody."""
    return render(request, "access/create_asked.html")


@require_safe
def follow(request: HttpRequest, token: str) -> HttpResponse:
    """Open the link of a message; programs that read messages confirm nothing by it."""
    return links.follow(request, token, Purpose.CREATE, to="access:confirm")


@require_http_methods(READ)
@never_cache
def confirm(request: HttpRequest) -> HttpResponse:
    """Confirm the address that the message was read at, for one's own request if others typed this address too."""
    if request.method == "POST" and links.served(request, Purpose.CREATE):
        return redirect("access:confirmed")
    waiting = links.waiting(request, Purpose.CREATE)
    wanted = request.POST.get("number")
    chosen = [one for one in waiting if request.method == "POST" and (len(waiting) == 1 or one.number == wanted)]
    if chosen:
        links.note(request, chosen[0], Purpose.CREATE)
        with suppress(StepRefused):  # clicked twice at once
            enrolments.confirm(enrolment=chosen[0])
        return redirect("access:confirmed")
    asked = [(one.number, masked_nir(one.legible_nir), one.asked_at) for one in waiting]
    return render(request, "access/create_confirm.html", {"asked": asked, "unchosen": request.method == "POST"})


@require_safe
def confirmed(request: HttpRequest) -> HttpResponse:
    """Say that a letter leaves if the registry knows who asked."""
    return render(request, "access/create_confirmed.html")


@sensitive_post_parameters()
@require_http_methods(READ)
@never_cache
def redeem(request: HttpRequest) -> HttpResponse:
    """Open the account with the code of a letter or of a counter."""
    form = CodeForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            account = enrolments.redeem(**form.cleaned_data, place=browser.place(request))
        except enrolments.WrongCode:
            form.add_error(None, _("Cette adresse et ce code ne vont pas ensemble, ou le code ne sert plus : vérifiez "
                                   "les deux sur le courrier."))  # fmt: skip
        except enrolments.HasAccount as known:
            joining.begin(request, person=known.person.pk, subject="")
            joining.prove(request)
            return redirect("access:adopt")
        except accounts.WeakPassword as weakness:
            form.add_error("password", str(weakness))
        except accounts.TooManyAttempts as refusal:
            form.add_error(None, too_many(refusal))
            return slowed(render(request, "access/create_code.html", {"form": form}), refusal)
        else:
            messages.success(request, _("Bienvenue : votre compte est ouvert."))
            return enter(request, account, by_letter=True)
    return render(request, "access/create_code.html", {"form": form})
