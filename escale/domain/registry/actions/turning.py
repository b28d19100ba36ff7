"""How the numbers follow when the keys of the house turn."""

from collections.abc import Iterator
from functools import partial
from typing import Any

from django.db import transaction
from django.db.models import QuerySet

from escale.domain.journal.actions import name_of
from escale.domain.registry import writing
from escale.domain.registry.models import InsuredPerson, numbers, sealed
from escale.domain.registry.reading import Unreadable
from escale.gateways.cipher import Altered
from escale.gateways.keyring import NoKey
from escale.gateways.turning import Turned, turned

BATCH = 1_000


def reseal(rows: "QuerySet[Any]", *, of: str) -> Turned:
    """
    Seal again by the current key the numbers of this name (`nir`, `iban`) that an older one seals.

    It may be cut short and done again; whoever is looked for meanwhile is found under both keys. The numbers that do
    not open are left as they are.
    """
    found = Turned()
    for batch in _batches(sealed.under_older_keys(rows, of=of)):
        with transaction.atomic():
            writing.hold()
            held = list(rows.select_for_update().filter(pk__in=batch))
            found = sum((turned(partial(_turn, row, of), name=name_of(row)) for row in held), found)
            rows.bulk_update(held, _columns(of))
    return found + Turned(current=sealed.under_current_key(rows, of=of).count() - found.resealed)


def _batches(rows: "QuerySet[Any]") -> Iterator[list[int]]:
    last = 0
    while batch := list(rows.filter(pk__gt=last).order_by("pk").values_list("pk", flat=True)[:BATCH]):
        last = batch[-1]
        yield batch


def _turn(row: Any, of: str) -> bool:
    setattr(row, of, getattr(row, of))  # opened by the key that its seal names, sealed by the current one
    return True


def _columns(of: str) -> list[str]:
    return [f"{of}_digest", f"{of}_sealed"]


class Damaged:
    """
    The insured people whose number an older key sealed, and does not open any more: whoever says it again mends it.

    Their digest tells that it is theirs.

    :raises Unreadable: if one opens, or asks for a key that is not held: while keys turn, or went too early.
    """

    def __init__(self) -> None:
        self._people: dict[str, InsuredPerson] = {}
        self._said: list[InsuredPerson] = []
        for person in sealed.under_older_keys(InsuredPerson.objects.all(), of="nir").iterator():
            if not _is_damaged(person):
                raise Unreadable("Les clés de la maison changent : lancez d’abord « manage.py rewrap_vault ».")
            self._people[person.nir_digest] = person

    def hear(self, number: str) -> None:
        """Hear a number, which may be that of one of them."""
        for digest in numbers.digests(number) if self._people else []:
            if person := self._people.pop(digest, None):
                person.nir = number
                self._said.append(person)

    def mend(self) -> list[str]:
        """Seal again the numbers that were heard, and return the names of those whose number was not."""
        InsuredPerson.objects.bulk_update(self._said, _columns("nir"))
        return sorted(map(name_of, self._people.values()))


def _is_damaged(person: InsuredPerson) -> bool:
    try:
        return not person.nir
    except Altered:
        return True
    except NoKey:
        return False
