"""What is done with a mandate: offer it, accept it, take it back."""

from collections.abc import Collection
from datetime import date, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from escale.domain.accounts import actions as accounts
from escale.domain.accounts.actor import SYSTEM, Actor
from escale.domain.accounts.models import Account
from escale.domain.case import Unacceptable
from escale.domain.journal import actions as journal
from escale.domain.mandates import queries
from escale.domain.mandates.acts import Act
from escale.domain.mandates.models import LIVING, Mandate, Tie
from escale.domain.registry.models import InsuredPerson
from escale.rules.lifecycle import StepRefused

MOST, OFFERED_A_DAY = 5, 10
"""People whom one may trust at once, and offers that one may make: more would be a way to write to strangers."""


@transaction.atomic
def offer(
    *,
    principal: InsuredPerson,
    name: str,
    address: str,
    tie: Tie,
    acts: Collection[Act],
    valid_from: date,
    valid_until: date,
    request_key: UUID,
    by: Actor,
) -> Mandate:
    """
    Offer to somebody to act in one's name between two days (the end excluded), once for this request key.

    To follow is always among the acts. The money never moves by it: what is owed is paid to the insured person.

    :raises Unacceptable: if the days, the address or the number of mandates cannot be.
    :raises StepRefused: if it is not this person's to give.
    :raises TooManyAttempts: after ten in a day.
    """
    if by.authority or by.account is None or principal.account_id != by.account.pk:
        raise StepRefused("Seule la personne elle-même peut donner un mandat.")
    InsuredPerson.objects.select_for_update(of=("self",)).get(pk=principal.pk)
    if known := Mandate.objects.filter(request_key=request_key, principal=principal).first():
        return known
    end_some(of=principal)
    address = address.strip().lower()
    _check(principal, address, valid_from, valid_until, by.account)
    accounts.spend("mandate", str(by.account.pk), most=OFFERED_A_DAY, within=timedelta(days=1))
    return Mandate.open(
        by=by,
        principal=principal,
        name=name.strip(),
        address=address,
        tie=tie,
        acts=sorted({Act.FOLLOW.value, *(act.value for act in acts)}),
        valid_from=valid_from,
        valid_until=valid_until,
        request_key=request_key,
    )


def _check(principal: InsuredPerson, address: str, valid_from: date, valid_until: date, giver: Account) -> None:
    errors = {}
    if address == giver.email:
        errors["address"] = _("C’est votre adresse : indiquez celle de la personne qui vous aide.")
    if valid_from < timezone.localdate():
        errors["valid_from"] = _("Ce jour est passé : choisissez aujourd’hui ou plus tard.")
    if valid_until <= valid_from:
        errors["valid_until"] = _("Le dernier jour est avant le premier : corrigez l’une des deux dates.")
    elif valid_until > queries.latest_end(valid_from):
        errors["valid_until"] = _(
            "Un mandat dure deux ans au plus : choisissez une date plus proche. Il se renouvelle."
        )
    living = list(Mandate.objects.filter(principal=principal, status__in=LIVING).order_by("valid_from"))
    theirs = [one for one in living if one.address == address]
    if any(one.valid_from < valid_until and valid_from < one.valid_until for one in theirs):
        errors["valid_from"] = _(
            "Cette personne a déjà un mandat de votre part jusqu’au %s inclus : commencez après, ou retirez-le d’abord."
        ) % date_format(theirs[-1].last_day, "j F Y")
    elif len(theirs) > 1:
        errors["address"] = _("Le mandat de cette personne est déjà renouvelé : retirez-en un pour le changer.")
    if len({address, *(one.address for one in living)}) > MOST:
        errors["address"] = _("Vous avez déjà donné mandat à %d personnes : retirez-en un d’abord.") % MOST
    if errors:
        raise Unacceptable(errors)


@transaction.atomic
def accept(*, mandate: Mandate, by: Actor) -> None:
    """
    Accept to act for somebody; the account must be the one whose address was invited.

    :raises StepRefused: if it is offered to somebody else, was answered or taken back, or is over.
    """
    mandate.lock()
    _check_invited(mandate, by)
    if mandate.valid_until <= timezone.localdate():
        raise StepRefused("Ce mandat est arrivé à son terme.")
    mandate.delegate = by.account
    mandate.save(update_fields=["delegate"])
    mandate.advance("accept", by=by)


