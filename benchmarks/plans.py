"""What a page asks of the database, told in few words: how many questions, how long, and by which indexes."""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from django.db import connection

from benchmarks import figures

TOLD = 3
"""Ways into the tables that are told of a page, those that read most."""


@dataclass
class Way:
    """A way into a table, by an index or from end to end: how many rows it gave, and what it read."""

    rows: float = 0
    buffers: int = 0
    seconds: float = 0

    def told(self) -> str:
        """Tell its rows, its buffers and its time."""
        return f"{figures.told(round(self.rows))} l., {figures.told(self.buffers)} t., {figures.seconds(self.seconds)}"


@dataclass
class Plan:
    """All that a page asked: `planning` is the part of `seconds` in which PostgreSQL looked for a way."""

    questions: int = 0
    seconds: float = 0
    planning: float = 0
    buffers: int = 0
    ways: dict[str, Way] = field(default_factory=dict)

    def told(self) -> str:
        """Tell the ways that read most."""
        first = sorted(self.ways.items(), key=lambda way: -way[1].buffers)[:TOLD]
        return " ; ".join(f"{name} ({way.told()})" for name, way in first)


def of(visit: Callable[[], object]) -> Plan:
    """Ask a page in this process, then have the database explain each question that it was asked."""
    asked: list[tuple[str, Any]] = []

    def hear(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
        if sql.lstrip("(").startswith("SELECT"):
            asked.append((sql, params))
        return execute(sql, params, many, context)

    with connection.execute_wrapper(hear):
        visit()
    plan = Plan(questions=len(asked))
    for sql, params in asked:
        _add(plan, sql, params)
    return plan


def _add(plan: Plan, sql: str, params: Any) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) {sql}", params)
        [told] = cursor.fetchone()
    [root] = json.loads(told) if isinstance(told, str) else told
    plan.planning += root["Planning Time"] / 1000
    plan.seconds += (root["Planning Time"] + root["Execution Time"]) / 1000
    plan.buffers += _buffers(root["Plan"])
    for name, way in _ways(root["Plan"]):
        known = plan.ways.setdefault(name, Way())
        known.rows, known.buffers, known.seconds = (
            known.rows + way.rows, known.buffers + way.buffers, known.seconds + way.seconds
        )  # fmt: skip


def _ways(node: dict[str, Any]) -> Iterator[tuple[str, Way]]:
    """Yield the ways into tables that were taken; of an index that names rows, what reading these took is its own."""
    below = node.get("Plans", [])
    if node["Actual Loops"] and (table := node.get("Relation Name")):
        indexes = [name for name in (node.get("Index Name"), *map(_index_below, below)) if name]
        name = f"`{' + '.join(dict.fromkeys(indexes))}`" if indexes else f"tout `{table}`"
        yield name, Way(node["Actual Rows"] * node["Actual Loops"], _buffers(node), _seconds(node))
        below = [one for one in below if not _index_below(one)]
    for one in below:
        yield from _ways(one)


def _index_below(node: dict[str, Any]) -> str:
    """Return the indexes that a bitmap is made of."""
    if node["Node Type"] in {"BitmapOr", "BitmapAnd"}:
        return " + ".join(dict.fromkeys(map(_index_below, node["Plans"])))
    return node["Index Name"] if node["Node Type"] == "Bitmap Index Scan" else ""


def _buffers(node: dict[str, Any]) -> int:
    return int(node["Shared Hit Blocks"] + node["Shared Read Blocks"])


def _seconds(node: dict[str, Any]) -> float:
    return float(node["Actual Total Time"] * node["Actual Loops"] / 1000)
