"""One paper in the place of another: the only thing that may still be sent once the Fund has a claim."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from escale.domain.accounts.models import Role
from escale.domain.claims import actions as claims
from escale.domain.claims import queries, waiting
from escale.domain.claims.models import Attachment
from escale.domain.documents import actions as documents
from escale.gateways import file_kinds
from escale.rules.lifecycle import StepRefused
from escale.web.hats import ActorRequest, wearing
from escale.web.insured import papers
from escale.web.insured.bill_forms import PapersForm
from escale.web.insured.journey import own


@wearing(Role.INSURED)
@require_http_methods(["GET", "HEAD", "POST"])
def replace(request: ActorRequest, number: str, attachment: int) -> HttpResponse:
    """Show the paper that cannot be kept and why, and put another file in its place."""
    claim = own(request, number)
    refused = get_object_or_404(claim.attachments.select_related("document", "bill"), pk=attachment)
    form = PapersForm(*((request.POST, request.FILES) if request.method == "POST" else ()),
                      claim=claim, replaces=refused)  # fmt: skip
    if form.is_bound and form.is_valid() and (answer := _replaced(refused, form, request)):
        return answer
    if refused not in waiting.to_replace(claim):
        messages.info(request, _("Cette pièce n’est plus à remplacer."))
        return redirect("insured:claim", number)
    return render(request, "insured/replace.html", _shown(refused, form))


def _replaced(refused: Attachment, form: PapersForm, request: ActorRequest) -> HttpResponse | None:
    """Put the file in its place; nothing, and why at its field, if it cannot be."""
    file = form.cleaned_data["files"][0]
    try:
        new = claims.attach(
            claim=refused.claim,
            bill=refused.bill,
            paper=refused.paper,
            medical=refused.medical,
            content=file,
            name=file.name,
            declared_type=file.content_type or "",
            size=file.size,
            replaces=refused,
            by=request.actor,
        )
    except claims.Locked as lock:
        return redirect("insured:unlock_upload", refused.claim.number, lock.arrival.upload.token)
    except (file_kinds.Refused, claims.TooMuch, claims.NotReplaceable, documents.NotKept) as refusal:
        form.add_error("files", f"« {file_kinds.clean_name(file.name)} » : {refusal}")
        return None
    except StepRefused as refusal:  # decided meanwhile
        messages.error(request, str(refusal))
        return redirect("insured:claim", refused.claim.number)
    told = _("« %s » est reçu à la place de la pièce à remplacer. Le traitement de votre demande reprend.")
    messages.success(request, told % new.document.name)
    return redirect("insured:claim", refused.claim.number)


def _shown(refused: Attachment, form: PapersForm) -> dict[str, Any]:
    claim = refused.claim
    coming = papers.arrivals(claim)
    others = list(claim.attachments.current().exclude(pk=refused.pk).select_related("document"))
    return {
        "claim": claim,
        "refused": refused,
        "form": form,
        "labels": {paper.code: paper.label for paper in queries.papers(claim)},
        "arrivals": [arrival for arrival in coming if arrival.replaces_id == refused.pk],
        "room": papers.room(others, coming),
    }
