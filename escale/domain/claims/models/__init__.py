"""A claim: its bills, their lines, the papers joined to them, and what is decided."""

from escale.domain.claims.models.claim import Bill, Claim, ClaimLine
from escale.domain.claims.models.decisions import Award, Decision
from escale.domain.claims.models.letters import DecisionLetter
from escale.domain.claims.models.opinions import MedicalNote, MedicalOpinion, OpinionCode, Outcome
from escale.domain.claims.models.papers import (
    Arrival,
    AskedPaper,
    Attachment,
    Hold,
    HoldReason,
    PaperVerdict,
    SecrecyReason,
)
from escale.domain.claims.models.pauses import Pause, PauseReason
from escale.domain.claims.models.remarks import Remark

__all__ = [
    "Arrival",
    "AskedPaper",
    "Attachment",
    "Award",
    "Bill",
    "Claim",
    "ClaimLine",
    "Decision",
    "DecisionLetter",
    "Hold",
    "HoldReason",
    "MedicalNote",
    "MedicalOpinion",
    "OpinionCode",
    "Outcome",
    "PaperVerdict",
    "Pause",
    "PauseReason",
    "Remark",
    "SecrecyReason",
]
