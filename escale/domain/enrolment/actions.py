"""What is done with the requests for an account, from the page that anybody may fill to the account itself."""

from contextlib import suppress
from datetime import datetime, timedelta
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone

from escale.domain.accounts import actions as accounts
from escale.domain.accounts.actor import SYSTEM, Actor
from escale.domain.accounts.models import Account, Provider, Role
from escale.domain.enrolment import codes, queries
from escale.domain.enrolment.lifecycle import AT_COUNTER, OPEN, Status
from escale.domain.enrolment.models import CODE_KEPT, TO_CONFIRM, Enrolment, Purpose
from escale.domain.registry.models import InsuredPerson
from escale.rules.lifecycle import StepRefused

TRIES = 5
PER_PLACE, WINDOW = 200, timedelta(hours=1)
"""Generous: a whole base may stand behind one address."""
TO_COME = timedelta(days=90)
"""For how long a person who is known, and whom no letter reaches, may come for their code."""


class WrongCode(Exception):
    """No request has this address and this code, or the code has had its time or its tries."""


class HasAccount(Exception):
    """The code is right, and its address enters an account already: they sign in to it, then take their file in."""

    def __init__(self, person: InsuredPerson) -> None:
        """Keep whose code it was."""
        super().__init__(person.pk)
        self.person = person


def ask(
    *, email: str, nir: str, birth_name: str, first_names: str, born: str, request_key: UUID, place: str
) -> Enrolment:
    """
    Ask for an account; nothing is looked up, so that the answer tells nothing. `born` is AAAA-MM-JJ, 00 for unknown.

    :raises accounts.TooManyAttempts: above twenty requests an hour from one place.
    """
    said = {"nir": nir, "birth_name": birth_name, "first_names": first_names, "born": born}
    return _open(Purpose.CREATE, email, request_key, place, **said)


def ask_recovery(*, email: str, request_key: UUID, place: str) -> Enrolment:
    """
    Ask to come back into the account of this address, if it has one; nothing is looked up.

    :raises accounts.TooManyAttempts: above twenty requests an hour from one place.
    """
    return _open(Purpose.RECOVER, email, request_key, place)


def _open(purpose: Purpose, email: str, request_key: UUID, place: str, **said: str) -> Enrolment:
    """Open a request, once for each page that was sent."""
    try:
        with transaction.atomic():
            accounts.spend("enrolment", place, most=PER_PLACE, within=WINDOW)
            said |= {"number": codes.number(), "email": email.strip().lower()}
            return Enrolment.open(by=SYSTEM, request_key=request_key, purpose=purpose, **said)
    except IntegrityError:
        return Enrolment.objects.get(request_key=request_key)


@transaction.atomic
def confirm(*, enrolment: Enrolment) -> None:
    """
    Write that the message of a request was read: a creation goes on, a recovery wants a code by letter.

    :raises StepRefused: the second time, or when it is too late.
    """
    enrolment.advance("confirm", by=SYSTEM)


def restore(*, enrolment: Enrolment, code: str, password: str, place: str) -> Account:
    """
    Change the password of whoever read the message of a recovery, and gives a second proof of the account.

    :raises accounts.WeakPassword: for a password that would be guessed; the proof may still be used.
    :raises accounts.TooManyAttempts, accounts.WrongProof: if the proof is none.
    :raises StepRefused: if this message has already served.
    """
    proven = False
    with transaction.atomic():  # a link that serves no more uses up no code; a wrong code is counted all the same
        enrolment.lock()
        account = queries.owner(enrolment.email)
        if account is None or "restore" not in enrolment.steps_open_to(SYSTEM):
            raise StepRefused("Ce lien a déjà servi, ou n’est plus valable.")
        accounts.judge_password(account=account, password=password)
        with suppress(accounts.WrongProof):
            accounts.prove_by_code(account=account, code=code, ip=place)
            proven = True
            enrolment.advance("restore", by=SYSTEM)
            accounts.set_password(account=account, password=password)
            enrolment.account = account
            _forget(enrolment)
    if not proven:
        raise accounts.WrongProof
    return account


