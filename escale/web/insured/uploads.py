"""Resumable uploads: tus 1.0 with creation, termination, checksum and expiration, for the page and for any client."""

from collections.abc import Callable
from functools import wraps
from typing import Any
from uuid import UUID

from django.conf import settings
from django.core.exceptions import ObjectDoesNotExist
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.http import http_date
from django.utils.translation import gettext_lazy

from escale.domain.accounts.models import Role
from escale.domain.case import BeyondAuthority
from escale.domain.claims import actions as claims
from escale.domain.claims.models import Arrival, Claim
from escale.domain.documents import actions as documents
from escale.domain.documents.lifecycle import UploadStatus
from escale.rules.lifecycle import StepRefused
from escale.web.hats import ActorRequest, View, wearing
from escale.web.insured import upload_forms
from escale.web.insured.arriving import arriving
from escale.web.insured.journey import own

VERSION = "1.0.0"
BODY = "application/offset+octet-stream"
CHECKSUM_MISMATCH = 460
ROUTES = ("insured:uploads", "insured:upload")

_NOT_UNDERSTOOD = gettext_lazy("Cette demande d’envoi n’est pas comprise : rechargez la page, puis recommencez.")
_CLOSED = gettext_lazy("Cette demande ne reçoit plus de fichier : rechargez la page.")
_SIGNED_OUT = gettext_lazy("Votre session est terminée : reconnectez-vous, l’envoi reprendra où il en était.")
_NO_MORE = gettext_lazy("Vous ne pouvez plus envoyer de fichier ici, ou plus en ce nom : rechargez la page.")
_TOO_OLD = gettext_lazy("Votre session a changé : rechargez la page, l’envoi reprendra où il en était.")
_UNKNOWN = gettext_lazy("Cet envoi n’existe pas ou plus : choisissez le fichier à nouveau.")
_LATE = gettext_lazy("Cet envoi a expiré : choisissez le fichier à nouveau.")
_OVERTAKEN = gettext_lazy("Cet envoi a continué ailleurs : il reprend où il en est.")
_CORRUPTED = gettext_lazy("Une partie du fichier a été abîmée en chemin : elle est à envoyer à nouveau.")
_TOO_LONG = gettext_lazy("Ce fichier est plus long qu’annoncé : choisissez-le à nouveau.")
_LOCKED = gettext_lazy("Ce PDF est protégé : indiquez son mot de passe pour qu’il soit joint.")


class Refusal(Exception):
    """An answer of the protocol other than the one hoped for."""

    def __init__(self, status: int, sentence: object = _NOT_UNDERSTOOD) -> None:
        super().__init__(str(sentence))
        self.code = status


