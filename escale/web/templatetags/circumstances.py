"""The circumstances of care in words: what the agent retained, and the tariff that the insured person chose."""

from typing import Any

from django import template
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from escale.domain.claims import circumstances as known
from escale.domain.claims.models import Claim, ClaimLine
from escale.web.templatetags.escale import euros

register = template.Library()

_TOLD: dict[tuple[str, bool], Any] = {
    ("unforeseen", True): gettext_lazy("soins inopinés"),
    ("unforeseen", False): gettext_lazy("soins prévus avant le séjour"),
    ("authorised", True): gettext_lazy("autorisés avant d’être donnés"),
    ("authorised", False): gettext_lazy("sans autorisation préalable"),
    ("in_hospital", True): gettext_lazy("pendant une hospitalisation"),
    ("emergency", True): gettext_lazy("passage aux urgences"),
    ("heavy", True): gettext_lazy("acte lourd"),
}


@register.filter
def circumstances(line: ClaimLine) -> list[str]:
    """Return what was retained of the circumstances of a line, and the choice of the insured person, in words."""
    told = []
    for name in known.asked_of(line):
        value = getattr(line, name)
        if name == "state_of_stay":
            told.append(_("tarifs de l’État de séjour, au choix de l’assuré"))
            if value is not None:
                told.append(_("réponse de cet État : %s") % euros(value))
        elif name == "pregnancy_found_on" and value:
            told.append(_("grossesse constatée le %s") % date_format(value, "d/m/Y"))
        elif (name, value) in _TOLD:
            told.append(str(_TOLD[name, value]))
    return told


@register.filter
def gives_choice(claim: Claim) -> bool:
    """Tell whether the insured person chooses the tariff of a claim."""
    return known.gives_choice(claim)
