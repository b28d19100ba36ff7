"""How a hat of the Fund is given by two people and taken back by one, and how an agent's account begins again."""

from django.db import IntegrityError, connection, transaction
from django.db.models import TextChoices
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from escale.domain.accounts import staff
from escale.domain.accounts.actions.passwords import set_password
from escale.domain.accounts.actor import Actor
from escale.domain.accounts.models import Account, Grant, Hat, PendingAddress, Role, TotpKey
from escale.domain.journal import actions as journal

GIVEN_BY_TWO = (
    Role.AGENT,
    Role.PHYSICIAN,
    Role.ACCOUNTANT,
    Role.SECOND_ACCOUNTANT,
    Role.SUPERVISOR,
    Role.COUNTER,
    Role.AUDITOR,
)
"""The hats of the Fund: the insured's comes with their account, the partner's with a convention."""
RESET = ""
"""Stands for a hat where two people propose and confirm that an account proves itself anew."""

SUPERVISORS = 2
"""How many it takes to give a hat; as long as there are fewer, the house is asked from its own machine."""


class WithdrawalReason(TextChoices):
    """Why a hat is taken back."""

    LEFT = "left", _("Départ de la Caisse")
    MOVED = "moved", _("Changement de fonctions")
    UNUSED = "unused", _("Casquette inutilisée")
    DOUBT = "doubt", _("Doute sur l’usage qui en est fait")


class NotGiven(Exception):
    """This hat cannot be given or taken back so; the message says why, in French."""


@transaction.atomic
def propose_hat(*, email: str, name: str, role: str, why: str, insured: bool, by: Actor) -> Grant:
    """
    Propose that somebody wears a hat of the Fund; somebody who has no account yet gets one that opens nothing.

    `insured` is whether they were said to be insured at the Fund: the registry then keeps them from their own file.

    :raises NotGiven: for oneself, for a hat that is worn or proposed already, or that is not given so.
    """
    if role not in GIVEN_BY_TWO:
        raise NotGiven("Cette casquette ne se donne pas ici.")
    account = _account(email=email, name=name)
    if account.hats.filter(role=role).exists():
        raise NotGiven("Cette personne porte déjà cette casquette.")
    return _propose(account, role=role, why=why, by=by, insured=insured)


@transaction.atomic
def propose_reset(*, account: Account, why: str, by: Actor) -> Grant:
    """
    Propose that an agent who lost their password or their second factor proves themselves anew.

    :raises NotGiven: for oneself, or if it is proposed already.
    """
    return _propose(account, role=RESET, why=why, by=by)


@transaction.atomic
def give(*, grant: Grant, by: Actor) -> None:
    """
    Give what another proposed; an account without a password is then invited to choose one.

    :raises NotGiven: for oneself, by who proposed it, if it is settled already, or if the account was closed.
    """
    account = Account.objects.select_for_update().get(pk=grant.account_id)  # before the proposal, as who closes it
    _settle(grant, given=True, by=by)
    if staff.is_closed(account):
        raise NotGiven("Ce compte a été fermé par son titulaire : proposez la casquette à un nouveau compte.")
    if grant.role == RESET:
        _empty(account)
        journal.record("account.reset", subject=grant, actor=by.account, hat=by.role, account=account.pk)
        return
    hat, _new = Hat.objects.get_or_create(account=account, role=grant.role)
    journal.record(
        "hat.give", subject=hat, actor=by.account, hat=by.role, account=account.pk, role=grant.role, grant=grant.pk
    )


@transaction.atomic
def decline(*, grant: Grant, by: Actor) -> None:
    """
    Say no to what another proposed, or take one's own proposal back.

    :raises NotGiven: for oneself, or if it is settled already.
    """
    _settle(grant, given=False, by=by)
    journal.record("hat.decline", subject=grant, actor=by.account, hat=by.role, account=grant.account_id)


