"""What a machine read on a paper: its words over the picture of the page, and what they propose."""

from typing import Any

from django.http import HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from escale.domain.accounts.models import Role
from escale.domain.claims.models import Attachment
from escale.domain.documents import actions as documents
from escale.domain.documents import queries
from escale.domain.documents.models import Document
from escale.web.agents.door import look_at_paper
from escale.web.hats import ActorRequest, wearing


@require_safe
@wearing(Role.AGENT)
def words(request: ActorRequest, number: str, pk: int, page: int) -> HttpResponse:
    """Give the words of one page of a paper that this agent may look at, and what they propose, as JSON."""
    readable = Attachment.objects.visible_to(request.actor).select_related("document", "claim__insured")
    attachment = get_object_or_404(readable, pk=pk, claim__number=number)
    image = get_object_or_404(attachment.document.pages.select_related("document"), number=page)
    try:
        lines = documents.read_words(page=image, by=request.actor)
    except OSError:
        return JsonResponse({"lines": [], "findings": []}, status=503)
    look_at_paper(request, attachment)
    return JsonResponse({"lines": lines, "findings": [_told(one) for one in proposed(attachment.document, page=page)]})


def proposed(document: Document, *, page: int | None = None) -> list[Any]:
    """Return what was found on a paper, or on one of its pages, for its list « Lu sur la pièce »."""
    return [one for one in queries.findings(document) if page is None or one.page == page]


def _told(finding: Any) -> dict[str, Any]:
    return {
        "field": finding.field, "label": finding.get_field_display(), "value": finding.value,
        "candidates": finding.candidates, "box": finding.box,
    }  # fmt: skip