@transaction.atomic
def recognise(*, enrolment: Enrolment) -> InsuredPerson | None:
    """
    Look in the registry for the owner of a confirmed request, and keep who it is, or give the request up.

    Who asks for an account and has one, at an address lost since or at none, is on the way back into it.
    """
    enrolment.lock()
    if enrolment.status != Status.CONFIRMED:
        return enrolment.insured if enrolment.status in AT_COUNTER else None
    person = _whose(enrolment)
    if person is None:
        enrolment.advance("refuse", by=SYSTEM)
        _forget(enrolment)
        return None
    sure = enrolment.purpose == Purpose.RECOVER or queries.is_the_same(enrolment, person)
    enrolment.insured, enrolment.account = person, person.account
    enrolment.purpose = Purpose.RECOVER if person.account else Purpose.CREATE
    enrolment.save(update_fields=["insured", "account", "purpose"])
    enrolment.advance("recognise" if sure else "doubt", by=SYSTEM)
    return person


def _whose(enrolment: Enrolment) -> InsuredPerson | None:
    reader = queries.owner(enrolment.email)
    if enrolment.purpose == Purpose.RECOVER:
        person = InsuredPerson.objects.select_related("account").filter(account=reader).first() if reader else None
    else:
        person = queries.meant(enrolment)
    if person is None or not queries.may_be_of(reader, person):
        return None
    return person if person.account is None or _may_come_back(person.account) else None


def _may_come_back(account: Account) -> bool:
    return account.is_active and not queries.is_of_the_fund(account)


@transaction.atomic
def draw(*, enrolment: Enrolment, step: str, by: Actor, **facts: str) -> str:
    """
    Draw the code of a request, which voids the one before, and return it: it can never be told again.

    :raises StepRefused: if it is not open, or for oneself or one's family.
    """
    code = codes.draw()
    enrolment.lock()
    enrolment.advance(step, by=by, drawn=enrolment.drawn + 1, **facts)
    enrolment.code_mark, enrolment.code_digest = codes.digests(code)
    enrolment.code_at, enrolment.tries, enrolment.drawn = timezone.now(), 0, enrolment.drawn + 1
    enrolment.handed = step == "hand"
    enrolment.save(update_fields=["code_mark", "code_digest", "code_at", "tries", "drawn", "handed"])
    return code


@transaction.atomic
def post_again(*, enrolment: Enrolment, by: Actor) -> None:
    """
    Have a new code posted; the one before is void as soon as the letter is written.

    :raises StepRefused: if it is not open, or for oneself or one's family.
    """
    enrolment.lock()
    enrolment.advance("post_again", by=by, drawn=enrolment.drawn)


def redeem(*, email: str, code: str, password: str, place: str) -> Account:
    """
    Open a new account for whoever has the code.

    :raises HasAccount: if another account, of the Fund or for others, has their address; the code may still be used.
    :raises WrongCode: in the same words whether the address, the code, its age or its tries are at fault.
    :raises accounts.WeakPassword: for a password that would be guessed; the code may still be used.
    :raises accounts.TooManyAttempts: after five failures in a minute for this address from this place.
    """
    return _use(Purpose.CREATE, email.strip().lower(), code, password, place)


def come_back(*, read: Enrolment, code: str, password: str, place: str) -> Account:
    """
    Give an account back to whoever has the code and has just read the message of another request.

    A letter may be opened by others, weeks after an address was read: the code alone opens nothing. Every second proof
    and every FranceConnect identity is removed; the address becomes the one that was read.

    :raises StepRefused: if this message has already served, or is too old.
    :raises WrongCode, accounts.WeakPassword, accounts.TooManyAttempts: as `redeem`.
    """
    if queries.to_confirm(read.pk, purpose=Purpose.RECOVER) is None:
        raise StepRefused("Ce lien a déjà servi, ou n’est plus valable.")
    account = _use(Purpose.RECOVER, read.email, code, password, place)
    with transaction.atomic(), suppress(StepRefused):
        read.advance("expire", by=SYSTEM)
        _forget(read)
    return account


