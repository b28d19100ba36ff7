"""All the papers that the Fund waits for, on one page: each has its place, and one button sends them together."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from escale.domain.accounts.models import Role
from escale.domain.claims import actions as claims
from escale.domain.claims import queries, secrecy, waiting
from escale.domain.claims.models import Claim
from escale.rules.lifecycle import StepRefused
from escale.web.hats import ActorRequest, wearing
from escale.web.insured.bill_forms import PapersForm
from escale.web.insured.journey import own
from escale.web.insured.replacing import Place, is_open, take, waited_for


@wearing(Role.INSURED)
@require_http_methods(["GET", "HEAD", "POST"])
def send(request: ActorRequest, number: str) -> HttpResponse:
    """Show every paper that is waited for and why, and take those that are sent; the others stay waited for."""
    claim = own(request, number)
    forms = {place: _form(request, claim, place) for place in waiting.awaited(claim)}
    if not forms:
        messages.info(request, _("Plus aucune pièce n’est attendue pour cette demande."))
        return redirect("insured:claim", number)
    if request.method == "POST" and (response := _sent(request, claim, forms)):
        return response
    left = {place: form for place, form in forms.items() if form.errors or not form.is_bound}
    hidden = secrecy.hides_nature(claim, reader=request.actor)
    shown = {
        "claim": claim,
        "labels": queries.paper_labels(claim),
        "form": next((form for form in left.values() if form.errors), next(iter(left.values()))),
        "rows": [(form, place, hidden or not is_open(place, request)) for place, form in left.items()],
    }
    return render(request, "insured/awaited.html", shown)


def _form(request: ActorRequest, claim: Claim, place: Place) -> PapersForm:
    """Draw the form of one place; it is only read if a file was chosen there."""
    where = waited_for(place)
    prefix = f"{next(iter(where))}-{place.pk}"
    posted = (request.POST, request.FILES) if f"{prefix}-files" in request.FILES else ()
    return PapersForm(*posted, claim=claim, prefix=prefix, **where)


def _sent(request: ActorRequest, claim: Claim, forms: dict[Place, PapersForm]) -> HttpResponse | None:
    """Take each file where it is waited for; nothing, and why at its field, if one cannot be."""
    chosen = {place: form for place, form in forms.items() if form.is_bound}
    if not chosen:
        messages.error(request, _("Choisissez au moins un fichier."))
        return redirect("insured:awaited", claim.number)
    came, locked = 0, None
    try:
        for place, form in chosen.items():
            try:
                came += form.is_valid() and take(form, place, by=request.actor) is not None
            except claims.Locked as lock:
                locked = lock
    except StepRefused as refusal:  # decided meanwhile
        messages.error(request, str(refusal))
        return redirect("insured:claim", claim.number)
    if came:
        told = ngettext("%(n)d pièce est reçue. Merci.", "%(n)d pièces sont reçues. Merci.", came)
        messages.success(request, told % {"n": came})
    if locked:
        return redirect("insured:unlock_upload", claim.number, locked.arrival.upload.token)
    return None if any(form.errors for form in chosen.values()) else redirect("insured:claim", claim.number)
