"""What is done with the letter of a decision: deposit it in the account, note when it is read first."""

from django.db import transaction
from django.utils import timezone

from escale.domain.accounts.actor import SYSTEM, Actor
from escale.domain.claims import letters
from escale.domain.claims.models import Decision, DecisionLetter
from escale.domain.journal import actions as journal


@transaction.atomic
def deposit_letter(*, decision: Decision) -> DecisionLetter | None:
    """
    Write the letter of a decision that holds, once, and put it where the insured person reads it.

    It is set on paper once before, so that none is deposited that nobody could take away.

    :raises typesetting.Faulty: if it cannot be set.
    """
    decision.claim.lock()
    found = DecisionLetter.objects.filter(decision=decision).first()
    decision.refresh_from_db(fields=["annulled_at"])
    if found or not decision.stands:
        return found
    letter = letters.sealed(decision)
    for veiled in (False, True):
        letters.pdf(letter, veiled=veiled)
    letter.save()
    journal.record(
        "claim.deposit_letter", subject=decision.claim, hat=SYSTEM.role, decision=decision.pk, sha256=letter.sha256
    )
    return letter


@transaction.atomic
def read_letter(*, letter: DecisionLetter, by: Actor) -> None:
    """Note when the insured person first reads a letter: their delay runs from then, and from nobody else’s reading."""
    if by.authority or letter.first_read_at or by.account != letter.decision.claim.insured.account:
        return
    read = DecisionLetter.objects.filter(pk=letter.pk, first_read_at=None).update(first_read_at=timezone.now())
    letter.refresh_from_db(fields=["first_read_at"])
    if read:
        claim = letter.decision.claim
        journal.record("claim.read_letter", subject=claim, actor=by.account, hat=by.role, decision=letter.decision_id)
