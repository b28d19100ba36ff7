"""Who may not open a file, who opens it although it is protected, and who looked: nothing of it is left unsaid."""

from datetime import timedelta

from django.db import models, transaction
from django.db.models import Exists, Q
from django.utils import timezone

from escale.domain.accounts.actor import Actor
from escale.domain.accounts.models import Account
from escale.domain.case import Unacceptable
from escale.domain.journal import actions as journal
from escale.domain.journal.actions import name_of
from escale.domain.registry.models import (
    InsuredPerson,
    Opening,
    OpeningReason,
    Protection,
    ProtectionReason,
    Purpose,
    Reading,
    Recusal,
)

OPEN_FOR = timedelta(minutes=60)
FEWEST_WORDS = 20


class ByAnother(Exception):
    """One person may not do both, or not for themselves; the message says so, in French."""


class AlreadyDone(Exception):
    """It is so already; the message says so, in French."""


def note_reading(
    *,
    insured: InsuredPerson,
    subject: models.Model,
    purpose: Purpose,
    by: Actor,
    number: str = "",
    paper: str = "",
    medical: bool = False,
) -> None:
    """
    Note that somebody of the Fund looked into a file, once in an hour for the same person, object and purpose.

    What a protected file shows once it was said why it opens is noted anew. `number` is that of the claim; `paper`,
    the code of the paper looked at; `medical`, that it is under medical seal.
    """
    now = timezone.now()
    look = {
        "by": by.signatory,
        "subject": name_of(subject),
        "role": by.role,
        "purpose": purpose,
        "hour": now.replace(minute=0, second=0, microsecond=0),
    }
    openings = Opening.objects.filter(insured=insured, by=by.signatory, until__gt=now)
    alike = Q(opening__in=openings) | Q(opening=None) & ~Exists(openings)
    if Reading.objects.filter(alike, **look).exists():
        return
    with transaction.atomic():
        look["opening"] = openings.first()
        seen = {"insured": insured, "number": number, "paper": paper, "medical": medical}
        _reading, is_new = Reading.objects.get_or_create(**look, defaults=seen)
        if is_new:
            facts = {"purpose": purpose.value, "object": name_of(subject)}
            journal.record("reading.note", subject=insured, actor=by.signatory, hat=by.role, **facts)


@transaction.atomic
def declare_recusal(*, account: Account, insured: InsuredPerson, oneself: bool = False, by: Actor) -> Recusal:
    """
    Keep an agent away from the file of an insured person; and from their family's, if both are one person.

    :raises AlreadyDone: if they are kept away already.
    """
    said = {"oneself": oneself, "declared_by": by.signatory}
    recusal, is_new = Recusal.objects.get_or_create(account=account, insured=insured, defaults=said)
    if not is_new:
        if recusal.oneself or not oneself:
            raise AlreadyDone("Ce déport est déjà déclaré.")
        recusal.oneself = True
        recusal.save(update_fields=["oneself"])
    _record("recusal.declare", insured, by, agent=account.pk, oneself=oneself)
    return recusal


@transaction.atomic
def lift_recusal(*, recusal: Recusal, by: Actor) -> None:
    """
    Let an agent treat the file again.

    :raises ByAnother: if it is who declared it, or the agent.
    """
    if by.signatory.pk in {recusal.declared_by_id, recusal.account_id}:
        raise ByAnother("Un déport est levé par une autre personne que celle qui l’a déclaré ou qu’il concerne.")
    _record("recusal.lift", recusal.insured, by, agent=recusal.account_id)
    recusal.delete()


@transaction.atomic
def protect(*, insured: InsuredPerson, reason: ProtectionReason, by: Actor) -> Protection:
    """
    Have everybody say why before they open this file.

    :raises AlreadyDone: if it is protected.
    :raises ByAnother: if the file is one's own, or that of somebody close.
    """
    if insured.is_close_to(by.signatory):
        raise ByAnother("Nul ne protège son propre dossier, ni celui d’un proche : demandez-le à une autre personne.")
    protection, new = Protection.objects.get_or_create(
        insured=insured, defaults={"reason": reason, "set_by": by.signatory}
    )
    if not new:
        raise AlreadyDone("Ce dossier est déjà protégé.")
    _record("protection.set", insured, by, reason=reason.value)
    return protection


@transaction.atomic
def lift_protection(*, protection: Protection, by: Actor) -> None:
    """
    Open this file to everybody who treats claims.

    :raises ByAnother: if it is who set it, or somebody close to the insured person.
    """
    if by.signatory.pk == protection.set_by_id or protection.insured.is_close_to(by.signatory):
        raise ByAnother("La protection est levée par une autre personne que celle qui l’a décidée.")
    _record("protection.lift", protection.insured, by)
    protection.delete()


@transaction.atomic
def open_protected(
    *, insured: InsuredPerson, subject: models.Model, reason: OpeningReason, words: str, by: Actor
) -> Opening:
    """
    Open a protected file for an hour to somebody who says why; while it is open, it stays as it is.

    :raises Unacceptable: if the words are too few to be judged afterwards.
    :raises ByAnother: if the file is their own, or that of somebody close.
    """
    words = " ".join(words.split())
    if len(words) < FEWEST_WORDS:
        raise Unacceptable({"words": f"Expliquez en une phrase d’au moins {FEWEST_WORDS} caractères."})
    if insured.is_close_to(by.signatory):
        raise ByAnother("Nul n’ouvre son propre dossier, ni celui d’un proche.")
    InsuredPerson.objects.select_for_update().get(pk=insured.pk)  # asked for twice at once, it is opened once
    opening = Opening.objects.filter(insured=insured, by=by.signatory, until__gt=timezone.now()).first()
    if opening:
        return opening
    opening = Opening.objects.create(
        insured=insured,
        by=by.signatory,
        role=by.role,
        subject=name_of(subject),
        reason=reason,
        words=words,
        until=timezone.now() + OPEN_FOR,
    )
    _record("glass.open", insured, by, reason=reason.value, object=name_of(subject))
    return opening


@transaction.atomic
def review(*, opening: Opening, by: Actor) -> None:
    """
    Say that an opening was looked at; once is enough.

    :raises ByAnother: if it is who opened.
    """
    opening = Opening.objects.select_for_update().get(pk=opening.pk)
    if opening.by_id == by.signatory.pk:
        raise ByAnother("Une ouverture est revue par une autre personne que celle qui a ouvert.")
    if opening.reviewed_at:
        return
    opening.reviewed_by, opening.reviewed_at = by.signatory, timezone.now()
    opening.save(update_fields=["reviewed_by", "reviewed_at"])
    _record("glass.review", opening.insured, by, opening=opening.pk)


def _record(event: str, insured: InsuredPerson, by: Actor, **facts: str | int) -> None:
    journal.record(event, subject=insured, actor=by.signatory, hat=by.role, **facts)
