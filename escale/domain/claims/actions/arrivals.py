"""Files come to a claim: at once with a form, or over as many connections as it takes."""

import hashlib
from collections.abc import Iterator
from contextlib import suppress
from functools import partial
from typing import BinaryIO
from uuid import UUID, uuid4

from django.conf import settings
from django.core.exceptions import ObjectDoesNotExist
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from escale.domain.accounts.actor import SYSTEM, Actor
from escale.domain.accounts.models import Role
from escale.domain.case import Unacceptable
from escale.domain.claims import upkeep
from escale.domain.claims.actions import asking, papers
from escale.domain.claims.actions.draft import TooMuch
from escale.domain.claims.actions.joining import APPEAL_STEP, ByPostOnly, check_room, join, refuse_by_post_only
from escale.domain.claims.models import Arrival, AskedPaper, Attachment, Bill, Claim
from escale.domain.documents import actions as documents
from escale.domain.documents.lifecycle import ON_ITS_WAY, UploadStatus
from escale.domain.documents.models import Upload
from escale.gateways import file_kinds
from escale.rules import intake
from escale.rules.lifecycle import StepRefused

CHUNK = 256 * 1024


class Locked(Exception):
    """This PDF asks for its password, for which `arrival` waits."""

    def __init__(self, arrival: Arrival) -> None:
        super().__init__(arrival)
        self.arrival = arrival


def attach(
    *,
    claim: Claim,
    bill: Bill | None,
    paper: str,
    medical: bool,
    content: BinaryIO,
    name: str,
    declared_type: str,
    size: int,
    by: Actor,
    replaces: Attachment | None = None,
    answers: AskedPaper | None = None,
    appeal: str = "",
) -> Attachment:
    """
    Join a file to a draft, or to a claim as the paper that it `replaces`, the request that it `answers`, or a paper of
    an open `appeal`, by its reference.

    It is durable, byte for byte, once this returns.

    It goes under medical seal if the sender asks so, or if such a paper is for physicians only. Sent again, the same
    file gets the same answer; for another paper, its bytes serve again.

    :raises TooMuch: if the claim would hold too many files or bytes.
    :raises file_kinds.Refused: if the house cannot read such a file.
    :raises Locked: if it asks for a password; it is kept until it is given.
    :raises papers.NotReplaceable: if nobody waits for it there.
    :raises ByPostOnly: if the appeal takes it no more, or if it is medical.
    :raises documents.NotKept: if the store refuses.
    """
    arrival = _announced(claim, bill, paper, medical, replaces, answers, appeal)
    content.seek(0)
    sha256 = hashlib.file_digest(content, "sha256").hexdigest()  # type: ignore[arg-type]
    if known := join(arrival, sha256=sha256, size=size, by=by):
        _forget_begun(claim, sha256, by=by)
        return known
    refuse_by_post_only(arrival)
    check_room(arrival, size)
    try:
        kept = documents.keep(content=content, name=name, declared_type=declared_type, medical=arrival.medical)
    except documents.Locked:
        arrival = expect(
            claim=claim, bill=bill, paper=paper, medical=medical, name=name, declared_type=declared_type, size=size,
            sha256=sha256, replaces=replaces, answers=answers, appeal=appeal, by=by,
        )  # fmt: skip
        content.seek(arrival.upload.received)
        rest = iter(partial(content.read, CHUNK), b"")
        with suppress(documents.Overtaken):  # the other half of a double click came first
            documents.append(upload=arrival.upload, offset=arrival.upload.received, arriving=rest)
        finish(arrival=arrival, by=by)
        raise Locked(arrival) from None
    attachment = join(arrival, sha256=sha256, size=size, kept=kept, by=by)
    assert attachment
    _forget_begun(claim, sha256, by=by)
    return attachment


