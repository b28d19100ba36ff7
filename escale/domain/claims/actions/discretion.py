"""What is kept from a family at the asking of the one who receives the care, and how it is told again."""

from django.db import transaction

from escale.domain.accounts.actor import Actor
from escale.domain.accounts.models import Role
from escale.domain.claims import secrecy
from escale.domain.claims.models import Attachment, Claim, SecrecyReason
from escale.rules.lifecycle import StepRefused


@transaction.atomic
def keep_from_family(*, claim: Claim, attachment: Attachment | None = None, reason: SecrecyReason, by: Actor) -> None:
    """
    Keep a paper, or a whole claim, from those who answer for a minor (CSP, art. L. 1111-5); said twice, it is once.

    :raises StepRefused: if the beneficiary is the insured person or too young, or if it is not this actor's to say.
    """
    _keep(True, "keep_from_family", claim, attachment, reason, by)


@transaction.atomic
def tell_family(*, claim: Claim, attachment: Attachment | None = None, reason: SecrecyReason, by: Actor) -> None:
    """Let the family read again what was kept from it. :raises StepRefused: as for `keep_from_family`."""
    _keep(False, "tell_family", claim, attachment, reason, by)


def _keep(kept: bool, step: str, claim: Claim, attachment: Attachment | None, reason: SecrecyReason, by: Actor) -> None:
    claim.lock()
    what = attachment or claim
    if attachment:
        attachment.refresh_from_db(fields=["kept_from_family"])
    if not secrecy.may_be_kept(claim):
        raise StepRefused("Ce secret se demande pour les soins d’un ayant droit assez âgé pour le demander.")
    if by.role == Role.INSURED and (by.authority or not secrecy.is_about(claim.beneficiary, by)):
        raise StepRefused("Seule la personne qui a reçu les soins peut le demander.")
    if by.role != Role.INSURED and by.account and claim.belongs_to(by.account):
        raise StepRefused("Nul ne décide de sa propre demande.")
    theirs = secrecy.is_theirs_to_tell(claim, attachment)
    if by.role != Role.INSURED and not kept and theirs:
        raise StepRefused("La personne l’a demandé depuis son compte : elle seule peut y revenir.")
    makes_it_theirs = by.role == Role.INSURED and kept and not theirs
    if what.kept_from_family == kept and not makes_it_theirs and step in claim.steps_open_to(by):
        return
    claim.advance(step, by=by, reason=reason, paper=attachment.pk if attachment else None)
    what.kept_from_family = kept
    what.save(update_fields=["kept_from_family"])
