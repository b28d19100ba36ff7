"""What is asked of the files received."""

import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from hashlib import sha256
from itertools import chain
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.db.models.functions import JSONObject
from django.utils import timezone

from escale.domain.accounts.models import Account
from escale.domain.documents.lifecycle import Status
from escale.domain.documents.models import Document, Finding, Page, Part, Transcript
from escale.domain.journal import queries as journal
from escale.domain.journal.actions import name_of
from escale.domain.journal.models import Entry
from escale.gateways import keyring, ocr
from escale.gateways.antivirus import Antivirus
from escale.gateways.vault import Altered, Missing, NoKey, Vault, store_at

_WITNESSES = 5
_SCANNED_AT_MOST_EVERY = timedelta(hours=1)


@cache
def vault() -> Vault:
    """Return the place where the bytes lie, with the keys that this process holds."""
    return Vault(store_at(settings.VAULT), keys())


def keys() -> keyring.Keyring:
    """Return the keys that this process holds."""
    return keyring.read(*(Path(file) for file in (settings.VAULT_KEYS, settings.VAULT_MEDICAL_KEYS) if file))


@cache
def antivirus() -> Antivirus:
    """Return the scanner."""
    return Antivirus(settings.CLAMD)


def content(page: Page) -> bytes:
    """
    Return the image of a page, once it is known to be the one that was drawn.

    :raises vault.Missing, vault.Altered: if it is not. Anybody can seal for physicians: only its SHA-256 tells.
    """
    image = b"".join(vault().chunks(page.key))
    if page.sha256 not in ("", sha256(image).hexdigest()):
        raise Altered(page.key)
    return image


def kept() -> QuerySet[Document]:
    """Return the files that are to be in the vault as they came."""
    return Document.objects.exclude(status=Status.LOST).exclude(status=Status.INFECTED)


def others_open(document: Document) -> bool:
    """
    Tell whether another file opens, of the last ones received and of those verified the longest ago, if there are any.

    Where none does, it is not this file that is lost: the store is another one, or empty, or the keys are others.

    :raises OSError: when the store does not answer.
    """
    others = kept().exclude(pk=document.pk)
    few = list(chain(others.order_by("-pk")[:_WITNESSES], others.order_by("verified_at")[:_WITNESSES]))
    return not few or any(map(_opens, few))


def _opens(document: Document) -> bool:
    try:
        vault().open(document.key).close()
    except (Missing, Altered, NoKey):
        return False
    return True


def scanned_longest_ago() -> QuerySet[Document]:
    """
    Return the clean files young enough to be scanned again, those scanned the longest ago first.

    None of this hour: behind one address, scanners that are not of one version would pass a file round without end.
    """
    now = timezone.now()
    since = now - timedelta(days=settings.RESCAN_DAYS)
    clean = Document.objects.filter(status=Status.CLEAN, received_at__gte=since)
    return clean.filter(scanned_at__gte=since, scanned_at__lt=now - _SCANNED_AT_MOST_EVERY).order_by("scanned_at")


def read_longest_ago() -> QuerySet[Document]:
    """Return the files that nobody verified today, those verified the longest ago first."""
    return kept().filter(verified_at__lt=timezone.now() - timedelta(days=1)).order_by("verified_at")


def resisting() -> QuerySet[Document]:
    """Return the files that nobody could verify, although their time had come a day ago."""
    due = timezone.now() - timedelta(days=settings.VERIFY_DAYS + 1)
    return kept().filter(verified_at__lt=due)


def readers(document: Document) -> QuerySet[Account]:
    """Return those of the Fund who looked at a file."""
    read = journal.of(name_of(document)).filter(event="document.read")
    return Account.objects.filter(pk__in=read.values("actor")).order_by("pk")


def infected_once_read(*, since: datetime) -> int:
    """Return in how many files a virus was found since then, after somebody had looked at them."""
    read = journal.of_each(Document).filter(event="document.read")
    return Document.objects.filter(Exists(read), status=Status.INFECTED, scanned_at__gte=since).count()


def unread(*, since: datetime) -> int:
    """Return how many files no machine could read since then."""
    return Transcript.objects.filter(key="", read_at__gte=since).count()


def missing_languages() -> list[str]:
    """Return the languages that this machine lacks to read papers."""
    return ocr.missing_languages()


def last_outage() -> Entry | None:
    """Return the last time that scans were said to stall, or to go through again."""
    return journal.of(name_of(Document())).filter(event__in=["scan.stall", "scan.resume"]).last()


def was_clean(document: Document) -> bool:
    """Tell whether a file was once declared clean, so that somebody may have looked at it."""
    return journal.of(name_of(document)).filter(event="document.clear").exists()


def known(keys: list[str]) -> set[str]:
    """Return those of these keys of the vault that the database knows."""
    return {
        *Document.objects.filter(key__in=keys).values_list("key", flat=True),
        *Document.objects.filter(unlocked_key__in=keys).values_list("unlocked_key", flat=True),
        *Part.objects.filter(key__in=keys).values_list("key", flat=True),
        *Page.objects.filter(key__in=keys).values_list("key", flat=True),
        *Transcript.objects.filter(key__in=keys).values_list("key", flat=True),
    }


PAGES = ArraySubquery(
    Page.objects.filter(document=OuterRef("document"))
    .order_by("number")
    .values(told=JSONObject(number="number", width="width", height="height"))
)
"""The images of the pages of a file, for what points to it as its `document`: their numbers and their sizes."""


def proposed() -> QuerySet[Finding]:
    """Return what a machine read on files, in the order of the form; nothing where it proposed nothing."""
    return Finding.objects.exclude(value="", candidates=[]).order_by("pk")


def findings(document: Document) -> QuerySet[Finding]:
    """Return what a machine read on a file."""
    return proposed().filter(document=document)


def words(page: Page) -> list[dict[str, Any]]:
    """
    Return the lines that a machine read on a page: `text`, and `box`, its sides in shares of the picture's.

    Empty where it read none. It is for whoever may see the page, and no one else: ask `actions.read` first.

    :raises vault.Missing, vault.Altered, OSError: as for the page itself.
    """
    transcript = Transcript.objects.filter(document=page.document_id).exclude(key="").first()
    if transcript is None:
        return []
    content = b"".join(vault().chunks(transcript.key))
    if sha256(content).hexdigest() != transcript.sha256:
        raise Altered(transcript.key)
    pages = json.loads(content)
    return pages[page.number - 1]["lines"] if page.number <= len(pages) else []


def not_read() -> QuerySet[Document]:
    """Return the clean files that no machine has read, nor given up, the last received first."""
    return Document.objects.filter(status=Status.CLEAN, transcript=None).order_by("-pk")


@dataclass(frozen=True, slots=True)
class Worth:
    """How a machine did on a field, in numbers of papers that an agent examined."""

    field: str
    kept: int
    corrected: int
    not_proposed: int

    @property
    def proposed(self) -> int:
        """On how many papers it proposed something."""
        return self.kept + self.corrected


def worth(since: datetime) -> list[Worth]:
    """Return, for each field, how often what was proposed was kept since then, corrected, or nothing was proposed."""
    nothing = Q(value="")
    counted = (
        Finding.objects.filter(judged_at__gte=since)
        .values("field")
        .annotate(
            kept_as_is=Count("pk", filter=Q(agreed=True)),
            corrected=Count("pk", filter=Q(agreed=False) & ~nothing),
            silent=Count("pk", filter=Q(agreed=False) & nothing),
        )
        .order_by("field")
    )
    return [Worth(row["field"], row["kept_as_is"], row["corrected"], row["silent"]) for row in counted]
