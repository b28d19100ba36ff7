"""One paper that the Fund waits for: all that may still be sent once it has a claim."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from escale.domain.accounts.actor import Actor
from escale.domain.accounts.models import Role
from escale.domain.claims import actions as claims
from escale.domain.claims import queries, secrecy, waiting
from escale.domain.claims.models import AskedPaper, Attachment, Claim
from escale.domain.documents import actions as documents
from escale.gateways import file_kinds
from escale.rules.lifecycle import StepRefused
from escale.web.hats import ActorRequest, wearing
from escale.web.insured import papers
from escale.web.insured.bill_forms import PapersForm
from escale.web.insured.journey import own

Place = Attachment | AskedPaper
"""Where one file is waited for: in the place of a refused paper, or of one that never came."""


@wearing(Role.INSURED)
@require_http_methods(["GET", "HEAD", "POST"])
def replace(request: ActorRequest, number: str, attachment: int) -> HttpResponse:
    """Show the paper that cannot be kept and why, and put another file in its place."""
    claim = own(request, number)
    refused = get_object_or_404(claim.attachments.select_related("document", "bill", "answers"), pk=attachment)
    told = _("« %s » est reçu à la place de la pièce à remplacer. Le traitement de votre demande reprend.")
    return _one(request, claim, refused, told=told, gone=_("Cette pièce n’est plus à remplacer."))


@wearing(Role.INSURED)
@require_http_methods(["GET", "HEAD", "POST"])
def answer(request: ActorRequest, number: str, asked: int) -> HttpResponse:
    """Show the paper that is asked for and why, and take it."""
    claim = own(request, number)
    wanted = get_object_or_404(claim.asked_papers.select_related("bill"), pk=asked)
    return _one(request, claim, wanted, told=_("« %s » est reçu. Merci."), gone=_("Cette pièce n’est plus demandée."))


def _one(request: ActorRequest, claim: Claim, place: Place, *, told: str, gone: str) -> HttpResponse:
    """Show what one file is waited for, and take it; `told` once it came, `gone` if nobody waits for it any more."""
    posted = (request.POST, request.FILES) if request.method == "POST" else ()
    form = PapersForm(*posted, claim=claim, **waited_for(place))
    if form.is_bound and form.is_valid() and (response := _sent(request, place, form, told=told)):
        return response
    if place not in waiting.awaited(claim):
        messages.info(request, gone)
        return redirect("insured:claim", claim.number)
    veiled = secrecy.hides_nature(claim, reader=request.actor) or not is_open(place, request)
    return render(request, "insured/replace.html", _shown(claim, place, form) | {"veiled": veiled})


def waited_for(place: Place) -> dict[str, Any]:
    """Return how a form is told where its one file is waited for."""
    return {"answers" if isinstance(place, AskedPaper) else "replaces": place}


def is_open(place: Place, request: ActorRequest) -> bool:
    """Tell whether this reader may know which paper is waited for there."""
    return isinstance(place, AskedPaper) or bool(secrecy.open_to([place], place.claim, reader=request.actor))


def _sent(request: ActorRequest, place: Place, form: PapersForm, *, told: str) -> HttpResponse | None:
    """Take the file where it is waited for; nothing, and why at its field, if it cannot be."""
    number = place.claim.number
    try:
        new = take(form, place, by=request.actor)
    except claims.Locked as lock:
        return redirect("insured:unlock_upload", number, lock.arrival.upload.token)
    except StepRefused as refusal:  # decided meanwhile
        messages.error(request, str(refusal))
        return redirect("insured:claim", number)
    if new is None:
        return None
    messages.success(request, told % new.document.name)
    return redirect("insured:claim", number)


def take(form: PapersForm, place: Place, *, by: Actor) -> Attachment | None:
    """
    Take the file of a form where it is waited for; nothing, and why at its field, if it cannot be.

    :raises Locked: if it asks for its password.
    :raises StepRefused: if nobody waits for it any more.
    """
    file = form.cleaned_data["files"][0]
    try:
        return claims.attach(
            claim=place.claim,
            bill=place.bill,
            paper=place.paper,
            medical=form.cleaned_data.get("medical", False),
            content=file,
            name=file.name,
            declared_type=file.content_type or "",
            size=file.size,
            replaces=form.replaces,
            answers=form.answers,
            by=by,
        )
    except (file_kinds.Refused, claims.TooMuch, claims.NotReplaceable, documents.NotKept) as refusal:
        form.add_error("files", f"« {file_kinds.clean_name(file.name)} » : {refusal}")
        return None


def _shown(claim: Claim, place: Place, form: PapersForm) -> dict[str, Any]:
    coming = papers.arrivals(claim)
    if isinstance(place, AskedPaper):
        mine = [arrival for arrival in coming if arrival.answers_id == place.pk]
        return {"claim": claim, "form": form, "asked": place, "arrivals": mine, "room": papers.room([], mine)}
    sent = claim.attachments.current().filter(answers=None).exclude(pk=place.pk).select_related("document")
    return {
        "claim": claim,
        "form": form,
        "refused": place,
        "labels": queries.paper_labels(claim),
        "arrivals": [arrival for arrival in coming if arrival.replaces_id == place.pk],
        "room": papers.room(list(sent), [arrival for arrival in coming if not arrival.answers_id]) | {"files": 1},
    }