def _forget_begun(claim: Claim, sha256: str, *, by: Actor) -> None:
    """Forget what had begun to arrive of a file that then came whole by another way: nothing of it is waited for."""
    for begun in claim.arrivals.filter(upload__status__in=ON_ITS_WAY, upload__sha256=sha256).select_related("upload"):
        documents.forget(upload=begun.upload, by=by)


@transaction.atomic
def expect(
    *,
    claim: Claim,
    bill: Bill | None,
    paper: str,
    medical: bool,
    name: str,
    declared_type: str,
    size: int,
    sha256: str = "",
    key: UUID | None = None,
    replaces: Attachment | None = None,
    answers: AskedPaper | None = None,
    appeal: str = "",
    by: Actor,
) -> Arrival:
    """
    Open the way for a file; of one that is known already, by its key or by its bytes, as much is to be sent as misses.

    :raises TooMuch, file_kinds.Refused: if the claim would hold too much; if the file is too big.
    :raises StepRefused, papers.NotReplaceable: if the claim, or that paper's place, takes no file any more.
    :raises Unacceptable: if the key is somebody else's.
    """
    claim.lock()
    arrival = _announced(claim, bill, paper, medical, replaces, answers, appeal)
    if known := _on_its_way(arrival, key=key, sha256=sha256, size=size, by=by):
        return known
    attachment = join(arrival, sha256=sha256, size=size, by=by)
    if not attachment:
        _check_open(arrival, by=by)
        _check_size(size)
        check_room(arrival, size)
    arrival.upload = documents.expect(
        insured=claim.insured,
        token=key or uuid4(),
        name=name,
        declared_type=declared_type,
        size=size,
        sha256=sha256,
        document=attachment.document if attachment else None,
        by=by,
    )
    arrival.save()
    return arrival


def _announced(
    claim: Claim,
    bill: Bill | None,
    paper: str,
    medical: bool,
    replaces: Attachment | None,
    answers: AskedPaper | None,
    appeal: str,
) -> Arrival:
    if replaces:
        bill, paper, medical = replaces.bill, replaces.paper, medical or replaces.medical
    elif answers:
        bill, paper = answers.bill, answers.paper
    medical = medical or intake.is_medical(paper)
    said = {"bill": bill, "paper": paper, "medical": medical, "replaces": replaces, "answers": answers}
    return Arrival(claim=claim, appeal=appeal, **said)


def _on_its_way(arrival: Arrival, *, key: UUID | None, sha256: str, size: int, by: Actor) -> Arrival | None:
    arrivals = arrival.claim.arrivals.select_related("upload")
    named = arrivals.filter(upload__token=key).first() if key else None
    if named and named.upload.expires_at > timezone.now():
        return named
    if named:
        documents.forget(upload=named.upload, by=by)
    elif key and Upload.objects.filter(token=key).exists():
        raise Unacceptable({"key": _("Cet envoi n’est pas reconnu : choisissez le fichier à nouveau.")})
    since = timezone.now() - settings.UPLOADS_KEPT
    alike = arrivals.filter(upload__status__in=ON_ITS_WAY, upload__sha256=sha256, upload__size=size)
    known = alike.filter(upload__moved_at__gt=since).order_by("pk").first() if sha256 else None
    if known:  # what was said last of the paper that it is holds
        arrival.pk, arrival.upload = known.pk, known.upload
        arrival.save()
        return arrival
    return None


def _check_open(arrival: Arrival, *, by: Actor) -> None:
    refuse_by_post_only(arrival)
    if arrival.replaces:
        papers.replacement(of=arrival.replaces, sha256="")
    elif arrival.answers:
        asking.answer(to=arrival.answers, sha256="")
    elif (APPEAL_STEP if arrival.appeal else "change") not in arrival.claim.steps_open_to(by):
        raise StepRefused(_("Cette demande a déjà été envoyée : elle ne reçoit plus de fichier."))


def _check_size(size: int) -> None:
    if size > settings.FILE_LIMITS.size:
        most = settings.FILE_LIMITS.size // (1024 * 1024)
        raise TooMuch(
            _("Ce fichier dépasse %(most)d Mo : envoyez-le en plusieurs fichiers, ou dans une qualité moindre.")
            % {"most": most}
        )


