"""What is done with what the Fund writes."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import models, transaction
from django.template import Engine
from django.utils import timezone

from escale.domain.accounts.actor import SYSTEM
from escale.domain.accounts.models import Account
from escale.domain.journal.actions import name_of
from escale.domain.notices.lifecycle import Status
from escale.domain.notices.models import TOKEN, Notice
from escale.gateways import mailer

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