def resumable(view: View) -> View:
    """Answer every refusal with its status and a sentence in JSON: a program reads it, not a person."""

    @wraps(view)
    def enter(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        response: HttpResponseBase
        try:
            if not request.user.is_authenticated:
                raise Refusal(401, _SIGNED_OUT)
            response = view(request, *args, **kwargs)
        except Refusal as refusal:
            response = _refused(refusal.code, refusal)
        except (Http404, ObjectDoesNotExist):  # some other window has forgotten it meanwhile
            response = _refused(404, _UNKNOWN)
        except claims.ByPostOnly as refusal:
            response = _refused(409, refusal)
        except StepRefused:
            response = _refused(409, _CLOSED)
        except BeyondAuthority as refusal:
            response = _refused(403, refusal)
        except documents.Overtaken:
            response = _refused(409, _OVERTAKEN)
        except claims.NotReplaceable as refusal:
            response = _refused(409, refusal)
        except claims.TooMuch as refusal:
            response = _refused(413, refusal)
        except claims.Unacceptable as refusal:
            response = _refused(422, " ".join(refusal.errors.values()))
        except documents.Corrupted:
            response = _refused(CHECKSUM_MISMATCH, _CORRUPTED)
        except documents.NotKept as refusal:
            response = _refused(507, refusal)
        if response.status_code in (302, 403) and not isinstance(response, JsonResponse):  # the door's, for people
            response = _refused(403, _NO_MORE)
        response["Tus-Resumable"] = VERSION
        return response

    return enter


def forged() -> HttpResponse:
    """Answer a request that did not come from our own page, or whose page is older than the session."""
    response = _refused(403, _TOO_OLD)
    response["Tus-Resumable"] = VERSION
    return response


def _refused(status: int, sentence: object) -> JsonResponse:
    headers = {"Cache-Control": "no-store", "Tus-Version": VERSION}
    reason = "Checksum Mismatch" if status == CHECKSUM_MISMATCH else None
    return JsonResponse({"sentence": str(sentence)}, status=status, reason=reason, headers=headers)


@resumable
@wearing(Role.INSURED)
def uploads(request: ActorRequest, number: str) -> HttpResponse:
    """Say what the protocol can do here; announce a file, new or known, and learn from which byte to send it."""
    if request.method not in ("OPTIONS", "POST"):
        return HttpResponseNotAllowed(["OPTIONS", "POST"])
    claim = own(request, number)
    if request.method == "OPTIONS":
        return _abilities(request, None)
    _check_version(request)
    arrival = claims.expect(claim=claim, by=request.actor, **_announced(request, claim))
    claims.finish(arrival=arrival, by=request.actor)  # of an empty file, or one whose last answer was lost
    response = _progress(arrival, status=201)
    response["Location"] = reverse("insured:upload", args=[number, arrival.upload.token])
    return response


@resumable
@wearing(Role.INSURED)
def upload(request: ActorRequest, number: str, token: UUID) -> HttpResponse:
    """Tell how far a file has come, take more of it, say what became of it, or forget it."""
    answer = METHODS.get(_method(request))
    if not answer:
        return HttpResponseNotAllowed(METHODS)
    arrivals = Arrival.objects.visible_to(request.actor).select_related("upload", "claim__insured", "bill", "replaces")
    arrival = get_object_or_404(arrivals, claim__number=number, upload__token=token)
    if arrival.upload.expires_at < timezone.now():
        raise Refusal(410, _LATE)
    return answer(request, arrival)


def _method(request: HttpRequest) -> str:
    """Return what is asked; some networks let nothing pass but POST, which then says what it means."""
    override = request.headers.get("X-HTTP-Method-Override", "")
    return override if request.method == "POST" and override else str(request.method)


def _abilities(request: ActorRequest, arrival: Arrival | None) -> HttpResponse:
    return HttpResponse(
        status=204,
        headers={
            "Tus-Version": VERSION,
            "Tus-Extension": "creation,termination,checksum,expiration",
            "Tus-Max-Size": settings.FILE_LIMITS.size,
            "Tus-Checksum-Algorithm": ",".join(upload_forms.ALGORITHMS),
        },
    )


def _head(request: ActorRequest, arrival: Arrival) -> HttpResponse:
    _check_version(request)
    response = _progress(arrival, status=200)
    response["Upload-Length"] = arrival.upload.size
    return response


def _get(request: ActorRequest, arrival: Arrival) -> HttpResponse:
    claims.finish(arrival=arrival, by=request.actor)
    one = arrival.upload
    sentence = {UploadStatus.LOCKED.value: str(_LOCKED), UploadStatus.REFUSED.value: one.refusal}.get(one.status, "")
    told = {"status": one.status, "offset": one.received, "size": one.size, "name": one.name, "sentence": sentence}
    return JsonResponse(told)


def _patch(request: ActorRequest, arrival: Arrival) -> HttpResponse:
    _check_version(request)
    offset, checksum = _announced_bytes(request, arrival)
    claims.append(arrival=arrival, offset=offset, arriving=arriving(request), checksum=checksum, by=request.actor)
    return _progress(arrival, status=204)


def _delete(request: ActorRequest, arrival: Arrival) -> HttpResponse:
    _check_version(request)
    claims.forget(arrival=arrival, by=request.actor)
    return HttpResponse(status=204)


METHODS: dict[str, Callable[[ActorRequest, Arrival], HttpResponse]] = {
    "OPTIONS": _abilities,
    "HEAD": _head,
    "GET": _get,
    "PATCH": _patch,
    "DELETE": _delete,
}


def _progress(arrival: Arrival, *, status: int) -> HttpResponse:
    expires = http_date(arrival.upload.expires_at.timestamp())
    return HttpResponse(status=status, headers={"Upload-Offset": arrival.upload.received, "Upload-Expires": expires})


def _check_version(request: HttpRequest) -> None:
    if request.headers.get("Tus-Resumable") != VERSION:
        raise Refusal(412)


def _announced(request: HttpRequest, claim: Claim) -> dict[str, Any]:
    """Return what the headers say of a new file; raises Refusal."""
    try:
        said = upload_forms.metadata(request.headers.get("Upload-Metadata", ""))
    except ValueError as error:
        raise Refusal(422) from error
    form = upload_forms.UploadForm(said | {"size": request.headers.get("Upload-Length", "")}, claim=claim)
    if not form.is_valid():
        raise Refusal(422)
    return form.announced()


def _announced_bytes(request: HttpRequest, arrival: Arrival) -> tuple[int, documents.Checksum | None]:
    """Return where the body goes on from, and its checksum if any; raises Refusal before a byte of it is read."""
    if request.content_type != BODY:
        raise Refusal(415)
    if "Transfer-Encoding" in request.headers or not request.headers.get("Content-Length"):
        raise Refusal(411)
    try:
        offset, length = int(request.headers["Upload-Offset"]), int(request.headers["Content-Length"])
        checksum = upload_forms.checksum(request.headers.get("Upload-Checksum", ""))
    except (KeyError, ValueError) as error:
        raise Refusal(400) from error
    if offset != arrival.upload.received or arrival.upload.status != UploadStatus.ARRIVING:
        raise documents.Overtaken
    if offset + length > arrival.upload.size:
        raise Refusal(413, _TOO_LONG)
    return offset, checksum
