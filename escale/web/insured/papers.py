"""The files joined to a draft: the fourth page of the way."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from escale.domain.accounts.models import Role
from escale.domain.claims import actions as claims
from escale.domain.claims import queries
from escale.domain.claims.models import Arrival, Attachment, Claim
from escale.domain.documents import actions as received
from escale.domain.documents.lifecycle import UploadStatus
from escale.gateways import file_kinds
from escale.rules.intake import Paper
from escale.web.hats import ActorRequest, wearing
from escale.web.insured.bill_forms import OTHER_PAPER, PapersForm
from escale.web.insured.journey import drafting, stage


@wearing(Role.INSURED)
@require_http_methods(["GET", "HEAD", "POST"])
@drafting
def documents(request: ActorRequest, claim: Claim) -> HttpResponse:
    """Show the papers needed, and join files: those refused are named one by one, the others are kept."""
    papers = queries.papers(claim)
    form = PapersForm(
        *((request.POST, request.FILES) if request.method == "POST" else ()),
        claim=claim,
        papers=papers,
        initial={"paper": request.GET.get("piece") or _first_missing(claim, papers)},
    )
    if form.is_bound and form.is_valid():
        join(form, claim, request)
        if not form.errors:
            return redirect(f"{reverse('insured:documents', args=[claim.number])}#pieces")
    files = _files(claim, request)
    coming = arrivals(claim)
    provided = {one.paper for one in files}
    return render(
        request,
        "insured/documents.html",
        {
            "claim": claim,
            "form": form,
            "papers": [(paper, paper.code in provided) for paper in papers],
            "files": files,
            "arrivals": coming,
            "room": room(files, coming),
            "labels": {paper.code: paper.label for paper in papers},
            "stage": stage("documents", claim),
        },
    )


def _files(claim: Claim, request: ActorRequest) -> list[Attachment]:
    own = Attachment.objects.visible_to(request.actor)
    return list(own.filter(claim=claim).select_related("document", "bill", "answers").order_by("pk"))


def arrivals(claim: Claim) -> list[Arrival]:
    """Return the files that ask for something: to be sent to their end, opened, or sent otherwise."""
    asking = [UploadStatus.ARRIVING, UploadStatus.LOCKED, UploadStatus.REFUSED]
    return list(claim.arrivals.filter(upload__status__in=asking).select_related("upload").order_by("pk"))


def room(files: list[Attachment], coming: list[Arrival]) -> dict[str, int]:
    """Return how many files and bytes a claim may still receive, beside those on their way."""
    sizes = [file.document.size for file in files]
    sizes += [one.upload.size for one in coming if one.upload.status != UploadStatus.REFUSED]
    left = {"files": settings.FILES_PER_CLAIM - len(sizes), "bytes": settings.BYTES_PER_CLAIM - sum(sizes)}
    return {what: max(0, n) for what, n in left.items()}


def _first_missing(claim: Claim, papers: tuple[Paper, ...]) -> str:
    provided = queries.provided(claim)
    return next((paper.code for paper in papers if paper.mandatory and paper.code not in provided), "")


def join(form: PapersForm, claim: Claim, request: ActorRequest) -> None:
    """Join each file that can be, say of each other why not, and how many were joined."""
    typed: dict[str, Any] = {name: form.cleaned_data.get(name) for name in ("bill", "medical")}
    typed |= {"paper": form.cleaned_data.get("paper", OTHER_PAPER), "appeal": form.appeal}
    joined = 0
    for file in form.cleaned_data["files"]:
        try:
            claims.attach(
                claim=claim,
                content=file,
                name=file.name,
                declared_type=file.content_type or "",
                size=file.size,
                by=request.actor,
                **typed,
            )
        except claims.Locked as lock:
            sentence = _("« %s » est protégé : indiquez son mot de passe, sous « À terminer ».")
            messages.warning(request, sentence % lock.arrival.upload.name)
        except (file_kinds.Refused, claims.TooMuch, claims.ByPostOnly, received.NotKept) as refusal:
            form.add_error("files", f"« {file_kinds.clean_name(file.name)} » : {refusal}")
        else:
            joined += 1
    if joined:
        messages.success(request, ngettext("%d fichier joint.", "%d fichiers joints.", joined) % joined)


@wearing(Role.INSURED)
@require_POST
@drafting
def remove_file(request: ActorRequest, claim: Claim, attachment: int) -> HttpResponse:
    """Take a file out of a draft."""
    own = Attachment.objects.visible_to(request.actor).filter(claim=claim)
    kept = get_object_or_404(own.select_related("claim", "document"), pk=attachment)
    name = kept.document.name
    claims.detach(attachment=kept, by=request.actor)
    messages.success(request, _("Fichier retiré : « %s ».") % name)
    return redirect("insured:documents", claim.number)
