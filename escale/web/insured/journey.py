"""The way through a draft: its pages in order, and the door that keeps them for drafts."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext_lazy as _

from escale.domain.case import BeyondAuthority
from escale.domain.claims import circumstances, secrecy
from escale.domain.claims.lifecycle import Status
from escale.domain.claims.models import Claim
from escale.rules.lifecycle import StepRefused
from escale.web.hats import ActorRequest

FLOW = [
    ("where", _("Pays et motif du séjour")),
    ("beneficiary", _("Bénéficiaire des soins")),
    ("tariff", _("Tarif du remboursement")),
    ("bills", _("Factures et soins")),
    ("documents", _("Pièces justificatives")),
    ("review", _("Vérification et envoi")),
]


@dataclass(frozen=True)
class Stage:
    """One page of the way: its place, and its neighbours, « » at both ends."""

    number: int
    total: int
    title: Any
    previous: str
    next: str
    next_title: Any


def stage(page: str, claim: Claim | None = None) -> Stage:
    """Return where this page stands on the way; that of the tariff is there for whom the law gives the choice only."""
    has_choice = page == "tariff" or (claim is not None and circumstances.gives_choice(claim))
    flow = [one for one in FLOW if one[0] != "tariff" or has_choice]
    names = [name for name, _title in flow]
    place = names.index(page)
    following = flow[place + 1] if place + 1 < len(flow) else ("", "")
    previous = f"insured:{names[place - 1]}" if place else ""
    next_page = f"insured:{following[0]}" if following[0] else ""
    return Stage(place + 1, len(flow), flow[place][1], previous, next_page, following[1])


def own(request: ActorRequest, number: str, *, decided: bool = False) -> Claim:
    """Return the claim of this number if it is the visitor's, with what was decided of it; else no such page is."""
    claims = Claim.objects.visible_to(request.actor).with_people()
    return get_object_or_404(claims.with_decisions() if decided else claims, number=number)


def drafting(view: Callable[..., HttpResponse], *, blind: bool = False) -> Callable[..., HttpResponse]:
    """
    Give the view a draft of the visitor; what was already sent is shown where it is followed.

    What another typed of somebody else's care opens no page but those that show nothing of it, which are `blind`.
    """

    @wraps(view)
    def enter(request: ActorRequest, number: str, **kwargs: Any) -> HttpResponse:
        claim = own(request, number)
        if claim.status == Status.DRAFT:
            if not claim.steps_open_to(request.actor) & {"change", "submit"}:
                raise BeyondAuthority
            if not blind and secrecy.hides_nature(claim, reader=request.actor):
                return render(request, "insured/veiled_draft.html", {"claim": claim})
            try:
                return view(request, claim, **kwargs)
            except StepRefused:
                pass
            except Claim.DoesNotExist:  # thrown away meanwhile, from another window
                raise Http404 from None
        messages.info(request, _("Cette demande a déjà été envoyée : elle n’est plus modifiable. La voici."))
        return redirect("insured:claim", number)

    return enter