def append(
    *,
    arrival: Arrival,
    offset: int,
    arriving: Iterator[bytes],
    checksum: documents.Checksum | None = None,
    by: Actor,
) -> None:
    """
    Keep what arrives of a file, as `documents.append` does, and join it once it is whole.

    :raises documents.Overtaken, documents.Corrupted, documents.NotKept: as that does.
    """
    documents.append(upload=arrival.upload, offset=offset, arriving=arriving, checksum=checksum)
    finish(arrival=arrival, by=by)


def finish(*, arrival: Arrival, by: Actor) -> None:
    """
    Join a file that has arrived whole, or say at it what is asked of its sender; called again, do nothing more.

    :raises documents.NotKept: if the store refuses; nothing is lost, and it can be called again.
    """
    upload = arrival.upload
    if upload.status == UploadStatus.ARRIVING and upload.received == upload.size:
        _settle(arrival, by=by)


def finish_some() -> None:
    """Finish what arrived whole, and of which nobody has asked since: the process that took the last byte died."""
    for arrival in upkeep.left_unfinished():
        with suppress(documents.NotKept, ObjectDoesNotExist):  # the next tick goes on; it was forgotten meanwhile
            finish(arrival=arrival, by=SYSTEM)


def unlock(*, arrival: Arrival, password: str, by: Actor) -> None:
    """
    Join a PDF that waits for its password: what was sent stays the evidence, the copy that opens is what is looked at.

    :raises documents.WrongPassword, documents.NotKept: if it is another; if the store refuses.
    """
    if not password:
        raise documents.WrongPassword(_("Écrivez le mot de passe de ce PDF."))
    if arrival.upload.status == UploadStatus.LOCKED:
        _settle(arrival, password=password, by=by)


def _settle(arrival: Arrival, *, password: str = "", by: Actor) -> None:
    upload = arrival.upload
    try:
        while True:
            _hear_last_word(arrival)
            kept = documents.assemble(upload=upload, medical=arrival.medical, password=password)
            if _receive(arrival, kept, by=by):
                return
    except documents.Locked:
        documents.lock(upload=upload, by=by)
    except ByPostOnly as closed:
        documents.refuse(upload=upload, why=str(closed), by=by)
    except StepRefused:
        late = _("Votre demande ne reçoit plus de fichier : celui-ci n’y est pas joint.")
        documents.refuse(upload=upload, why=late, by=by)
    except (file_kinds.Refused, papers.NotReplaceable, TooMuch) as refusal:
        documents.refuse(upload=upload, why=str(refusal), by=by)


def _hear_last_word(arrival: Arrival) -> None:
    """Bring what was said last of the paper that it is: from another device, perhaps, while the bytes came."""
    arrival.refresh_from_db(fields=["paper", "bill", "medical", "replaces", "answers", "appeal"])


@transaction.atomic
def _receive(arrival: Arrival, kept: documents.Kept, *, by: Actor) -> bool:
    """Join a file that is kept, and tell whether it is settled: not, if it is now to be sealed otherwise."""
    sealed = arrival.medical
    arrival.claim.lock()
    arrival.upload.lock()
    if arrival.upload.status not in ON_ITS_WAY:
        return True  # the same request came twice at once
    _hear_last_word(arrival)
    if arrival.medical != sealed:
        return False
    sender = Actor(Role.INSURED, arrival.claim.insured.account)  # the paper is theirs, even if the house finishes it
    attachment = join(arrival, sha256=kept.stored.sha256, size=kept.stored.size, kept=kept, by=sender)
    assert attachment
    documents.complete(upload=arrival.upload, document=attachment.document, by=by)
    return True


def forget(*, arrival: Arrival, by: Actor) -> None:
    """Give a file on its way up, and destroy what arrived of it; what was joined already stays."""
    documents.forget(upload=arrival.upload, by=by)
