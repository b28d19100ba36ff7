"""The letters of decisions, as the agent of a case sees them: since when each is there, and was read."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from escale.domain.accounts.models import Role
from escale.domain.claims import letters
from escale.domain.claims.models import Claim, DecisionLetter
from escale.web.agents.door import asked_for
from escale.web.hats import ActorRequest, wearing


@require_safe
@wearing(Role.AGENT)
def letter(request: ActorRequest, number: str, pk: int) -> HttpResponse:
    """Give the letter of a decision as it was written."""
    claim = asked_for(request, number)
    kept = DecisionLetter.objects.select_related("decision")
    found = get_object_or_404(kept, decision=pk, decision__claim=claim)
    headers = {"Content-Disposition": f'inline; filename="decision-{number}-{pk}.pdf"'}
    return HttpResponse(letters.pdf(found, veiled=False), content_type="application/pdf", headers=headers)


def of_claim(claim: Claim) -> dict[str, Any]:
    """Gather the letters of a claim for its screen, each with the last day to contest it, once it was read."""
    written = [one for one in claim.decisions.all() if hasattr(one, "letter")]
    return {"letters": [(one.letter, letters.appeal_until(one)) for one in written]}
