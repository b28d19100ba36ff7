"""What is asked of the files received."""

from collections.abc import Iterator
from functools import cache
from pathlib import Path

from django.conf import settings

from escale.domain.documents.models import Document, Page, Part
from escale.domain.journal import queries as journal
from escale.domain.journal.actions import name_of
from escale.gateways import keyring
from escale.gateways.antivirus import Antivirus
from escale.gateways.vault import Vault, store_at


@cache
def vault() -> Vault:
    """Return the place where the bytes lie, with the keys that this process holds."""
    files = [file for file in (settings.VAULT_KEYS, settings.VAULT_MEDICAL_KEYS) if file]
    return Vault(store_at(settings.VAULT), keyring.read(*map(Path, files)))


@cache
def antivirus() -> Antivirus:
    """Return the scanner."""
    return Antivirus(settings.CLAMD)


def content(page: Page) -> Iterator[bytes]:
    """Return the image of a page, in chunks."""
    return vault().chunks(page.key)


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
    }
