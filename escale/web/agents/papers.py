"""The papers of a claim: page images only, never the original."""

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from escale.domain.accounts.models import Role
from escale.domain.claims.models import Attachment
from escale.domain.documents import queries as documents
from escale.gateways import vault
from escale.web.hats import ActorRequest, wearing


@require_safe
@wearing(Role.AGENT)
def page(request: ActorRequest, number: str, pk: int, page: int) -> HttpResponse:
    """Give the image of one page of a paper that this agent may look at."""
    return _image(request, number, pk, page)


@require_safe
@wearing(Role.PHYSICIAN)
def medical_page(request: ActorRequest, number: str, pk: int, page: int) -> HttpResponse:
    """Give the same to a physician, where medical papers open."""
    return _image(request, number, pk, page)


def _image(request: ActorRequest, number: str, pk: int, page: int) -> HttpResponse:
    readable = Attachment.objects.visible_to(request.actor).select_related("document")
    attachment = get_object_or_404(readable, pk=pk, claim__number=number)
    image = get_object_or_404(attachment.document.pages, number=page)
    try:
        return HttpResponse(documents.content(image), content_type="image/jpeg")
    except (vault.Missing, vault.Altered, vault.NoKey) as error:
        raise Http404 from error
