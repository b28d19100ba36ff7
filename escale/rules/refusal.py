"""Why a request may be refused: the coded reasons, in the three categories that the service announces."""

from dataclasses import dataclass

from escale.rules.stays import Cause
from escale.rules.territories import Zone

NOT_REIMBURSABLE = "Prestations non remboursables"
NO_RIGHTS = "Droits non ouverts"
OUT_OF_SCOPE = "Documents hors périmètre du téléservice"


@dataclass(frozen=True)
class Reason:
    """One coded reason: what the person reads, and the articles on which the refusal stands."""

    code: str
    label: str
    category: str
    articles: str


REASONS = (
    Reason("R01", "Prestation non remboursable", NOT_REIMBURSABLE, "CSS, art. L. 160-8, R. 160-4 et R. 761-18"),
    Reason("R02", "Droits non ouverts à la date des soins", NO_RIGHTS, "CSS, art. L. 713-1 et D. 713-1"),
    Reason("R03", "Bénéficiaire assuré auprès d’un autre organisme", NO_RIGHTS, "CSS, art. D. 713-1-1 et D. 160-14"),
    Reason("R04", "Territoire hors du téléservice", OUT_OF_SCOPE, "Conditions du téléservice"),
    Reason("R05", "Régime local compétent", OUT_OF_SCOPE, "CSS, art. L. 712-11-1"),
    Reason("R06", "Document sans rapport avec des soins à l’étranger", OUT_OF_SCOPE, "CSS, art. D. 713-7"),
    Reason("R07", "Affection imputable au service", OUT_OF_SCOPE, "CSS, art. D. 713-7"),
    Reason("R08", "Accord préalable absent ou refusé", NOT_REIMBURSABLE, "CSS, art. R. 160-2 et R. 315-14"),
    Reason("R09", "Demande prescrite : deux ans écoulés", NOT_REIMBURSABLE, "CSS, art. L. 160-11"),
    Reason("R10", "Pièces demandées non reçues à temps", OUT_OF_SCOPE, "CSS, art. R. 761-20 ; CRPA, art. L. 114-5"),
    Reason("R11", "Paiement des soins non justifié", NOT_REIMBURSABLE, "CSS, art. R. 761-20"),
    Reason("R12", "Soins déjà remboursés", NOT_REIMBURSABLE, "CSS, art. L. 160-10"),
    Reason("R13", "Avis médical défavorable", NOT_REIMBURSABLE, "CSS, art. L. 315-2"),
    Reason("R14", "Pièce illisible ou non traduite", OUT_OF_SCOPE, "CSS, art. R. 761-20"),
)  # fmt: skip

_LOCAL_REGIMES = frozenset({Zone.MAYOTTE, Zone.SPM, Zone.NEW_CALEDONIA})
_BY_CODE = {reason.code: reason for reason in REASONS}


def reason(code: str) -> Reason:
    """Return the reason of this code; :raises LookupError: if there is none."""
    return _BY_CODE[code]


def elsewhere(zone: Zone, *, cause: Cause | None = None) -> Reason:
    """Return why a claim is refused whose care, given there or of this cause, is for another fund.

    CSS, art. L. 712-11-1 and D. 713-7; what a military pension pays for is imputable to the service too.
    """
    if cause:
        return reason("R07")
    return reason("R05" if zone in _LOCAL_REGIMES else "R04")
