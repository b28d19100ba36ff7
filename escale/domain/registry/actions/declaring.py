"""How somebody changes the account on which they are paid, and how they say that it was not them."""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from escale.domain.accounts.actor import SYSTEM, Actor
from escale.domain.case import Unacceptable
from escale.domain.registry import queries
from escale.domain.registry.lifecycle import AccountStatus
from escale.domain.registry.models import BankAccount, InsuredPerson, Source
from escale.gateways import bank
from escale.rules import holders, identity
from escale.rules.holders import Likeness, Names
from escale.rules.lifecycle import StepRefused

OUT_OF_REACH = (
    "Ce compte est hors de la zone SEPA, ou sa banque ne nous est pas connue : envoyez-nous votre RIB par courrier."
)
IN_REACH = "Un virement SEPA atteint ce compte : la personne le donne en ligne."
GIVEN_TODAY = "Un compte a déjà été donné aujourd’hui pour cette personne : notez celui-ci demain."
NOT_THE_SAME = "Ce n’est pas le numéro qui nous a été donné : relisez le RIB, et écartez ce compte si c’est un autre."
_EURO = "EUR"
_STANDING = {AccountStatus.TO_CHECK, AccountStatus.KNOWN}
_A_DAY = timedelta(days=1)


def likeness(insured: InsuredPerson, holder: str) -> Likeness:
    """Tell whose account it seems to be, by the name on it."""
    family = insured.beneficiaries.exclude(link="self")
    return holders.compare(
        holder,
        insured=Names((insured.birth_name, insured.used_name), insured.first_names),
        family=[Names((one.last_name,), one.first_names) for one in family],
    )


def look(*, insured: InsuredPerson, iban: str, holder: str) -> Likeness:
    """
    Tell whose account it seems to be, if it may be declared now.

    :raises Unacceptable: if no transfer of ours reaches it, if it is known already, or if one was declared today.
    """
    if not bank.reaches(iban):
        raise Unacceptable({"iban": OUT_OF_REACH})
    today = timezone.localdate()
    known = queries.bank_account(insured, on=today)
    if known and known.legible_iban == iban:
        raise Unacceptable({"iban": "C’est déjà le compte sur lequel nous vous payons."})
    if insured.bank_accounts.filter(source=Source.INSURED, valid_from=today).exists():
        raise Unacceptable({"iban": "Vous avez déjà donné un compte aujourd’hui : revenez demain."})
    return likeness(insured, holder)


@transaction.atomic
def declare(*, insured: InsuredPerson, iban: str, holder: str, by: Actor) -> BankAccount:
    """
    Note the account on which somebody wants to be paid; one that is nobody's of theirs waits for somebody to look.

    Sent twice, it is declared once.

    :raises Unacceptable: if it may not be declared now.
    """
    InsuredPerson.objects.select_for_update().get(pk=insured.pk)
    today = timezone.localdate()
    sent_before = insured.bank_accounts.filter(source=Source.INSURED, valid_from=today).first()
    if sent_before and sent_before.legible_iban == iban and sent_before.status in _STANDING:
        return sent_before
    whose = look(insured=insured, iban=iban, holder=holder)
    account = BankAccount.open(
        by=by,
        insured=insured,
        iban=iban,
        holder=holder,
        source=Source.INSURED,
        valid_from=today,
        declared_at=timezone.now(),
    )
    if whose != Likeness.OTHER and not queries.alike(iban).denied().exists():
        account.advance("recognise", by=SYSTEM)
    return account


@transaction.atomic
def record(*, insured: InsuredPerson, iban: str, currency: str, by: Actor, **told: str) -> BankAccount:
    """
    Note, from a signed paper, an account that no SEPA transfer reaches; another agent reads the paper again.

    `told`: its `holder`, `bank_name`, `bic` and `branch`. Sent twice, it is noted once.

    :raises Unacceptable: if a SEPA transfer reaches it, or if an account was given today.
    """
    if bank.reaches(iban) and currency == _EURO:
        raise Unacceptable({"iban": IN_REACH})
    InsuredPerson.objects.select_for_update().get(pk=insured.pk)
    today = timezone.localdate()
    if given := insured.bank_accounts.filter(source=Source.INSURED, valid_from=today).first():
        if (given.legible_iban, given.recorded_by_id, given.status) != (iban, by.signatory.pk, AccountStatus.TO_CHECK):
            raise Unacceptable({"iban": GIVEN_TODAY})
        return given
    return BankAccount.open(
        by=by,
        insured=insured,
        iban=iban,
        currency=currency,
        source=Source.INSURED,
        by_hand=True,
        recorded_by=by.signatory,
        valid_from=today,
        declared_at=timezone.now(),
        **told,
    )


@transaction.atomic
def accept(*, account: BankAccount, read: str, by: Actor) -> None:
    """
    Have somebody be paid, from this day on, on an account whose holder was checked on paper.

    `read`: its number, as it is on the paper.

    :raises Unacceptable: if it is not the number that was given.
    :raises StepRefused: if it was answered, if this person noted it, or if another account was given since.
    """
    account.lock()
    if account.recorded_by_id == by.signatory.pk:
        raise StepRefused("Vous avez noté ce compte : une autre personne lit la feuille à son tour.")
    try:
        same = identity.account_number(read) == account.legible_iban
    except identity.Invalid as fault:
        raise Unacceptable({"read": str(fault)}) from fault
    if not same:
        raise Unacceptable({"read": NOT_THE_SAME})
    if account.insured.bank_accounts.filter(valid_from__gt=account.valid_from).exists():
        raise StepRefused("Un autre compte a été donné depuis : écartez celui-ci.")
    account.valid_from = timezone.localdate()  # what is paid there waits from now on
    account.accepted_by = by.signatory
    account.save(update_fields=["valid_from", "accepted_by"])
    account.advance("accept", by=by)


@transaction.atomic
def refuse(*, account: BankAccount, by: Actor) -> None:
    """Set aside an account whose holder may not be paid for this person; raises StepRefused."""
    account.advance("refuse", by=by)


@transaction.atomic
def deny(*, account: BankAccount, by: Actor) -> None:
    """
    Say that it was not them: nothing is paid there any more, and they are paid where they were before, after the hold.

    Done twice, it is once.

    :raises StepRefused: if the administration said it, or if it was set aside.
    """
    account.lock()
    if account.status == AccountStatus.DENIED:
        return
    if account.source != Source.INSURED:
        raise StepRefused("Ce compte nous vient de l’administration : appelez la Caisse.")
    if account.status == AccountStatus.KNOWN:  # to be paid on another again is a change, held as any is
        account.valid_until = max(timezone.localdate(), account.valid_from + _A_DAY)
        account.save(update_fields=["valid_until"])
    account.advance("deny", by=by)
