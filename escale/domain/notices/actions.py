"""What is done with what the Fund writes."""

import secrets
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import models, transaction
from django.template import Engine
from django.utils import timezone
from django.utils.formats import date_format

from escale.domain.accounts.actor import SYSTEM, Actor
from escale.domain.accounts.models import Account
from escale.domain.journal.actions import name_of
from escale.domain.notices import posting
from escale.domain.notices.lifecycle import LetterBatchStatus, PaperStatus, Status
from escale.domain.notices.models import TOKEN, LetterBatch, Notice, PaperLetter
from escale.domain.registry.models import InsuredPerson
from escale.gateways import letters, mailer
from escale.rules import recourse
from escale.rules.lifecycle import StepRefused

MOST_IN_A_BATCH = 200
SENDER = (recourse.FUND.name, *recourse.FUND.address.split(", "))

_LETTERS = Engine(dirs=[str(Path(__file__).parent / "letters")], autoescape=False)


@transaction.atomic
def write(*, kind: str, to: Account | str, about: models.Model, **words: Any) -> Notice | None:
    """
    Write a message from its template, once for this person and this object; nobody is written to without an address.

    The first line of the template is the title, the rest is the text; it never holds a word on health. `to` is an
    account, or the address of somebody who has none yet. `{{ token }}` in a link proves that the message was read.
    """
    account, address = (to, to.email) if isinstance(to, Account) else (None, to)
    if not address:
        return None
    who = {"account": account} if account else {"account": None, "address": address}
    written = Notice.objects.filter(**who, kind=kind, about=name_of(about)).first()
    if written:
        return written
    text = _LETTERS.render_to_string(f"{kind}.txt", {**words, "address": settings.PUBLIC_URL, "token": TOKEN})
    title, _, body = text.strip().partition("\n")
    return Notice.open(
        by=SYSTEM,
        account=account,
        kind=kind,
        about=name_of(about),
        address=address,
        title=title,
        body=body.strip() + "\n",
    )


@transaction.atomic
def send(*, notice: Notice) -> None:
    """
    Hand a message to the mail server, unless it has already left.

    :raises mailer.Unavailable: when the server does not take it; it stays to be sent.
    """
    notice.lock()
    if notice.status != Status.QUEUED:
        return
    letter = mailer.Mail(
        message_id=f"<notice-{notice.pk}@{settings.EMAIL_SENDER.rpartition('@')[2]}>",
        sent_at=notice.written_at,
        sender_name=settings.EMAIL_SENDER_NAME,
        sender=settings.EMAIL_SENDER,
        to=notice.address,
        subject=notice.title,
        text=notice.body.replace(TOKEN, notice.token),
    )
    try:
        mailer.send(letter, settings.EMAIL_URL)
    except mailer.Refused:
        notice.advance("give_up", by=SYSTEM)
        return
    notice.sent_at = timezone.now()
    notice.save(update_fields=["sent_at"])
    notice.advance("send", by=SYSTEM)


class NothingToPost(Exception):
    """No letter waits to be printed."""


@transaction.atomic
def post(*, kind: str, to: InsuredPerson, about: models.Model, address: str, **words: Any) -> PaperLetter:
    """
    Write a letter on paper, to be printed and posted with others; those about the same object are withdrawn.

    `address` is where it goes, line by line. What it says is sealed at once, and told to nobody at the Fund.
    """
    withdraw(about=about)
    sealed = posting.seal(kind, {**words, "phone": recourse.FUND.phone})
    return PaperLetter.open(
        by=SYSTEM,
        insured=to,
        kind=kind,
        about=name_of(about),
        address=address,
        name=sealed.name,
        head=sealed.head,
        sealed=sealed.content,
    )


@transaction.atomic
def withdraw(*, about: models.Model) -> None:
    """Withdraw the letters about an object that have not been printed: what they say no longer holds."""
    written = PaperLetter.objects.filter(about=name_of(about), status=PaperStatus.WRITTEN)
    _forget(written)
    for letter in written.order_by("pk"):
        letter.advance("withdraw", by=SYSTEM)


@transaction.atomic
def gather(*, by: Actor) -> LetterBatch:
    """
    Gather the letters to print, two hundred at most, without those near oneself.

    :raises NothingToPost: if there is none.
    """
    waiting = PaperLetter.objects.visible_to(by).to_print().select_for_update(of=("self",), skip_locked=True)
    gathered = list(waiting[:MOST_IN_A_BATCH])
    if not gathered:
        raise NothingToPost
    now = timezone.now()
    batch = LetterBatch.open(
        by=by, number=f"C-{now:%y%m%d-%H%M%S}-{secrets.token_hex(2)}", count=len(gathered), prepared_at=now
    )
    PaperLetter.objects.filter(pk__in=[letter.pk for letter in gathered]).update(batch=batch)
    for letter in gathered:
        letter.advance("gather", by=by)
    return batch


@transaction.atomic
def take(*, batch: LetterBatch, by: Actor) -> bytes:
    """
    Return a batch as one PDF to print, its slip first; each taking is in the journal, with how many there were before.

    :raises StepRefused: once it is posted, or if one of its letters is near oneself.
    """
    batch.lock()
    batch.advance("take", by=by, taken=batch.taken + 1)
    batch.taken += 1
    batch.save(update_fields=["taken"])
    day = date_format(timezone.localtime(batch.prepared_at), "j F Y")
    facts = [
        f"{batch.count} courriers, préparés le {day} ; pris {batch.taken} fois.",
        "Imprimez au recto seulement, une feuille par enveloppe à fenêtre (DL ou C6/5).",
        "Détruisez ce fichier et toute feuille mal imprimée : chacune porte un code personnel.",
    ]
    return letters.pdf(
        [posting.opened(letter, written_on=f"Toulon, le {day}") for letter in batch.letters.order_by("pk")],
        sender=SENDER,
        link=settings.PUBLIC_URL + posting.CODE_PAGE,
        slip=letters.Slip(f"Envoi de courriers {batch}", facts),
        made_at=batch.prepared_at,
    )


@transaction.atomic
def mark_posted(*, batch: LetterBatch, by: Actor) -> None:
    """
    Write that a batch was given to the post; what its letters said is destroyed.

    :raises StepRefused: if it already was, if it was never taken, or if one of its letters is near oneself.
    """
    batch.lock()
    if not batch.taken and batch.status == LetterBatchStatus.PREPARED:
        raise StepRefused("Cet envoi n’a pas encore été imprimé : prenez d’abord son fichier.")
    batch.advance("post", by=by)
    batch.posted_at = timezone.now()
    batch.save(update_fields=["posted_at"])
    _forget(batch.letters.all())
    for letter in batch.letters.order_by("pk"):
        letter.advance("post", by=by)


def _forget(letters: models.QuerySet[PaperLetter]) -> None:
    letters.update(head=b"", sealed=b"")
