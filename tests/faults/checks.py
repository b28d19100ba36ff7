"""What must be true of a claim after any fault, whatever was struck: read in the database and in the vault."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

from django.conf import settings
from django.db import connection

from escale.domain.claims.lifecycle import Status
from escale.domain.claims.models import Claim, ClaimLine
from escale.domain.documents import queries as documents
from escale.domain.documents.lifecycle import Status as DocumentStatus
from escale.domain.documents.models import Document, Page
from escale.domain.journal import actions as journal
from escale.domain.journal import queries as journal_queries
from escale.domain.journal.actions import name_of
from escale.domain.notices.models import Notice
from escale.domain.registry.models import InsuredPerson
from escale.gateways import vault
from tests.faults.scanner import Witness
from tests.faults.story import Told

WITHIN = 60.0
"""Seconds after the end of a fault in which all is as it should be."""


@dataclass
class Breaches:
    """What went wrong, by the kind of promise that was broken."""

    lost: list[str] = field(default_factory=list)
    doubled: list[str] = field(default_factory=list)
    unscanned: list[str] = field(default_factory=list)
    stuck: list[str] = field(default_factory=list)


def is_settled(person: InsuredPerson) -> bool:
    """Tell whether nothing is left to do for the claims of a person, and all that was to be told is told."""
    busy = Claim.objects.filter(insured=person, status=Status.SENT).exists()
    return (
        not busy and not Notice.objects.filter(account=person.account, sent_at=None).exists() and not _jobs_of(person)
    )


def _jobs_of(person: InsuredPerson) -> int:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM procrastinate_jobs job JOIN journal_entry entry"
            " ON entry.id = (job.args->>'entry')::bigint"
            " WHERE job.status IN ('todo', 'doing') AND entry.subject = ANY(%s)",
            [[*map(name_of, Claim.objects.filter(insured=person)),
              *map(name_of, Notice.objects.filter(account=person.account))]],
        )  # fmt: skip
        return int(cursor.fetchone()[0])


def of(person: InsuredPerson, told: Told, witness: Witness) -> Breaches:
    """Compare what a person was told with what the house holds."""
    found = Breaches(lost=list(told.complaints))
    claims = list(Claim.objects.filter(insured=person))
    if len(claims) > 1:
        found.doubled.append(f"{len(claims)} demandes pour une")
    claim = next((claim for claim in claims if claim.number == told.number), None)
    if claim is None:
        if told.number:
            found.lost.append(f"demande {told.number}")
        return found
    _check_sending(claim, told, found)
    _check_files(claim, told, witness, found)
    _check_letters(claim, found)
    return found


def _check_sending(claim: Claim, told: Told, found: Breaches) -> None:
    if told.sent and claim.status == Status.DRAFT:
        found.lost.append(f"{claim} envoyée, encore brouillon")
    if told.sent and claim.status == Status.SENT:
        found.stuck.append(f"{claim} encore envoyée")
    expected = Status.UNUSABLE if told.harmed else Status.IN_PROGRESS
    if told.sent and claim.status not in {Status.SENT, Status.DRAFT, expected}:
        found.lost.append(f"{claim} : {claim.status} au lieu de {expected}")
    for what, count in (
        ("factures", claim.bills.count()),
        ("lignes", ClaimLine.objects.filter(bill__claim=claim).count()),
    ):
        if told.sent and count != 1:
            (found.doubled if count else found.lost).append(f"{claim} : {count} {what}")


def _check_files(claim: Claim, told: Told, witness: Witness, found: Breaches) -> None:
    held = Counter(claim.attachments.values_list("document__sha256", flat=True))
    found.lost += [f"{claim} : pièce {sha[:8]}" for sha in told.files if sha not in held]
    found.doubled += [f"{claim} : {count} fois la pièce {sha[:8]}" for sha, count in held.items() if count > 1]
    for document in Document.objects.filter(attachments__claim=claim).distinct():
        clean = document.status == DocumentStatus.CLEAN
        if clean and not (document.signatures and document.sha256 in witness.clean):
            found.unscanned.append(f"{claim} : pièce {document.sha256[:8]} dite saine")
        if document.sha256 in told.harmed:
            if document.status not in {DocumentStatus.INFECTED, DocumentStatus.LOST}:
                found.unscanned.append(f"{claim} : pièce atteinte {document.sha256[:8]} : {document.status}")
        elif not _is_there(document):
            found.lost.append(f"{claim} : contenu de la pièce {document.sha256[:8]}")
        elif told.sent and not clean:
            found.lost.append(f"{claim} : pièce {document.sha256[:8]} {document.status} au lieu de saine")
        pages = Counter(Page.objects.filter(document=document).values_list("number", flat=True))
        if any(count > 1 for count in pages.values()):
            found.doubled.append(f"{claim} : images de la pièce {document.sha256[:8]}")


def _is_there(document: Document) -> bool:
    try:
        return documents.vault().digest(document.key) == document.sha256
    except (vault.Missing, vault.Altered):
        return False


def _check_letters(claim: Claim, found: Breaches) -> None:
    letters = Counter(Notice.objects.filter(about=name_of(claim)).values_list("kind", flat=True))
    found.doubled += [f"{claim} : {count} fois la lettre {kind}" for kind, count in letters.items() if count > 1]
    wanted = {"claim_sent"} if claim.sent_at else set()
    wanted |= {"claim_unusable"} if claim.status == Status.UNUSABLE else set()
    found.lost += [f"{claim} : lettre {kind}" for kind in wanted - set(letters)]
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT job.task_name, job.args->>'entry', count(*) FROM procrastinate_jobs job JOIN journal_entry entry"
            " ON entry.id = (job.args->>'entry')::bigint WHERE entry.subject = %s GROUP BY 1, 2 HAVING count(*) > 1",
            [name_of(claim)],
        )
        found.doubled += [f"{claim} : {count} fois la tâche {task}" for task, _entry, count in cursor.fetchall()]


def of_the_house(all_told: list[tuple[InsuredPerson, Told]], witness: Witness) -> Breaches:
    """Look at everything once more at the end: claims, vault, journal, what is left in it that nobody knows."""
    whole = Breaches()
    for person, told in all_told:
        one = of(person, told, witness)
        for name in ("lost", "doubled", "unscanned", "stuck"):
            getattr(whole, name).extend(getattr(one, name))
    while journal.seal() == journal.BLOCK_SIZE:
        pass
    whole.lost += [f"journal : {fault.what}" for fault in journal_queries.faults()]
    documents.vault().sweep(documents.known, older_than=timedelta(0))
    stored = set(_names())
    whole.doubled += [f"fichier {name[:8]} sans ligne" for name in stored - documents.known(list(stored))]
    keys = {*Document.objects.exclude(status=DocumentStatus.LOST).values_list("key", flat=True),
            *Page.objects.values_list("key", flat=True)}  # fmt: skip
    whole.lost += [f"ligne sans fichier {key[:8]}" for key in keys - stored]
    return whole


def _names() -> list[str]:
    folder = settings.VAULT.removeprefix("folder:")
    return [path.name for path in Path(folder).glob("??/*")]
