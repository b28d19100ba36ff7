"""Files on their way that ask for something: the password of one that is locked, or to be forgotten."""

from uuid import UUID

from django import forms
from django.contrib import messages
from django.core.exceptions import ObjectDoesNotExist
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from escale.domain.accounts.models import Role
from escale.domain.claims import actions as claims
from escale.domain.claims.models import Arrival, Claim
from escale.domain.documents import actions as documents
from escale.domain.documents.lifecycle import UploadStatus
from escale.web.forms import Form
from escale.web.hats import ActorRequest, wearing
from escale.web.insured.journey import own


class PasswordForm(Form):
    """The password that opens a file."""

    password = forms.CharField(
        label=gettext_lazy("Mot de passe du fichier"),
        max_length=200,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "off"}),
        error_messages={"required": gettext_lazy("Écrivez le mot de passe qui ouvre ce fichier.")},
    )


@wearing(Role.INSURED)
@require_http_methods(["GET", "HEAD", "POST"])
def unlock_upload(request: ActorRequest, number: str, token: UUID) -> HttpResponse:
    """Ask for the password of a locked file, and join it once it opens."""
    claim = own(request, number)
    arrival = _arrival(claim, token)
    back = _back(arrival, request)
    if arrival.upload.status != UploadStatus.LOCKED:  # it was opened meanwhile, from another window
        return redirect(back)
    form = PasswordForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        try:
            claims.unlock(arrival=arrival, password=form.cleaned_data["password"], by=request.actor)
        except (documents.WrongPassword, documents.NotKept) as refusal:
            form.add_error("password", str(refusal))
        except ObjectDoesNotExist as forgotten:  # from another window, meanwhile
            raise Http404 from forgotten
        else:
            _tell(arrival, request)
            return redirect(back)
    shown = {"claim": claim, "upload": arrival.upload, "form": form, "back": back}
    return render(request, "insured/unlock.html", shown)


@wearing(Role.INSURED)
@require_POST
def forget_upload(request: ActorRequest, number: str, token: UUID) -> HttpResponse:
    """Forget a file that was not joined, with all that arrived of it."""
    claim = own(request, number)
    arrival = _arrival(claim, token)
    claims.forget(arrival=arrival, by=request.actor)
    messages.success(request, _("Fichier retiré : « %s ».") % arrival.upload.name)
    return redirect(_back(arrival, request))


def _tell(arrival: Arrival, request: ActorRequest) -> None:
    upload = arrival.upload
    if upload.status == UploadStatus.REFUSED:
        messages.error(request, f"« {upload.name} » : {upload.refusal}")
    else:
        messages.success(request, _("Fichier ouvert et joint : « %s ».") % upload.name)


def _arrival(claim: Claim, token: UUID) -> Arrival:
    return get_object_or_404(claim.arrivals.select_related("upload", "claim"), upload__token=token)


def _back(arrival: Arrival, request: ActorRequest) -> str:
    """Return the page where such files are sent: that of the appeal or of the draft, else the claim's own."""
    number = arrival.claim.number
    if arrival.appeal:
        return reverse("insured:join_to_appeal", args=[arrival.appeal])
    if "change" in arrival.claim.steps_open_to(request.actor):
        return f"{reverse('insured:documents', args=[number])}#joindre"
    return reverse("insured:claim", args=[number])
