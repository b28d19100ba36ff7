"""How somebody lets their statements be sent to their complementary insurer, and takes it back."""

import re
from datetime import date
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from escale.domain.accounts.actor import SYSTEM, Actor
from escale.domain.accounts.models import Account
from escale.domain.case import Unacceptable
from escale.domain.registry.models import InsuredPerson
from escale.domain.statements.lifecycle import ConsentStatus
from escale.domain.statements.models import ComplementaryInsurer, SharingConsent
from escale.rules import parameters
from escale.rules.deadlines import months_after
from escale.rules.lifecycle import StepRefused

_CONTRACT = re.compile(r"[0-9A-Z][0-9A-Z ./-]{0,29}", re.ASCII)
_ONESELF = "Seule la personne elle-même peut donner ou retirer ce consentement."


@transaction.atomic
def give(
    *,
    insured: InsuredPerson,
    insurer: ComplementaryInsurer,
    contract: str,
    with_children: bool,
    valid_from: date,
    valid_until: date,
    request_key: UUID,
    by: Actor,
) -> SharingConsent:
    """
    Let what is paid for one's own care, and for one's minor children's if said so, be told to one's insurer.

    What is paid between the two days (the end excluded) is, even told by the bank later; once for this request key.

    :raises Unacceptable: if the insurer, the contract or the days cannot be.
    :raises StepRefused: if it is not this person's to give.
    """
    _check_oneself(insured, by)
    InsuredPerson.objects.select_for_update(of=("self",)).get(pk=insured.pk)
    if known := SharingConsent.objects.filter(request_key=request_key, insured=insured).first():
        return known
    end_some(of=insured)
    contract = " ".join(contract.upper().split())
    _check(insured, insurer, contract, valid_from, valid_until)
    return SharingConsent.open(
        by=by,
        insured=insured,
        insurer=insurer,
        contract=contract,
        with_children=with_children,
        valid_from=valid_from,
        valid_until=valid_until,
        request_key=request_key,
    )


def longest_until(valid_from: date) -> date:
    """Return the last end that a consent may have (excluded)."""
    return months_after(valid_from, int(parameters.value("sharing_consent_months", on=valid_from)))


def _check(
    insured: InsuredPerson, insurer: ComplementaryInsurer, contract: str, valid_from: date, valid_until: date
) -> None:
    errors = {}
    if not insurer.open:
        errors["insurer"] = _("Cet organisme ne reçoit plus de décomptes de la Caisse.")
    elif SharingConsent.objects.filter(insured=insured, insurer=insurer, status=ConsentStatus.GIVEN).exists():
        errors["insurer"] = _("Vous avez déjà donné ce consentement : retirez-le d’abord pour le changer.")
    if not _CONTRACT.fullmatch(contract):
        errors["contract"] = _("Recopiez ce numéro de votre carte : des chiffres et des lettres sans accent.")
    if valid_from < timezone.localdate():
        errors["valid_from"] = _("Ce jour est passé : choisissez aujourd’hui ou plus tard.")
    if valid_until <= valid_from:
        errors["valid_until"] = _("Le dernier jour est avant le premier : corrigez l’une des deux dates.")
    elif valid_until > longest_until(valid_from):
        errors["valid_until"] = _("C’est trop loin : choisissez une date plus proche. Ce consentement se renouvelle.")
    if errors:
        raise Unacceptable(errors)


@transaction.atomic
def withdraw(*, consent: SharingConsent, by: Actor) -> None:
    """
    Take a consent back, at once: nothing more leaves by it, not even what was about to.

    :raises StepRefused: if it is not this person's to take back, or was taken back.
    """
    _check_oneself(consent.insured, by)
    _finish(consent, "withdraw", by=by)


def _check_oneself(insured: InsuredPerson, by: Actor) -> None:
    if by.authority or by.account is None or insured.account_id != by.account.pk:
        raise StepRefused(_ONESELF)


def end_some(*, of: InsuredPerson | None = None) -> int:
    """Close the consents whose last day has passed, and return how many; what is paid since was not told already."""
    past = SharingConsent.objects.filter(status=ConsentStatus.GIVEN, valid_until__lte=timezone.localdate())
    return _finish_all(past.filter(insured=of) if of else past, "end")


def end_all(*, account: Account) -> int:
    """Take back the consents of somebody who leaves: they could not do so any more, and nothing leaves by them."""
    given = SharingConsent.objects.exclude(status=ConsentStatus.WITHDRAWN)
    return _finish_all(given.filter(insured__account=account), "forgo")


def _finish_all(consents: QuerySet[SharingConsent], step: str) -> int:
    finished = 0
    for consent in consents.order_by("pk"):
        try:
            _finish(consent, step, by=SYSTEM)
        except StepRefused:  # taken back meanwhile
            continue
        finished += 1
    return finished


@transaction.atomic
def _finish(consent: SharingConsent, step: str, *, by: Actor) -> None:
    consent.lock()
    SharingConsent.objects.filter(pk=consent.pk).update(ended_at=timezone.now())
    consent.advance(step, by=by)
