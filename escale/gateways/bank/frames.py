"""Large XML files, read without ever holding one: the frames that one asks for, each with the leaves within it."""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, BinaryIO, Never
from xml.parsers import expat

_CHUNK = 64 * 1024
_DEEPEST = 40
_LONGEST_TEXT = 64 * 1024
_LONGEST_MARK = 256 * 1024
_MOST_LEAVES = 2_000
_LARGEST_FILE = 1024 * 1024 * 1024
_COMPRESSED = (b"\x1f\x8b", b"PK\x03\x04", b"BZh", b"\xfd7zXZ", b"7z\xbc\xaf", b"\x28\xb5\x2f\xfd")
_MARKUP = re.compile(rb"(\xef\xbb\xbf|\xff\xfe|\xfe\xff)?[\s\0]*<")


class UnreadableFile(Exception):
    """Nothing of this file is to be believed; `reason` says why in French, without what it holds."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(slots=True)
class Frame:
    """An element that was asked for, by local name, inside another: the text of its leaves by path from it.

    An attribute is a leaf too (`Amt@Ccy`). Of leaves under the same path, the first is kept.
    """

    name: str
    namespace: str
    outer: "Frame | None"
    leaves: dict[str, str] = field(default_factory=dict)
    held: Counter[str] = field(default_factory=Counter)
    """How many frames of each name are right inside it."""
    detailed: Decimal = Decimal(0)
    """What those inside it came to, as whoever reads them adds it up."""

    def __getitem__(self, path: str) -> str:
        return self.leaves.get(path, "")

    def first(self, *paths: str) -> str:
        """Return the first of these leaves that is there; empty if there is none."""
        return next((self.leaves[path] for path in paths if path in self.leaves), "")

    def within(self, *names: str) -> "Frame":
        """Return the nearest frame around it that bears one of these names; raises UnreadableFile."""
        around = self.outer
        while around and around.name not in names:
            around = around.outer
        if around is None:
            raise UnreadableFile("Un élément du fichier n’est pas à sa place.")
        return around


def frames(file: BinaryIO, names: frozenset[str]) -> Iterator[Frame]:
    """Yield each frame of these local names when it ends, those inside it first, then the root, whatever its name.

    Whatever the namespaces, the prefixes and the encoding. No document type, so no entity and nothing fetched; depth,
    length of a text, leaves of a frame and size of the file are bounded. Raises UnreadableFile when it comes to it.
    """
    reader = _Reader(names)
    size = 0
    while chunk := file.read(_CHUNK):
        size += len(chunk)
        if size == len(chunk):
            _check_nature(chunk)
        if size > _LARGEST_FILE:
            raise UnreadableFile("Le fichier est démesuré.")
        yield from reader.feed(chunk)
    yield from reader.feed(b"", last=True)


def _check_nature(beginning: bytes) -> None:
    """Say in clear what is no XML, which expat would call malformed."""
    if beginning.startswith(_COMPRESSED):
        raise UnreadableFile("Le fichier est compressé : déposez ce qu’il contient.")
    if not _MARKUP.match(beginning):
        raise UnreadableFile("Ce fichier n’est pas du XML : demandez à la banque ses réponses au format ISO 20022.")


class _Reader:
    """What expat calls: where we are in the innermost frame (nowhere: it begins), the frames that have just ended."""

    def __init__(self, names: frozenset[str]) -> None:
        self.names = names
        self.open: Frame | None = None
        self.paths: list[str] = []
        self.text = ""
        self.ended: list[Frame] = []
        self.fed = 0
        parser = expat.ParserCreate(namespace_separator=" ")
        parser.buffer_text = True
        parser.StartElementHandler = self.start
        parser.EndElementHandler = self.end
        parser.CharacterDataHandler = self.characters
        parser.StartDoctypeDeclHandler = _no_document_type
        self.parser = parser

    def feed(self, chunk: bytes, *, last: bool = False) -> list[Frame]:
        try:
            self.parser.Parse(chunk, last)
        except expat.ExpatError as error:
            raise UnreadableFile(f"Le fichier est coupé ou mal formé (ligne {error.lineno}).") from None
        except (LookupError, ValueError):  # an encoding that Python does not know, or that no bank writes
            raise UnreadableFile("L’encodage du fichier n’est pas connu.") from None
        self.fed += len(chunk)
        if self.fed - self.parser.CurrentByteIndex > _LONGEST_MARK:  # a tag or a comment that does not end
            raise UnreadableFile("Le fichier porte un élément démesuré.")
        ended, self.ended = self.ended, []
        return ended

    def start(self, name: str, attributes: dict[str, str]) -> None:
        namespace, _, local = name.rpartition(" ")
        paths, frame = self.paths, self.open
        if frame is None or local in self.names:
            if frame:
                frame.held[local] += 1
            self.open, path = Frame(local, namespace, frame), ""
        else:
            path = f"{paths[-1]}/{local}" if paths[-1] else local
        if len(paths) >= _DEEPEST:
            raise UnreadableFile("Le fichier est trop profond.")
        paths.append(path)
        self.text = ""
        for attribute, value in attributes.items():
            self.keep(f"{path}@{attribute.rpartition(' ')[2]}", value)

    def end(self, _name: str) -> None:
        if path := self.paths.pop():
            if text := self.text.strip():
                self.keep(path, text)
        elif frame := self.open:
            self.ended.append(frame)
            self.open = frame.outer
        self.text = ""

    def characters(self, text: str) -> None:
        self.text += text
        if len(self.text) > _LONGEST_TEXT:
            raise UnreadableFile("Le fichier porte un texte démesuré.")

    def keep(self, path: str, text: str) -> None:
        assert self.open, "a leaf is in the root at least"
        leaves = self.open.leaves
        if len(leaves) >= _MOST_LEAVES or len(text) > _LONGEST_TEXT:
            raise UnreadableFile("Le fichier porte un élément démesuré.")
        leaves.setdefault(path, text)


def _no_document_type(*_: Any) -> Never:
    raise UnreadableFile("Le fichier déclare un type de document, ce qu’aucune banque ne fait.")
