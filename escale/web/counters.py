"""Two counters, two processes: who serves physicians holds the keys of medical papers, and serves nobody else."""

from collections.abc import Callable
from urllib.parse import urlsplit

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.request import split_domain_port

PHYSICIANS = "/gestion/medical/"
EVERYWHERE = ("/connexion/", "/deconnexion/", "/mon-espace/", "/etat/")


def apart(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Send to the other counter those whose page is served there; where there is one counter, serve everybody."""

    def receive(request: HttpRequest) -> HttpResponse:
        if settings.MEDICAL_URL and not _is_served_here(request.path):
            return _sent_away(request)
        return get_response(request)

    return receive


def _is_served_here(path: str) -> bool:
    return path.startswith(EVERYWHERE) or path.startswith(PHYSICIANS) == bool(settings.VAULT_MEDICAL_KEYS)


def _sent_away(request: HttpRequest) -> HttpResponse:
    other = urlsplit(settings.PUBLIC_URL if settings.VAULT_MEDICAL_KEYS else settings.MEDICAL_URL)
    if settings.DEMO and other.port:  # one machine, under the name by which it was asked for: the session goes by name
        other = other._replace(netloc=f"{split_domain_port(request.get_host())[0]}:{other.port}")
    if other.netloc == request.get_host():
        raise Http404  # both have one address, and whoever stands before them mistook the process
    return HttpResponseRedirect(f"{other.geturl()}{request.get_full_path()}")
