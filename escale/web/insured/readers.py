"""Who of the Fund looked into one's file: when, which service, for what."""

from dataclasses import dataclass
from datetime import date

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from escale.domain.accounts.models import Role
from escale.domain.claims import secrecy
from escale.domain.registry import queries
from escale.domain.registry.models import InsuredPerson, OpeningReason, Reading
from escale.rules import intake
from escale.web import paging
from escale.web.hats import ActorRequest, wearing

SERVICES = {
    Role.AGENT: gettext_lazy("Service des soins à l’étranger"),
    Role.PHYSICIAN: gettext_lazy("Service médical"),
    Role.ACCOUNTANT: gettext_lazy("Agence comptable"),
    Role.SECOND_ACCOUNTANT: gettext_lazy("Agence comptable"),
    Role.SUPERVISOR: gettext_lazy("Supervision"),
    Role.COUNTER: gettext_lazy("Accueil"),
}
"""Under which name each hat is known to the insured person: never that of an agent (CRPA, art. L. 111-2)."""


@dataclass(frozen=True)
class Line:
    """A reading, as the insured person sees it."""

    reading: Reading
    service: str
    what: str

    @property
    def on(self) -> date:
        return timezone.localdate(self.reading.at)

    @property
    def why(self) -> str:
        """Why a protected file was opened; not for what a judge or a control asks, which may not be announced."""
        opening = self.reading.opening
        return opening.get_reason_display() if opening and opening.reason != OpeningReason.ORDERED else ""


@require_safe
@wearing(Role.INSURED, oneself=True)
def show(request: ActorRequest) -> HttpResponse:
    """Show the readings of one's file by the Fund, latest first, fifty at a time."""
    person = get_object_or_404(InsuredPerson.objects.visible_to(request.actor))
    readings = list(queries.readings(person, before=paging.moment(request, "avant")))
    secret = secrecy.secret_readings(readings, reader=request.actor)
    lines = [Line(one, str(SERVICES[Role(one.role)]), _what(one, secret=one.pk in secret)) for one in readings]
    last = paging.last(readings, size=queries.PAGE)
    after = f"{last.at.isoformat()}_{last.pk}" if last else ""
    return render(request, "insured/readers.html", {"lines": lines, "after": after})


def _what(reading: Reading, *, secret: bool) -> str:
    if secret:
        told = _("Une pièce de la demande %(number)s")
    elif reading.medical:
        told = _("Une pièce sous pli médical de la demande %(number)s")
    elif reading.paper:
        told = _("La pièce « %(paper)s » de la demande %(number)s")
    elif reading.subject.startswith("payments."):
        told = _("L’ordre de paiement %(number)s")
    elif reading.subject.startswith("appeals."):
        told = _("Le recours %(number)s")
    elif reading.subject.startswith("debts."):
        told = _("La somme réclamée %(number)s")
    elif reading.number:
        told = _("La demande %(number)s")
    else:
        told = _("Vos informations")
    return told % {"number": reading.number, "paper": _label(reading)}


def _label(reading: Reading) -> str:
    """Return the name of a paper on the day when it was looked at."""
    catalogue = intake.catalogue(on=timezone.localdate(reading.at)) if reading.paper else ()
    return next((paper.label for paper in catalogue if paper.code == reading.paper), "…")
