"""What may not be done while nobody knows where care was given."""

from django.utils.translation import gettext as _

from escale.domain.claims import queries
from escale.domain.claims.models import Claim
from escale.rules.lifecycle import StepRefused


def refuse_unknown(claim: Claim) -> None:
    """Let only a claim go on of which the country is known. :raises StepRefused: otherwise, in words for agents."""
    if queries.is_unplaced(claim):
        raise StepRefused(_("Pays inconnu : indiquez où les soins ont été donnés avant de calculer."))
