"""The letters of a debt, to be printed and sent by registered post when nobody reads them online."""

from django.http import Http404, HttpResponse
from django.views.decorators.http import require_safe

from escale.domain.accounts.models import Role
from escale.domain.debts import letters
from escale.web.agents.door import debt_asked_for
from escale.web.hats import ActorRequest, wearing


@require_safe
@wearing(Role.AGENT, Role.SUPERVISOR)
def letter(request: ActorRequest, reference: str) -> HttpResponse:
    """Give the notification of a debt as a PDF, or the answer to its rectification if it is asked for."""
    debt, answer = debt_asked_for(request, reference), "reponse" in request.GET
    if not debt.notified_at or answer and not debt.answered_on:
        raise Http404
    headers = {"Content-Disposition": f'inline; filename="indu-{reference}.pdf"'}
    return HttpResponse(letters.pdf(debt, answer=answer), content_type="application/pdf", headers=headers)
