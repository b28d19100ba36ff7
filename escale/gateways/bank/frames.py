"""Large XML files, read without ever holding one: the frames that one asks for, each with the leaves within it."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, BinaryIO, Never
from xml.parsers import expat

_CHUNK = 64 * 1024
_DEEPEST = 40
_LONGEST_TEXT = 64 * 1024
_MOST_LEAVES = 2_000
_LARGEST_FILE = 1024 * 1024 * 1024


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
        if size > _LARGEST_FILE:
            raise UnreadableFile("Le fichier est démesuré.")
        yield from reader.feed(chunk)
    yield from reader.feed(b"", last=True)


class _Reader:
    """What expat calls: the path from the innermost frame, the frames that are open, those that have just ended."""

    def __init__(self, names: frozenset[str]) -> None:
        self.names = names
        self.path: list[str] = []
        self.depths: list[int] = []
        self.open: Frame | None = None
        self.ended: list[Frame] = []
        self.text: list[str] = []
        self.length = 0
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
        ended, self.ended = self.ended, []
        return ended

    def start(self, name: str, attributes: dict[str, str]) -> None:
        namespace, _, local = name.rpartition(" ")
        if len(self.path) >= _DEEPEST:
            raise UnreadableFile("Le fichier est trop profond.")
        self.path.append(local)
        self.text.clear()
        self.length = 0
        if local in self.names or self.open is None:
            if self.open:
                self.open.held[local] += 1
            self.open = Frame(local, namespace, self.open)
            self.depths.append(len(self.path))
        for attribute, value in attributes.items():
            self.keep(f"{self.where()}@{attribute.rpartition(' ')[2]}", value)

    def end(self, _name: str) -> None:
        frame = self.open
        assert frame, "expat closes only what it opened"
        if len(self.path) == self.depths[-1]:
            self.depths.pop()
            self.ended.append(frame)
            self.open = frame.outer
        elif text := "".join(self.text).strip():
            self.keep(self.where(), text)
        self.path.pop()
        self.text.clear()
        self.length = 0

    def characters(self, text: str) -> None:
        self.length += len(text)
        if self.length > _LONGEST_TEXT:
            raise UnreadableFile("Le fichier porte un texte démesuré.")
        self.text.append(text)

    def where(self) -> str:
        return "/".join(self.path[self.depths[-1] :])

    def keep(self, path: str, text: str) -> None:
        assert self.open, "a leaf is in the root at least"
        if len(self.open.leaves) >= _MOST_LEAVES or len(text) > _LONGEST_TEXT:
            raise UnreadableFile("Le fichier porte un élément démesuré.")
        self.open.leaves.setdefault(path, text)


def _no_document_type(*_: Any) -> Never:
    raise UnreadableFile("Le fichier déclare un type de document, ce qu’aucune banque ne fait.")