@transaction.atomic
def decline(*, mandate: Mandate, by: Actor) -> None:
    """Refuse to act for somebody. :raises StepRefused: as for `accept`."""
    _check_invited(mandate, by)
    mandate.advance("decline", by=by)


def _check_invited(mandate: Mandate, by: Actor) -> None:
    if by.authority or by.account is None or not by.account.email or by.account.email != mandate.address:
        raise StepRefused("Ce mandat est proposé à une autre adresse e-mail que la vôtre.")


@transaction.atomic
def revoke(*, mandate: Mandate, by: Actor) -> None:
    """Take a mandate back, at once. :raises StepRefused: if it is not this person's to take back, or is over."""
    if by.authority or by.account is None or mandate.principal.account_id != by.account.pk:
        raise StepRefused("Seule la personne qui a donné ce mandat peut le retirer.")
    mandate.advance("revoke", by=by)


@transaction.atomic
def give_up(*, mandate: Mandate, by: Actor) -> None:
    """Give back a mandate that one accepted. :raises StepRefused: if it is somebody else's, or is over."""
    if by.authority or by.account is None or mandate.delegate_id != by.account.pk:
        raise StepRefused("Seul le mandataire peut renoncer à ce mandat.")
    mandate.advance("give_up", by=by)


def take_up(*, mandate: Mandate, by: Actor) -> None:
    """
    Begin to act in somebody's name, which they will read in the journal.

    :raises StepRefused: if the mandate is not in force today, or is somebody else's.
    """
    if by.account is None or not queries.acting(mandate.pk, account=by.account, on=timezone.localdate()):
        raise StepRefused("Ce mandat ne permet pas d’agir aujourd’hui : regardez ses dates.")
    journal.record("mandate.take_up", subject=mandate, actor=by.account, hat=by.role, mandate=mandate.pk)


@transaction.atomic
def open_account(*, mandate: Mandate, name: str, password: str) -> Account:
    """
    Open an account for somebody who read their invitation: it has no hat, and serves to act for others only.

    :raises WeakPassword: for a password that would be guessed; nothing is opened.
    :raises StepRefused: if the address has an account already.
    """
    if Account.objects.filter(email=mandate.address).exists():
        raise StepRefused("Un compte existe déjà à cette adresse : connectez-vous.")
    account = Account.objects.create_account(email=mandate.address, password=None, name=name.strip())
    journal.record("account.open", subject=account, actor=account, mandate=mandate.pk)
    accounts.set_password(account=account, password=password)
    return account


@transaction.atomic
def restore(*, mandate: Mandate, password: str) -> Account:
    """
    Let somebody who only helps choose a new password: they read a message, and whoever they help asked for them anew.

    A second proof, if they have one, stays asked.

    :raises WeakPassword: for a password that would be guessed; nothing is changed.
    :raises StepRefused: if the account serves for more than this person's claims.
    """
    account = Account.objects.select_for_update().filter(email=mandate.address).first()
    if account is None or not queries.serves_only(account, principal=mandate.principal):
        raise StepRefused("Ce compte ne sert pas qu’à aider cette personne : son mot de passe ne change pas ainsi.")
    accounts.set_password(account=account, password=password)
    return account


def end_some(*, of: InsuredPerson | None = None) -> int:
    """Close the mandates whose last day has passed, and return how many; they served no more already."""
    past = queries.over(on=timezone.localdate())
    ended = 0
    for mandate in past.filter(principal=of) if of else past:
        try:
            mandate.advance("end", by=SYSTEM)
        except StepRefused:  # taken back meanwhile
            continue
        ended += 1
    return ended


@transaction.atomic
def end_all(*, account: Account) -> None:
    """Close the mandates that somebody who leaves had given or received."""
    theirs = Mandate.objects.filter(Q(principal__account=account) | Q(delegate=account), status__in=LIVING)
    for mandate in theirs.order_by("pk"):
        mandate.advance("end", by=SYSTEM)
