"""The files that the bank sends: what each is, and what it tells, event by event."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import BinaryIO

from escale.gateways.bank import bookings, statuses
from escale.gateways.bank.frames import Frame, UnreadableFile, frames
from escale.gateways.bank.told import Told, iban, identifier, moment


class Kind(StrEnum):
    """The messages that are read, in whichever of their versions."""

    STATUS = "pain.002"
    STATEMENT = "camt.053"
    NOTIFICATION = "camt.054"


@dataclass(frozen=True, slots=True)
class Report:
    """One file of the bank: what it is, who it is, and its events, to be gone through once."""

    kind: Kind
    message_id: str
    created_at: datetime
    account_iban: str
    told: Iterator[Told]


def read(file: BinaryIO) -> Report:
    """Return what a file of the bank tells, in any order of events and in constant memory.

    The file is read to its end before anything is believed, then again as the events are gone through: it must be
    seekable, and stay open meanwhile. Raises UnreadableFile if it is no such message, is cut, malformed, out of bounds,
    or contradicts its own totals.
    """
    start = file.tell()
    message, account = None, ""
    for frame in frames(file, _FRAMES):
        list(_events(frame))
        message = frame if frame.name in _KINDS else message
        account = account or frame["Acct/Id/IBAN"]
    if message is None or not _is_of_its_kind(message):
        raise UnreadableFile("Ce fichier n’est pas une réponse de la banque (pain.002, camt.053 ou camt.054).")
    if not message["GrpHdr/MsgId"]:
        raise UnreadableFile("Le fichier ne dit pas son identifiant.")
    file.seek(start)
    return Report(
        kind=_KINDS[message.name],
        message_id=identifier(message["GrpHdr/MsgId"]),
        created_at=moment(message["GrpHdr/CreDtTm"]),
        account_iban=iban(account),
        told=(told for frame in frames(file, _FRAMES) for told in _events(frame)),
    )


def _is_of_its_kind(message: Frame) -> bool:
    """Tell whether a message is in the namespace of its kind, whichever the version."""
    return bool(re.search(rf":{re.escape(_KINDS[message.name])}\.\d{{3}}\.\d{{2}}$", message.namespace))


def _events(frame: Frame) -> Iterator[Told]:
    teller = _TELLERS.get(frame.name)
    return teller(frame) if teller else iter(())


_KINDS = {
    statuses.MESSAGE: Kind.STATUS,
    bookings.STATEMENT: Kind.STATEMENT,
    bookings.NOTIFICATION: Kind.NOTIFICATION,
}
_TELLERS = statuses.TELLERS | bookings.TELLERS
_FRAMES = frozenset(_KINDS) | frozenset(_TELLERS)
