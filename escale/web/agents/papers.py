"""The papers of a claim: the images of their pages, and the original when somebody takes it."""

from django.http import Http404, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_safe

from escale.domain.accounts.models import Role
from escale.domain.claims.models import Attachment
from escale.domain.documents import actions as documents
from escale.gateways import vault
from escale.web.agents.door import look_at_paper
from escale.web.hats import ActorRequest, wearing


@require_safe
@wearing(Role.AGENT, Role.SUPERVISOR)
def page(request: ActorRequest, number: str, pk: int, page: int) -> HttpResponse:
    """Give the image of one page of a paper that this agent may look at; to a supervisor, of one of an appeal."""
    return _image(request, number, pk, page)


@require_safe
@wearing(Role.PHYSICIAN)
def medical_page(request: ActorRequest, number: str, pk: int, page: int) -> HttpResponse:
    """Give the same to a physician, where medical papers open."""
    return _image(request, number, pk, page)


@require_safe
@wearing(Role.ACCOUNTANT, Role.SECOND_ACCOUNTANT)
def supporting_page(request: ActorRequest, number: str, pk: int, page: int) -> HttpResponse:
    """Give the same to an accountant, of a bill that supports an order."""
    return _image(request, number, pk, page)


@require_safe
@wearing(Role.AGENT)
def original(request: ActorRequest, number: str, pk: int) -> HttpResponseBase:
    """Give a paper as it was received, to be kept and not opened here: it may hold what its images do not."""
    return _original(request, number, pk)


@require_safe
@wearing(Role.PHYSICIAN)
def medical_original(request: ActorRequest, number: str, pk: int) -> HttpResponseBase:
    """Give the same to a physician, where medical papers open."""
    return _original(request, number, pk)


def _original(request: ActorRequest, number: str, pk: int) -> HttpResponseBase:
    attachment = _readable(request, number, pk)
    try:
        content = documents.read_original(document=attachment.document, by=request.actor)
    except vault.NoKey as error:
        raise Http404 from error
    except documents.Doubtful:
        return render(request, "agents/unopenable.html", {"attachment": attachment}, status=404)
    except OSError:
        return render(request, "agents/unopenable.html", {"attachment": attachment, "later": True}, status=503)
    look_at_paper(request, attachment)
    headers = {
        "Content-Disposition": content_disposition_header(True, attachment.document.name) or "attachment",
        "Content-Length": str(attachment.document.size),
    }
    return StreamingHttpResponse(content, content_type="application/octet-stream", headers=headers)


def _readable(request: ActorRequest, number: str, pk: int) -> Attachment:
    readable = Attachment.objects.visible_to(request.actor).select_related("document", "claim__insured")
    return get_object_or_404(readable, pk=pk, claim__number=number)


def _image(request: ActorRequest, number: str, pk: int, page: int) -> HttpResponse:
    attachment = _readable(request, number, pk)
    image = get_object_or_404(attachment.document.pages.select_related("document"), number=page)
    try:
        content = documents.read(page=image, by=request.actor)
    except vault.NoKey as error:
        raise Http404 from error
    except documents.Doubtful:
        return render(request, "agents/unopenable.html", {"attachment": attachment}, status=404)
    except OSError:
        return render(request, "agents/unopenable.html", {"attachment": attachment, "later": True}, status=503)
    look_at_paper(request, attachment)
    return HttpResponse(content, content_type="image/jpeg")
