"""How far a long command has come."""

from collections.abc import Iterator

from django.core.management.base import OutputWrapper
from django.db.models import QuerySet

from escale.domain.documents.models import Document

_PAGE = 500


def each(documents: QuerySet[Document], *, out: OutputWrapper) -> Iterator[Document]:
    """Yield each document, and say every few hundreds how many are done; none is held in between."""
    total, done, last = documents.count(), 0, 0
    while page := list(documents.filter(pk__gt=last).order_by("pk")[:_PAGE]):
        yield from page
        done, last = done + len(page), page[-1].pk
        out.write(f"{done} sur {total}")