def _use(purpose: Purpose, email: str, code: str, password: str, place: str) -> Account:
    knock = accounts.knock("code", key=email, place=place)
    account = None
    try:
        with suppress(IntegrityError), transaction.atomic():  # the address may become another account's at this moment
            account = _redeem(purpose, email, codes.digests(code), password)
    except (accounts.WeakPassword, HasAccount):
        knock.forgive()
        raise
    if account is None:
        raise WrongCode
    knock.forgive()
    return account


def _redeem(purpose: Purpose, email: str, given: codes.Digests, password: str) -> Account | None:
    waiting = Enrolment.objects.select_for_update(of=("self",)).select_related("insured", "account")
    waiting = waiting.filter(email=email, purpose=purpose, status=Status.CODED)
    waiting = waiting.filter(code_at__gt=timezone.now() - CODE_KEPT)
    for enrolment in waiting.order_by("pk"):
        if codes.same(enrolment.code_digest, given.whole):
            return _complete(enrolment, password)
        if codes.same(enrolment.code_mark, given.mark):
            _miss(enrolment)
    return None


def _miss(enrolment: Enrolment) -> None:
    enrolment.advance("miss", by=SYSTEM, tries=enrolment.tries + 1)
    enrolment.tries += 1
    if enrolment.tries == TRIES:
        enrolment.code_mark = enrolment.code_digest = ""
    enrolment.save(update_fields=["tries", "code_mark", "code_digest"])


def _complete(enrolment: Enrolment, password: str) -> Account | None:
    person = InsuredPerson.objects.select_for_update().get(enrolments=enrolment)
    reader = queries.owner(enrolment.email)
    if person.account != enrolment.account or not queries.may_be_of(reader, person):
        return None
    if reader and person.account is None:
        raise HasAccount(person)
    if enrolment.account is None:
        account = Account.objects.create_account(
            email=enrolment.email, password=None, name=str(person), roles=(Role.INSURED,)
        )
        person.account = account
        person.save(update_fields=["account"])
    else:
        account = enrolment.account
        if not _may_come_back(account) or not _brings_address(enrolment, account):
            return None
        accounts.addresses.replace(account=account, address=enrolment.email)
        accounts.remove_factors(account=account)
        account.identities.filter(provider=Provider.FRANCECONNECT).delete()
    accounts.set_password(account=account, password=password)
    enrolment.advance("complete", by=SYSTEM)
    enrolment.account = account
    _forget(enrolment)
    return account


def _brings_address(enrolment: Enrolment, account: Account) -> bool:
    """Tell whether a way back ends at the account's own address, or at another that came with the number."""
    return account.email == enrolment.email or bool(enrolment.nir_digest)


def _forget(enrolment: Enrolment) -> None:
    """Keep of what was typed only what the journal tells."""
    words = ["email", "birth_name", "first_names", "born", "code_mark", "code_digest"]
    for word in (*words, "nir"):
        setattr(enrolment, word, "")
    enrolment.save(update_fields=["account", "nir_digest", "nir_sealed", *words])


def expire() -> int:
    """End the requests that have had their time, forget what they said, and return how many there were."""
    now = timezone.now()
    ended = 0
    for enrolment in Enrolment.objects.filter(status__in=OPEN).order_by("pk").iterator():
        if now >= _until(enrolment):
            with transaction.atomic():
                enrolment.advance("expire", by=SYSTEM)
                _forget(enrolment)
            ended += 1
    return ended


def _until(enrolment: Enrolment) -> datetime:
    """Return when a request ends by itself."""
    if enrolment.status == Status.ASKED:
        return enrolment.asked_at + TO_CONFIRM[Purpose(enrolment.purpose)]
    if enrolment.status == Status.CODED and enrolment.code_at:
        return enrolment.code_at + CODE_KEPT
    return enrolment.asked_at + TO_COME
