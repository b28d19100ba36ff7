"""What comes back of the bank: a file is kept as it came, then read fact by fact; each fact is heard once."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from hashlib import sha256
from itertools import islice

from django.db import IntegrityError, connection, transaction

from escale.domain.accounts.actor import SYSTEM
from escale.domain.documents import queries as documents
from escale.domain.payments.actions.hearing import hear
from escale.domain.payments.lifecycle import BankFileStatus
from escale.domain.payments.models import BankEvent, BankFile, Batch, Outcome
from escale.gateways import bank
from escale.rules import identity

_AT_ONCE = 500
_LOCK = 0x0E5CA20


@transaction.atomic
def receive(*, name: str, chunks: Iterable[bytes]) -> BankFile:
    """Keep a file that the bank laid, once for the same bytes whatever their name; it is then read by itself."""
    name = name[: BankFile._meta.get_field("name").max_length]
    vault = documents.vault()
    stored = vault.put(chunks)
    try:
        with transaction.atomic():
            return BankFile.open(by=SYSTEM, name=name, key=stored.key, size=stored.size, sha256=stored.sha256)
    except IntegrityError:
        vault.delete(stored.key)
        return BankFile.objects.get(sha256=stored.sha256)


def read_bank_file(*, file: BankFile) -> None:
    """Hear what a file tells, some facts at a time: cut short or begun twice, it goes on from where it was."""
    with documents.vault().open(file.key) as content:
        try:
            report = bank.read(content)
        except bank.UnreadableFile as fault:
            _refuse(file, fault.reason)
            return
        facts = _numbered(report.told, file)
        while some := list(islice(facts, _AT_ONCE)):
            _hear_new(file, some)
    _finish(file, report)


@transaction.atomic
def hear_again(*, batch: Batch) -> None:
    """Hear what the bank told of a batch before its sending was written down here."""
    wait_for_others()
    early = BankEvent.objects.filter(outcome=Outcome.EARLY, batch=batch).order_by("pk").iterator(_AT_ONCE)
    while some := list(islice(early, _AT_ONCE)):
        hear(some)


def _numbered(told: Iterator[bank.Told], file: BankFile) -> Iterator[BankEvent]:
    """Number the facts of a file, and tell each from its likes: another file that repeats it gives the same print.

    Of what bears no reference, nothing says that another file repeats it: it may be another sum of the same day.
    """
    seen: Counter[str] = Counter()
    for place, fact in enumerate(told, start=1):
        about = fact.payment_info_id or fact.message_id
        named = (fact.what, about, fact.end_to_end_id, fact.account_iban, fact.bank_reference, fact.reason)
        by_itself = about or fact.end_to_end_id or fact.bank_reference
        likeness = repr((*named, fact.amount, fact.currency, fact.booked_on, *([] if by_itself else [file.sha256])))
        seen[likeness] += 1
        yield BankEvent(
            place=place,
            rank=seen[likeness],
            fingerprint=sha256(f"{likeness} {seen[likeness]}".encode()).hexdigest(),
            what=fact.what,
            about=about,
            end_to_end_id=fact.end_to_end_id,
            amount=fact.amount,
            currency=fact.currency,
            booked_on=fact.booked_on,
            own_account=fact.account_iban,
            statement=fact.statement,
            bank_reference=fact.bank_reference,
            code=fact.reason,
            words=identity.masked_ibans(fact.reason_text)[:140],
            account=identity.masked_iban(fact.counterparty_iban) if fact.counterparty_iban else "",
        )


@transaction.atomic
def _hear_new(file: BankFile, facts: Sequence[BankEvent]) -> None:
    """Hear some facts that follow each other, but those that this file or another has brought already."""
    wait_for_others()
    file.lock()
    ahead = [fact for fact in facts if fact.place > file.told]
    if file.status != BankFileStatus.RECEIVED or not ahead:
        return
    prints = BankEvent.objects.filter(fingerprint__in=[fact.fingerprint for fact in ahead])
    repeated = set(prints.values_list("fingerprint", flat=True))
    new = [fact for fact in ahead if fact.fingerprint not in repeated]
    for fact in new:
        fact.file = file
    hear(new)
    file.told, file.repeated = facts[-1].place, file.repeated + len(repeated)
    file.save(update_fields=["told", "repeated"])


def wait_for_others() -> None:
    """Hear one chunk at a time, whatever the workers: two files may tell of the same orders."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])


@transaction.atomic
def _refuse(file: BankFile, why: str) -> None:
    file.lock()
    if file.status == BankFileStatus.RECEIVED:
        file.refusal = why
        file.save(update_fields=["refusal"])
        file.advance("refuse", by=SYSTEM)


@transaction.atomic
def _finish(file: BankFile, report: bank.Report) -> None:
    file.lock()
    if file.status == BankFileStatus.RECEIVED:
        file.kind, file.message_id = report.kind, report.message_id
        file.save(update_fields=["kind", "message_id"])
        file.advance("read", by=SYSTEM)
