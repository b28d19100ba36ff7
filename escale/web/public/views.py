"""The pages that anybody may open."""

from email import message_from_bytes, policy
from pathlib import Path

from django.conf import settings
from django.db import connection
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from escale.domain.case import BeyondAuthority
from escale.web.insured import uploads

_LATEST_MAILS = 50


@require_GET
def home(request: HttpRequest) -> HttpResponse:
    """Say what the service does and how to enter."""
    return render(request, "public/home.html")


@require_GET
def accessibility(request: HttpRequest) -> HttpResponse:
    """Declare how accessible the service is (loi n° 2005-102, art. 47)."""
    return render(request, "public/accessibility.html")


@require_GET
def privacy(request: HttpRequest) -> HttpResponse:
    """Say what is done with personal data (RGPD, art. 13)."""
    return render(request, "public/privacy.html")


@require_GET
def legal(request: HttpRequest) -> HttpResponse:
    """Say who publishes the service."""
    return render(request, "public/legal.html")


@require_GET
def health(request: HttpRequest) -> HttpResponse:
    """Tell a supervisor of machines whether this process can serve."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return JsonResponse({"etat": "en service"})


@require_GET
def demo_mail(request: HttpRequest) -> HttpResponse:
    """Show the letters that a demonstration without a mail server wrote."""
    if not (settings.DEMO and settings.EMAIL_URL.startswith("folder:")):
        raise Http404
    folder = Path(settings.EMAIL_URL.removeprefix("folder:"))
    paths = sorted(folder.glob("*.eml"), key=lambda path: path.stat().st_mtime, reverse=True)[:_LATEST_MAILS]
    letters = [message_from_bytes(path.read_bytes(), policy=policy.default) for path in paths]
    shown = [
        {"to": m["To"], "subject": m["Subject"], "date": m["Date"].datetime, "text": m.get_content()} for m in letters
    ]
    return render(request, "public/demo_mail.html", {"letters": shown})


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer a request that no browser of ours would send."""
    return render(request, "public/error.html", {"code": 400}, status=400)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer what one may not do, or not in another's name."""
    why = str(exception) if isinstance(exception, BeyondAuthority) else ""
    return render(request, "public/error.html", {"code": 403, "why": why}, status=403)


def forgery(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Answer a form that did not come from our own page, or whose page is too old."""
    if request.resolver_match and request.resolver_match.view_name in uploads.ROUTES:
        return uploads.forged()
    return render(request, "public/error.html", {"code": 403}, status=403)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer what does not exist, or does not exist for this visitor: with the same words."""
    return render(request, "public/error.html", {"code": 404}, status=404)


def broken(request: HttpRequest) -> HttpResponse:
    """Answer when the house itself failed."""
    return render(request, "public/error.html", {"code": 500}, status=500)
