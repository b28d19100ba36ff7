"""The names under which FranceConnect and ProConnect know the owner of an account: taken in, and taken away."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from escale.domain.accounts import actions as accounts
from escale.domain.accounts.models import Provider, Role
from escale.domain.registry import actions as registry
from escale.domain.registry.models import InsuredPerson
from escale.web import hats
from escale.web.access import joining, leaving
from escale.web.access.proving import fresh
from escale.web.access.security import by_oneself, key_of


@by_oneself
@require_http_methods(["GET", "HEAD", "POST"])
@fresh
def adopt(request: hats.ActorRequest) -> HttpResponse:
    """Make of the account to which they signed in that of whoever FranceConnect, or a code by letter, brought."""
    known = joining.waiting(request)
    if not known or not known.get("is_proven"):
        shown = {"service": Provider.FRANCECONNECT, "why": "stale"}
        return render(request, "access/openid_stopped.html", shown, status=400)
    person = InsuredPerson.objects.get(pk=known["person"])
    if request.method != "POST":
        return render(request, "access/adopt.html", {"person": person, "by_franceconnect": known["subject"]})
    joining.end(request)
    try:
        registry.adopt(person=person, account=request.user, subject=known["subject"])
    except registry.Taken:
        return joining.taken(request)
    if known["subject"]:
        leaving.note(request, request.user, Provider.FRANCECONNECT, known["id_token"])
    request.session.cycle_key()
    hats.put_on(request, Role.INSURED)
    messages.success(request, _("Votre dossier d’assuré est relié à ce compte."))
    return redirect("access:start")


@by_oneself
@require_POST
@fresh
def unbind(request: hats.ActorRequest, provider: str) -> HttpResponse:
    """Enter no more by one of these services."""
    identity = get_object_or_404(request.user.identities, provider=provider)
    try:
        accounts.unbind_identity(identity=identity, keep=key_of(request))
    except accounts.OnlyWayIn:
        messages.error(
            request,
            _(
                "C’est votre seul moyen d’entrer : ajoutez d’abord une clé d’accès, "
                "ou confirmez une adresse e-mail et choisissez un mot de passe."
            ),
        )
    else:
        messages.success(request, _("%(service)s n’ouvre plus ce compte.") % {"service": identity})
    return redirect("access:security")
