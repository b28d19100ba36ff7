"""The agents' queue: what is due first comes first."""

from datetime import date

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from escale.domain.accounts.models import Role
from escale.domain.claims import queries
from escale.domain.claims.models import Claim
from escale.web.hats import ActorRequest, wearing


@require_safe
@wearing(Role.AGENT)
def waiting(request: ActorRequest) -> HttpResponse:
    """Show the claims to treat, fifty at a time, or open the one whose number was typed."""
    number = _number(request.GET.get("numero", ""))
    if number and Claim.objects.within_reach_of(request.actor).filter(number=number).exists():
        return redirect("agents:case", number)
    claims = list(queries.queue(actor=request.actor, after=cursor(request)))
    return render(
        request,
        "agents/queue.html",
        {
            "claims": claims,
            "after": following(claims),
            "number": number,
            "number_error": number and _("Aucune demande reçue ne porte ce numéro : vérifiez-le."),
        },
    )


def cursor(request: HttpRequest) -> tuple[date, int] | None:
    """Read the place in the queue from the address; a place that makes no sense is the beginning."""
    day, _dot, pk = request.GET.get("apres", "").partition("_")
    try:
        return date.fromisoformat(day), int(pk)
    except ValueError:
        return None


def following(claims: list[Claim]) -> str:
    """Write the place in the queue after these claims, or nothing if they are the last."""
    last = claims[-1] if len(claims) == queries.PAGE else None
    return f"{last.due_on}_{last.pk}" if last else ""


def _number(typed: str) -> str:
    """Put a number typed by hand in the form that the house gives it: two groups of five signs."""
    signs = "".join(sign for sign in typed.upper() if sign.isalnum())[:20]
    return f"{signs[:5]}-{signs[5:]}" if signs else ""
