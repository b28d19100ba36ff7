"""Pages that are asked again and again through the real server, then once here, for what they ask of the database."""

import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from django.conf import settings
from django.test import Client

from benchmarks import figures, plans
from benchmarks.visitor import Page, Refused, Visitor

TIMES, WARMING = 40, 8
"""How often a page is asked; the first times, while processes warm up, do not count."""
GOAL = "But : p95 de 200 ms au plus ; de la plus petite taille à la plus grande, p50 multiplié par 1,3 au plus."

Asked = tuple[str, Mapping[str, Any]]
"""An address, and what is typed in its form; nothing typed is a page that is opened."""
Pages = Mapping[str, Callable[[int], Asked]]
"""Pages by their names; each time may ask for another: another claim, another name."""
Table = tuple[list[str], list[list[str]]]
"""A head, and rows."""


def opened(url: str) -> Callable[[int], Asked]:
    """Ask for the same address each time."""
    return lambda _rank: (url, {})


def measured(visitor: Visitor, pages: Pages, *, forms: Page | None = None) -> dict[str, Any]:
    """Return for each page its p50, its p95, and its plan; what is typed is sent by the forms of this one."""
    found = {}
    for name, asked in pages.items():
        durations = times(lambda rank, asked=asked: _visit(visitor, asked(rank), forms))  # type: ignore[misc]
        plan = plans.of(lambda asked=asked: _visit_here(visitor, asked(TIMES + WARMING)))  # type: ignore[misc]
        print(f"    {name} : {figures.seconds(figures.middle(durations))}", file=sys.stderr, flush=True)
        found[name] = told(durations) | {"plan": asdict(plan) | {"told": plan.told()}}
    return found


def told(durations: Sequence[float]) -> dict[str, Any]:
    """Return the p50 and the p95 of some durations."""
    return {"p50": figures.middle(durations), "p95": figures.nearly_all(durations)}


def times(act: Callable[[int], object]) -> list[float]:
    """Do something again and again."""
    durations = []
    for rank in range(TIMES + WARMING):
        began = time.perf_counter()
        act(rank)
        durations.append(time.perf_counter() - began)
    return durations[WARMING:]


def _visit(visitor: Visitor, asked: Asked, forms: Page | None) -> Page:
    url, typed = asked
    if not typed:
        return visitor.get(url)
    assert forms
    return visitor.submit(forms, typed)


def _visit_here(visitor: Visitor, asked: Asked) -> None:
    """Ask for a page in this process, under the session of somebody who signed in at the server."""
    url, typed = asked
    client = Client(headers={"host": "localhost"})
    client.cookies.load(visitor.cookies)
    answer = client.post(url, typed, follow=True) if typed else client.get(url, follow=True)
    if answer.status_code != 200 or "/connexion/" in str(answer.redirect_chain):
        raise Refused(f"{url} : {answer.status_code}, {answer.redirect_chain}")
    b"".join(answer)  # what is streamed is asked of the database as it is read


def table(found: Mapping[int, Mapping[str, Any]]) -> Table:
    """Return a table of the times of each page: a row for a page, each size beside the others."""
    smallest = min(found)
    head = ["page"]
    for size in found:
        head += [f"{figures.told(size)} : p50", "p95"] + ([] if size == smallest else ["rapport"])
    return head, [[name, *_cells(name, found, smallest)] for name in found[smallest]]


def _cells(name: str, found: Mapping[int, Mapping[str, Any]], smallest: int) -> Iterator[str]:
    for size, pages in found.items():
        yield from (figures.seconds(pages[name]["p50"]), figures.seconds(pages[name]["p95"]))
        if size != smallest:
            yield figures.told(pages[name]["p50"] / found[smallest][name]["p50"])


def ways(found: Mapping[int, Mapping[str, Any]]) -> Table:
    """Return a table of what each page asks of the database at the largest size, and reads at each size."""
    largest = found[max(found)]
    buffers = (f"tampons à {figures.told(size)}" for size in found)
    head = ["page", "questions", "base", "dont prévoir", *buffers, "par où"]
    rows = []
    for name, page in largest.items():
        if plan := page.get("plan"):
            read = [figures.told(pages[name]["plan"]["buffers"]) for pages in found.values()]
            spent = [figures.seconds(plan["seconds"]), figures.seconds(plan["planning"])]
            rows.append([name, str(plan["questions"]), *spent, *read, plan["told"]])
    return head, rows


def write(name: str, note: str, words: Mapping[str, str] = {}, **tables: Table) -> None:
    """Write the note that the house keeps of these figures, with words and tables where it names them."""
    drawn = {part: "\n".join(_markdown(*table)) for part, table in tables.items()}
    written = note.format(goal=GOAL, **words, **drawn)
    (Path(settings.CHECKOUT) / "docs" / name).write_text(written, encoding="utf-8")


def _markdown(head: Sequence[str], rows: Sequence[Sequence[str]]) -> Iterator[str]:
    yield f"| {' | '.join(head)} |"
    yield f"|---|{'|'.join('---' if column == 'par où' else '--:' for column in head[1:])}|"
    yield from (f"| {' | '.join(row)} |" for row in rows)