@transaction.atomic
def withdraw_hat(*, hat: Hat, reason: WithdrawalReason, by: Actor) -> None:
    """
    Take a hat of the Fund back, at once: the next request of who wears it is refused.

    :raises NotGiven: for oneself, or for a hat that is not given so.
    """
    if hat.role not in GIVEN_BY_TWO:
        raise NotGiven("Cette casquette ne se retire pas ici.")
    if hat.account_id == by.signatory.pk:
        raise NotGiven("Nul ne se retire une casquette : demandez-le à une autre personne.")
    facts: dict[str, int | str] = {"account": hat.account_id, "role": hat.role, "reason": reason.value}
    journal.record("hat.withdraw", subject=hat, actor=by.account, hat=by.role, **facts)
    hat.delete()


@transaction.atomic
def take_up(*, account: Account, password: str) -> None:
    """
    Open the account of somebody who was invited, and read the invitation: the address is proven.

    :raises NotGiven: if it was done already.
    :raises WeakPassword: for a password that would be guessed.
    """
    account = Account.objects.select_for_update().get(pk=account.pk)
    if account.has_usable_password():
        raise NotGiven("Cette invitation a déjà servi : connectez-vous.")
    if account.email is None:
        account.email = staff.address(account)
        if Account.objects.filter(email=account.email).exists():
            raise NotGiven("Cette adresse est devenue celle d’un autre compte : demandez une nouvelle invitation.")
        account.pending_address.delete()
    account.is_active = True
    account.save(update_fields=["email", "is_active"])
    set_password(account=account, password=password)
    journal.record("account.take_up", subject=account, actor=account)


@transaction.atomic
def invite_first(*, email: str, name: str) -> Hat:
    """
    Invite one of the first two supervisors, whom nobody can propose and confirm yet.

    :raises NotGiven: once two people have this hat.
    """
    if Hat.objects.filter(role=Role.SUPERVISOR).count() >= SUPERVISORS:
        raise NotGiven("Deux superviseurs existent déjà : ils donnent les casquettes dans l’application.")
    account = _account(email=email, name=name)
    hat, _new = Hat.objects.get_or_create(account=account, role=Role.SUPERVISOR)
    journal.record("hat.give", subject=hat, hat=Role.SYSTEM, account=account.pk, role=hat.role)
    return hat


def _account(*, email: str, name: str) -> Account:
    """Return the account of this address, or a new one: two proposals for one address wait for one another."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", [email.strip().lower()])
    known = staff.at(email)
    if known:
        return known
    if not name.strip():
        raise NotGiven("Cette personne n’a pas de compte : écrivez le nom ou l’identifiant à afficher.")
    account = Account.objects.create_account(email=None, password=None, name=name.strip())
    account.is_active = False
    account.save(update_fields=["is_active"])
    PendingAddress.objects.create(account=account, address=email.strip().lower())
    return account


def _propose(account: Account, *, role: str, why: str, by: Actor, **facts: bool) -> Grant:
    if account.pk == by.signatory.pk:
        raise NotGiven("Nul ne propose pour soi-même.")
    try:
        with transaction.atomic():
            grant = Grant.objects.create(account=account, role=role, why=why, proposed_by=by.signatory)
    except IntegrityError as twice:
        raise NotGiven("Une proposition identique attend déjà une réponse.") from twice
    journal.record("hat.propose", subject=grant, actor=by.account, hat=by.role, account=account.pk, role=role, **facts)
    return grant


def _settle(grant: Grant, *, given: bool, by: Actor) -> Grant:
    grant = Grant.objects.select_for_update().get(pk=grant.pk)
    if grant.given is not None:
        raise NotGiven("Cette proposition a déjà reçu une réponse.")
    if by.signatory.pk == grant.account_id or (given and by.signatory.pk == grant.proposed_by_id):
        raise NotGiven("Une autre personne que celle qui propose et que celle qui reçoit doit répondre.")
    grant.given, grant.settled_at = given, timezone.now()
    grant.settled_by = by.signatory if by.signatory.pk != grant.proposed_by_id else None
    grant.save(update_fields=["given", "settled_by", "settled_at"])
    return grant


def _empty(account: Account) -> None:
    """Forget all with which this account proved itself: who reads its address begins again."""
    for proofs in (account.passkeys, account.recovery_codes, account.devices, account.sessions):
        proofs.all().delete()
    TotpKey.objects.filter(account=account).delete()
    account.set_unusable_password()
    account.is_active = False
    account.save(update_fields=["password", "is_active"])
