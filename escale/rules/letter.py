"""What a letter of the Fund is made of: blocks, in the order in which they are read."""

from collections.abc import Iterator
from dataclasses import dataclass

from escale.rules.named import Named


class Kind(Named):
    """What a block of a letter is."""

    HEADING = "heading", "Titre"
    PARAGRAPH = "paragraph", "Paragraphe"
    TABLE = "table", "Tableau"


@dataclass(frozen=True, slots=True)
class Block:
    """A part of a letter, in the order in which it is read; `text` is the caption of a table."""

    kind: Kind
    text: str
    level: int = 0
    head: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()


@dataclass(frozen=True, slots=True)
class Letter:
    """A letter: to whom, its reference, its day in words, its title, and what it says block by block."""

    to: str
    reference: str
    written_on: str
    title: str
    blocks: tuple[Block, ...]


def heading(text: str, *, level: int = 1) -> Block:
    """Return a heading, of the letter itself or of one of its parts."""
    return Block(Kind.HEADING, text, level=level)


def said(*sentences: str) -> Iterator[Block]:
    """Give a paragraph for each sentence that says something."""
    yield from (Block(Kind.PARAGRAPH, text.strip()) for text in sentences if text.strip())


def table(caption: str, head: tuple[str, ...], rows: tuple[tuple[str, ...], ...]) -> Block:
    """Return a table; each row has a cell for each name of its head."""
    return Block(Kind.TABLE, caption, head=head, rows=rows)
