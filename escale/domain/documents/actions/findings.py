"""A clean file is read by machine: its words are kept, and what they tell is proposed to whoever examines it."""

import json
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from django.db import transaction
from django.utils import timezone

from escale.domain.accounts.actor import Actor
from escale.domain.documents import queries, reading
from escale.domain.documents.actions.files import let_go_of_the_database
from escale.domain.documents.lifecycle import Status
from escale.domain.documents.models import Document, Field, Finding, Page, Transcript
from escale.domain.journal import actions as journal
from escale.gateways import inspection, ocr, vault

_SECONDS = 60


def keep_findings(*, document: Document, country: str = "") -> None:
    """
    Read a clean file once, and keep its words and what they tell; one that cannot be read is noted as such.

    A medical file is never read: only those who may open medical papers see what it says.

    :raises OSError, vault.NoKey: when the store does not answer, when the key is not there; nothing is kept.
    """
    if document.status != Status.CLEAN or Transcript.objects.filter(document=document).exists():
        return
    if queries.vault().is_medical(document.key):
        return
    let_go_of_the_database()
    try:
        with queries.vault().open(document.unlocked_key or document.key) as content:
            look = reading.look(content, kind=document.media_type, seconds=_SECONDS, country=country)
    except (inspection.Unreadable, vault.Missing, vault.Altered):
        give_up_reading(document=document)
        return
    stored = queries.vault().put([json.dumps(_told(look)).encode()])
    if not _write(document, stored, _rows(document, look)):
        queries.vault().delete(stored.key)


@transaction.atomic
def give_up_reading(*, document: Document) -> None:
    """Note that no machine could read a file: nothing more is tried."""
    try:
        document.lock()
    except Document.DoesNotExist:  # destroyed meanwhile
        return
    Transcript.objects.get_or_create(document=document)


def read_words(*, page: Page, by: Actor) -> list[dict[str, Any]]:
    """Write in the journal that somebody reads a page, and return its lines; none where none was read intact."""
    try:
        lines = queries.words(page)
    except (vault.Missing, vault.Altered):
        lines = []
    journal.record("document.read", subject=page.document, actor=by.account, hat=by.role, page=page.number)
    return lines


@transaction.atomic
def note_kept(*, document: Document, field: Field, value: Decimal | date | str) -> None:
    """Write what an agent kept for a field of a bill, whether it was proposed or not; the last word counts."""
    finding, _created = Finding.objects.select_for_update().get_or_create(document=document, field=field)
    finding.kept = str(value)[:200]
    finding.agreed = bool(finding.value) and _same(finding.value, finding.kept)
    finding.judged_at = timezone.now()
    finding.save(update_fields=["kept", "agreed", "judged_at"])


def _same(proposed: str, kept: str) -> bool:
    try:
        return Decimal(proposed) == Decimal(kept)
    except InvalidOperation:
        return " ".join(proposed.casefold().split()) == " ".join(kept.casefold().split())


@transaction.atomic
def _write(document: Document, stored: vault.Stored, findings: list[Finding]) -> bool:
    try:
        document.lock()
    except Document.DoesNotExist:  # destroyed meanwhile
        return False
    written, created = Transcript.objects.get_or_create(
        document=document, defaults={"key": stored.key, "sha256": stored.sha256}
    )
    if created:
        Finding.objects.bulk_create(findings, ignore_conflicts=True)
    return created


def _told(look: reading.Look) -> list[dict[str, object]]:
    """Return the lines of each page, with their places on its picture."""
    return [
        {"lines": [{"text": text, "box": ocr.placed(page, box)} for text, box in ocr.lines(page)]}
        for page in look.pages
    ]


def _rows(document: Document, look: reading.Look) -> list[Finding]:
    return [
        Finding(
            document=document, field=one.field, value=one.value[:200], candidates=list(one.candidates), page=one.page,
            box=list(ocr.placed(look.pages[one.page - 1], one.box)), confidence=one.confidence,
        )
        for one in look.findings.proposed()
    ]  # fmt: skip
